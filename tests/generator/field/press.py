"""From HTML to PDF: by a small engine that comes as a package, or by a browser where one is installed."""

import importlib.util
import io
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import plutoprint

PACKAGES: Final = MappingProxyType({
    "Lato": ("font_lato", "Lato-Regular.ttf", "Lato-Bold.ttf", "Lato-Italic.ttf"),
    "Roboto": ("font_roboto", "Roboto-Regular.ttf", "Roboto-Bold.ttf", "Roboto-Italic.ttf"),
    "Source Sans Pro": ("font_source_sans_pro", "SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf", "SourceSansPro-It.ttf"),
    "Source Serif Pro": ("font_source_serif_pro", "SourceSerifPro-Regular.ttf", "SourceSerifPro-Bold.ttf", "SourceSerifPro-It.ttf"),
    "Manrope": ("font_manrope", "Manrope-Regular.ttf", "Manrope-Bold.ttf", "Manrope-Regular.ttf"),
    "Caladea": ("font_caladea", "Caladea-Regular.ttf", "Caladea-Bold.ttf", "Caladea-Italic.ttf"),
})  # fmt: skip
MOMENT: Final = "2026-01-01T00:00:00Z"


def font_file(family: str, index: int = 1) -> Path:
    """The file of a font: 1 regular, 2 bold, 3 italic."""
    package = PACKAGES[family]
    spec = importlib.util.find_spec(package[0])
    if spec is None or spec.origin is None:
        msg = f"the font package {package[0]} is not installed"
        raise ModuleNotFoundError(msg)
    return Path(spec.origin).parent / "files" / package[index]


@cache
def faces(family: str) -> str:
    """The style sheet that brings a font."""
    traits = ((1, "normal", "normal"), (2, "bold", "normal"), (3, "normal", "italic"))
    return "\n".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};src:url("{font_file(family, i).as_uri()}")}}'
        for i, weight, style in traits
    )


def to_pdf(html: str) -> bytes:
    """The page by the packaged engine; the same source always gives the same words at the same places."""
    book = plutoprint.Book(plutoprint.PAGE_SIZE_A4)
    book.set_metadata(plutoprint.PDF_METADATA_CREATION_DATE, MOMENT)
    book.load_html(html)
    out = io.BytesIO()
    book.write_to_pdf_stream(out)
    return out.getvalue()


def _by_program(command: list[str], html: str) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "page.html", Path(name) / "page.pdf"
        source.write_text(html)
        filled = [part.format(source=source, target=target) for part in command]
        subprocess.run(filled, check=True, capture_output=True, timeout=120)
        return target.read_bytes()


CHROMIUM: Final = [
    "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--allow-file-access-from-files",
    "--print-to-pdf={target}", "file://{source}",
]  # fmt: skip
PROGRAMS: Final = MappingProxyType({"chromium": CHROMIUM})


def pressed(html: str, press: str = "packaged") -> bytes:
    """The page as PDF by a press: `packaged` or `chromium`."""
    if press == "packaged":
        return to_pdf(html)
    command = PROGRAMS[press]
    if shutil.which(command[0]) is None:
        msg = f"{command[0]} is not installed"
        raise FileNotFoundError(msg)
    return _by_program(command, html)
