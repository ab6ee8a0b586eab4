"""Printed invoices as a scanner or a hurried sender makes them: the same pages as pictures, with the same truth.

`python -m tests.generator.scanned FOLDER OUT` prints every PDF of FOLDER that has a text layer and a truth beside it into
OUT/clean (200 dpi, lossless) and OUT/degraded (askew by 2°, blurred, JPEG of quality 50), and copies the PDF and the
truth to OUT/text, so that the three can be scored alike.
"""

import argparse
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pypdfium2
from PIL import Image, ImageFilter

from app.model.document import TextOrigin
from app.model.limits import Limits
from app.model.options import Mode, Options
from app.reading import read
from app.reading.scan import needs_recognition

DPI: Final = 200
ASKEW: Final = 2.0
"""Degrees, clockwise."""
BLUR: Final = 1.0
"""Pixels at 200 dpi: a lens a little out of focus."""
QUALITY: Final = 50
TRUTH: Final = ".truth.json"


def clean_pages(pdf: Path | bytes) -> list[Image.Image]:
    """Every page as a faultless scanner sees it."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in document]


def degraded(page: Image.Image) -> Image.Image:
    """The page laid askew on the glass, out of focus, and saved small."""
    turned = page.rotate(-ASKEW, resample=Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    small = io.BytesIO()
    turned.filter(ImageFilter.GaussianBlur(BLUR)).save(small, "JPEG", quality=QUALITY)
    return Image.open(small).convert("RGB")


def save_pages(pages: list[Image.Image], path: Path, **how: Any) -> None:
    """One picture file with a frame a page."""
    pages[0].save(path, "TIFF", save_all=True, append_images=pages[1:], dpi=(DPI, DPI), **how)


def has_text(pdf: Path) -> bool:
    """Whether every page carries its own words."""
    pages = read(pdf, Options(mode=Mode.BASIC), Limits()).pages
    return all(page.origin is TextOrigin.TEXT_LAYER and not needs_recognition(page) for page in pages)


KINDS: Final[MappingProxyType[str, Callable[[list[Image.Image], Path], None]]] = MappingProxyType({
    "clean": lambda pages, path: save_pages(pages, path, compression="tiff_deflate"),
    "degraded": lambda pages, path: save_pages([degraded(page) for page in pages], path, compression="tiff_deflate"),
})  # fmt: skip


def print_folder(source: Path, out: Path) -> int:
    """Make the pictures; how many documents were printed."""
    count = 0
    for truth in sorted(source.rglob("*" + TRUTH)):
        pdf = truth.with_name(truth.name.removesuffix(TRUTH) + ".pdf")
        if not pdf.is_file() or not has_text(pdf):
            continue
        count += 1
        pages = clean_pages(pdf)
        for kind in ("text", *KINDS):
            folder = out / kind / truth.parent.relative_to(source)
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(truth, folder)
            if kind in KINDS:
                KINDS[kind](pages, folder / f"{pdf.stem}.tif")
            else:
                shutil.copy(pdf, folder)
    return count


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    print(f"{print_folder(arguments.folder, arguments.out)} documents printed into {arguments.out}")


if __name__ == "__main__":
    main()
