"""How much of a document may be read before it is refused; each is a setting."""

import msgspec

from app.settings import Settings


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds that keep a hostile file from taking the machine."""

    bytes: int = 50_000_000
    """Of the upload."""
    pages: int = 300
    parse_pages: int = 2000
    """Of a document whose pages are parsed one by one."""
    pictures: int = 500
    """Of one parsed document that are drawn."""
    picture_pixels: int = 4_000_000
    """Of one of them."""
    pixels: int = 50_000_000
    """Of one picture or rendered page."""
    unpacked_bytes: int = 500_000_000
    """Of what a compressed file grows to."""
    words_per_page: int = 50_000
    seconds: float = 60.0
    """Of reading and extraction together, before what size and pages add."""
    seconds_per_megabyte: float = 1.0
    """Added for every 1,000,000 bytes of the file."""
    seconds_per_page: float = 5.0
    """Added for every page (or other step of progress) done: a long scan may take long while it moves."""
    memory_bytes: int = 2_000_000_000
    """Of the process that reads."""
    ocr_engine: str = "auto"
    """What reads pictures: `auto` (the best installed), `rapidocr`, `tesseract` or `none`."""

    def allowed_seconds(self, size: int, steps: int) -> float:
        """What a file of `size` bytes may take, of which so many steps of progress are done."""
        counted = min(steps, 2 * self.pages)  # a page is read once and recognised once
        return self.seconds + self.seconds_per_megabyte * size / 1_000_000 + self.seconds_per_page * counted

    def for_parsing(self) -> "Limits":
        """The limits of a parse job, which holds one page at a time."""
        return msgspec.structs.replace(self, pages=self.parse_pages)

    @property
    def most_seconds(self) -> float:
        """What no file may exceed."""
        return self.allowed_seconds(self.bytes, 2 * self.pages)


def limits_of(settings: Settings) -> Limits:
    """The limits that the operator has set."""
    return Limits(
        bytes=settings.max_bytes,
        pages=settings.max_pages,
        parse_pages=settings.max_parse_pages,
        pictures=settings.max_pictures,
        picture_pixels=settings.max_picture_pixels,
        pixels=settings.max_pixels,
        unpacked_bytes=settings.max_unpacked_bytes,
        words_per_page=settings.max_words_per_page,
        seconds=settings.timeout,
        seconds_per_megabyte=settings.timeout_per_megabyte,
        seconds_per_page=settings.timeout_per_page,
        memory_bytes=settings.max_memory_bytes,
        ocr_engine=settings.ocr,
    )
