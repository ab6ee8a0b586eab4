"""Draws where each value was found: python -m tests.generator.draw FILE OUT.png [--page N]"""

import argparse
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from app.model.extraction import Extraction
from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import read_invoice

SCALE = 1.6
COLOURS = {
    "vendor": "#c0392b",
    "buyer": "#2471a3",
    "invoice": "#8e44ad",
    "financials": "#1e8449",
    "line_items": "#b9770e",
    "tax_breakdown": "#0e6655",
}


def draw(file: Path, extraction: Extraction, page: int = 1) -> Image.Image:
    """The page as a picture with a box round every value, its path beside it."""
    document = pypdfium2.PdfDocument(file)
    try:
        picture = document[page - 1].render(scale=SCALE).to_pil().convert("RGB")
    finally:
        document.close()
    pen = ImageDraw.Draw(picture)
    for path, proof in extraction.fields.items():
        if proof.page == page and proof.bbox is not None:
            colour = COLOURS.get(path.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0], "black")
            box = [side * SCALE for side in proof.bbox]
            pen.rectangle(box, outline=colour, width=1)
            pen.text((box[0], box[1] - 9), path.removeprefix("line_items"), fill=colour, font_size=8)
    return picture


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--page", type=int, default=1)
    asked = parser.parse_args()
    draw(asked.file, read_invoice(asked.file, Options(), Limits()), asked.page).save(asked.out)


if __name__ == "__main__":
    main()
