"""How much of a document may be read before it is refused; each is a setting."""

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds that keep a hostile file from taking the machine."""

    bytes: int = 50_000_000
    """Of the upload."""
    pages: int = 300
    pixels: int = 50_000_000
    """Of one picture or rendered page."""
    unpacked_bytes: int = 500_000_000
    """Of what a compressed file grows to."""
    words_per_page: int = 50_000
    seconds: float = 60.0
    """Of reading and extraction together."""
    memory_bytes: int = 2_000_000_000
    """Of the process that reads."""
    ocr_engine: str = "auto"
    """What reads pictures: `auto` (the best installed), `rapidocr`, `tesseract` or `none`."""
