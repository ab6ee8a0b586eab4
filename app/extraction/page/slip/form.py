"""By what a till slip is known: one page whose print is as narrow as a till's roll."""

from app.extraction.page.text.layout import is_narrow, is_vertical
from app.extraction.page.text.scan import Scan


def is_slip(found: Scan) -> bool:
    """Whether what was scanned is a till slip."""
    words = [word for line in found.lines for word in line.words if not is_vertical(word)]
    return len({line.page for line in found.lines}) == 1 and is_narrow(words)
