"""Till slips: receipts on a narrow roll, which have a form of their own.

The shop stands at the head without a label, every amount at the right of its line, the sum to pay among
others that are called a total as well, and what was handed over and given back proves which of them it is.
"""
