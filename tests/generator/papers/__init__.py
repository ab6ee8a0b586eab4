"""Invented documents that are no invoices, printed in many looks, with what is on them in reading order."""
