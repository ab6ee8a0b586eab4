"""Every code that can be understood.

The next one is a file with a `read`, a line here and a table of payloads.
"""

from collections.abc import Callable
from typing import Final

from app.extraction.qr import austria, epc, india, italy, poland, portugal, slovenia, spain, swiss, zatca
from app.extraction.qr.values import CodeValues

_READERS: Final[tuple[Callable[[str], CodeValues | None], ...]] = (
    swiss.read,
    epc.read,
    portugal.read,
    spain.read,
    austria.read,
    italy.read,
    india.read,
    slovenia.read,
    poland.read,
    zatca.read,
)


def understood(text: str) -> CodeValues | None:
    """What the first reader that knows this code says it means; `None` for a code that is no invoice's."""
    for read in _READERS:
        values = read(text)
        if values is not None:
            return values
    return None
