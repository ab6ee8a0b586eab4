"""Machine-readable codes are found however a page draws them, and only what may be one is rendered."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from app.model.document import CodePayload, Page
from app.model.evidence import Box
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import unwatched
from app.reading.pdf import read_pdf
from app.reading.pdf.code_areas import code_areas
from app.reading.pdf.frame import Frame, Rect
from tests.generator import hostile

TEXT = "https://pay.example/invoice/4711"
SIDE = 75.0
LEFT, BOTTOM = 60.3, 140.7
PAGE = Frame(Rect(0, 0, 200, 300), 0)


@cache
def modules() -> Image.Image:
    """A QR code, one pixel a module."""
    code = zxingcpp.create_barcode(TEXT, zxingcpp.BarcodeFormat.QRCode)
    return Image.fromarray(zxingcpp.write_barcode_to_image(code, add_quiet_zones=False)).convert("L")


def squares() -> Iterator[bytes]:
    """The dark modules, one little square each."""
    picture = modules()
    size = SIDE / picture.width
    for y in range(picture.height):
        for x in range(picture.width):
            if not picture.getpixel((x, y)):
                yield b"%f %f %f %f re f\n" % (LEFT + x * size, BOTTOM + SIDE - (y + 1) * size, size, size)


def one_path() -> bytes:
    return b"".join(squares()).replace(b" f\n", b"\n") + b"f\n"


def one_picture() -> bytes:
    picture = modules()
    data = picture.tobytes().hex().encode() + b">"
    place = b"%f 0 0 %f %f %f cm" % (SIDE, SIDE, LEFT, BOTTOM)
    return b"q %s BI /W %d /H %d /CS /G /BPC 8 /F /AHx ID %s EI Q\n" % (place, *picture.size, data)


def leaders() -> bytes:
    """Rows of dots that lead the eye, far more of them than a code has modules."""
    return b"".join(b"%d %d 1 1 re f\n" % (x, y) for y in range(20, 120, 30) for x in range(10, 190, 3))


DRAWN: dict[str, Callable[[], bytes]] = {
    "little squares": lambda: b"".join(squares()),
    "little squares beside dotted lines": lambda: b"".join(squares()) + leaders(),
    "one path": one_path,
    "one picture": one_picture,
}


def pdf_of(content: bytes, entries: bytes = b"", *, in_a_form: bool = False) -> bytes:
    stream = b"<< /Length %d %s >>\nstream\n%s\nendstream"
    shown = b"BT /F1 10 Tf 20 20 Td (Invoice) Tj ET " + (b"/Fm Do" if in_a_form else content)
    return hostile.pdf_of([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 200 300] /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << /Fm 5 0 R >> >> %s >>" % entries,
        stream % (len(shown), b"", shown),
        stream % (len(content), b"/Type /XObject /Subtype /Form /BBox [0 0 200 300]", content),
    ])  # fmt: skip


def read(folder: Path, data: bytes) -> Page:
    path = folder / "codes.pdf"
    path.write_bytes(data)
    return read_pdf(path, Options(), Limits(), unwatched).pages[0]


def distance(code: CodePayload, box: Box) -> float:
    """The farthest that a side of the code stands from that of a box."""
    return max(
        abs(code.x0 - box.x0), abs(code.top - box.top), abs(code.x1 - box.x1), abs(code.bottom - box.bottom)
    )


@pytest.mark.parametrize("in_a_form", [False, True], ids=["on the page", "in a form"])
@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("drawn", DRAWN)
def test_a_code_is_found_where_it_stands_however_it_is_drawn_and_turned(tmp_path, drawn, turns, in_a_form):
    page = read(tmp_path, pdf_of(DRAWN[drawn](), b"/Rotate %d" % (90 * turns), in_a_form=in_a_form))
    assert [(code.symbology, code.text) for code in page.codes] == [("QRCode", TEXT)]
    shown = PAGE._replace(quarter_turns=turns).box(LEFT, BOTTOM, LEFT + SIDE, BOTTOM + SIDE)
    assert distance(page.codes[0], shown) < 1.0


def test_a_code_is_found_where_it_stands_on_a_page_that_is_cropped(tmp_path):
    page = read(tmp_path, pdf_of(DRAWN["little squares"](), b"/CropBox [30 100 180 280]"))
    shown = PAGE._replace(visible=Rect(30, 100, 180, 280)).box(LEFT, BOTTOM, LEFT + SIDE, BOTTOM + SIDE)
    assert distance(page.codes[0], shown) < 1.0


def test_dots_that_form_lines_are_not_looked_at():
    dots = [Rect(x, y, x + 1.0, y + 1.0) for y in (20.0, 60.0, 100.0) for x in range(10, 190, 2)]
    assert code_areas([], dots, PAGE) == []


def test_of_heaps_of_dots_each_is_looked_at_alone():
    heaps = [Rect(x + i, y + j, x + i + 2, y + j + 2) for x, y in ((20, 20), (120, 220)) for i in range(0, 40, 4) for j in range(0, 40, 4)]  # fmt: skip
    areas = code_areas([], heaps, PAGE)
    assert sorted(areas) == [Box(12, 234, 66, 288), Box(112, 34, 166, 88)]


def test_a_picture_within_a_group_of_the_same_shape_is_looked_at_once():
    outer, inner = Rect(50, 50, 120, 120), Rect(60, 60, 110, 110)
    assert len(code_areas([outer, inner, outer], [], PAGE)) == 1
