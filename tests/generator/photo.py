"""Paper as a telephone sees it: till rolls set in a printer's type, then curled, shaded, seen at an angle, noisy."""

from collections.abc import Sequence
from math import sin
from random import Random
from typing import Final

import pypdfium2
from PIL import Image, ImageChops, ImageFilter

from tests.generator.typeset import centred, grid, t, to_pdf

DPI: Final = 200
FONT: Final = "DejaVu Sans Mono"
TABLE: Final = (96, 84, 72)
"""The colour of the table under the paper."""


def rendered(rows: Sequence[str | tuple[str, str]], width: int, large: set[int], seed: int) -> Image.Image:
    """Rows of a till as a clean picture: a string is centred (flush left after `<`), a pair stands left and right."""
    rng = Random(seed)
    paper, margin = rng.choice(((80, 4), (72, 3), (58, 2)))
    size = (paper - 2 * margin) / width / 0.3528 / 0.602
    body = [_row(row, size, large=number in large) for number, row in enumerate(rows)]
    source = (
        f"#set page(width: {paper}mm, height: auto, margin: {margin}mm);\n"
        f'#set text(font: "{FONT}", size: {size:.2f}pt, fill: luma({rng.choice((0, 30, 70))}));\n'
        "#set par(leading: 0.45em, spacing: 0.45em);\n" + "\n\n".join(body)
    )
    with pypdfium2.PdfDocument(to_pdf(source)) as document:
        return document[0].render(scale=DPI / 72).to_pil().convert("RGB")


def _row(row: str | tuple[str, str], size: float, *, large: bool) -> str:
    if isinstance(row, tuple):
        return grid(["1fr", "auto"], [t(row[0]), t(row[1])], align=["left", "right"], gap=(2, 0))
    if row.startswith("<"):
        return t(row[1:])
    text = f"#text(size: {size * 1.4:.2f}pt)[{t(row)}];" if large else t(row or " ")
    return centred(text)


def photographed(page: Image.Image, seed: int) -> Image.Image:
    """The paper lying on a table, a little curled, under one lamp, from a hand that is not quite still."""
    rng = Random(seed)
    curled = _curled(page, rng)
    laid = Image.new("RGB", (round(curled.width * 1.25), round(curled.height * 1.12)), TABLE)
    laid.paste(curled, ((laid.width - curled.width) // 2, (laid.height - curled.height) // 2))
    tilted = _tilted(laid, rng)
    shaded = ImageChops.multiply(tilted, _lamp(tilted.size, rng))
    small = shaded.resize(
        [round(side * rng.uniform(0.6, 0.9)) for side in shaded.size], Image.Resampling.BILINEAR
    )
    blurred = small.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.8)))
    return Image.blend(blurred, Image.effect_noise(blurred.size, 50).convert("RGB"), 0.06)


def _curled(page: Image.Image, rng: Random) -> Image.Image:
    """Lines that rise and fall along the paper, as on a roll that does not lie flat."""
    depth, strips = rng.uniform(2, 7), 24
    mesh = []
    for index in range(strips):
        x0, x1 = page.width * index // strips, page.width * (index + 1) // strips
        shifts = [depth * sin(3.1416 * x / page.width) for x in (x0, x1)]
        quad = (x0, shifts[0], x0, page.height + shifts[0], x1, page.height + shifts[1], x1, shifts[1])
        mesh.append(((x0, 0, x1, page.height), quad))
    return page.transform(page.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC, fillcolor="white")


def _tilted(picture: Image.Image, rng: Random) -> Image.Image:
    """Seen from a little below and from one side."""
    width, height = picture.size
    lean, turn = rng.uniform(-0.03, 0.03) * width, rng.uniform(-0.015, 0.015) * width
    quad = (lean, turn, -turn, height - lean / 2, width + turn, height + lean / 2, width - lean, -turn)
    return picture.transform(
        picture.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=TABLE
    )


def _lamp(size: tuple[int, int], rng: Random) -> Image.Image:
    """Light that falls off to one side, and the shadow of a hand."""
    ramp = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(size)
    light = ramp.point(lambda shade: 255 - round((255 - shade) * 0.4))
    shadow = Image.new("L", size, 255)
    shadow.paste(
        150, (0, round(size[1] * rng.uniform(0.3, 0.7)), round(size[0] * rng.uniform(0.2, 0.6)), size[1])
    )
    soft = shadow.filter(ImageFilter.GaussianBlur(size[0] / 12))
    return ImageChops.multiply(light, soft).convert("RGB")
