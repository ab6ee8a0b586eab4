import io

import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, NameObject

from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import unwatched
from app.reading.pdf import read_pdf


@pytest.fixture
def drawn(tmp_path):
    """Reads a page of paths and a line of text."""

    def make(*paths):
        writer = pypdf.PdfWriter()
        page = writer.add_blank_page(400, 400)
        stream = DecodedStreamObject()
        stream.set_data("\n".join([*paths, "20 20 30 10 re f"]).encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
        out = io.BytesIO()
        writer.write(out)
        path = tmp_path / "drawn.pdf"
        path.write_bytes(out.getvalue())
        pypdf.PdfReader(path)
        return path

    return make


def pictures(path):
    [page] = read_pdf(path, Options(), Limits(), unwatched).pages
    return [tuple(round(side) for side in box) for box in page.pictures]


def zigzag(x, y, count):
    """A curve of as many sides, twenty points high."""
    return [
        f"{x + 5 * i} {y + 60 * (i % 2)} m {x + 5 * i + 5} {y + 60 * ((i + 1) % 2)} l S" for i in range(count)
    ]


def test_lines_that_stand_together_are_a_picture(drawn):
    image = "1 0 0 RG"
    [box] = pictures(
        drawn(image, *zigzag(100, 200, 20), "0 0 400 400 re S", "BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI")
    )
    assert box == pytest.approx((100, 140, 200, 200), abs=3)


def test_two_drawings_apart_are_two_pictures(drawn):
    found = pictures(
        drawn(*zigzag(50, 300, 20), *zigzag(50, 100, 20), "BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI")
    )
    assert len(found) == 2


def test_a_frame_and_a_few_strokes_are_none(drawn):
    paths = ["10 10 m 10 380 l 380 380 l 380 10 l h S", *zigzag(100, 200, 3)]
    assert pictures(drawn(*paths, "BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI")) == []
