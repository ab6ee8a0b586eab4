"""Spunta: reads invoices, shows where every value stands, and checks them."""

from typing import Final

__version__: Final = "0.1.0"
