"""Machine-readable codes that carry invoice data: exact, and preferred over print.

One file a code, each with the same verb: `read(text) -> CodeValues | None`. `registry.py` lists them.
"""

from app.extraction.qr.merge import complete

__all__ = ["complete"]
