"""A pen for forms that are drawn by coordinates, with the fonts every PDF reader has."""

import io
from random import Random

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

HEIGHT = A4[1]


def printable(text: str) -> str:
    """Without the signs that the standard fonts lack."""
    return text.replace("\u202f", "\u00a0").replace("\N{MINUS SIGN}", "-").replace("’", "'")


class Pen:
    """Writes at places counted in points from the top left; remembers all it wrote."""

    def __init__(self, rng: Random, font: str = "Helvetica") -> None:
        self.rng, self.font = rng, font
        self.narrow = 100.0
        """The width of letters in percent, for `words`."""
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=A4, invariant=1)
        self.said: list[str] = []

    def face(self, *, bold: bool = False, font: str = "") -> str:
        """The name of a font's cut."""
        family = font or self.font
        if family == "Times":
            return "Times-Bold" if bold else "Times-Roman"
        return f"{family}-Bold" if bold else family

    def text(  # noqa: PLR0913 - the traits of a piece of text
        self, x: float, y: float, text: str, size: float = 9, *, bold: bool = False, right: bool = False, spacing: float = 0, font: str = ""
    ) -> float:  # fmt: skip
        """A piece of text in one run, its foot at `y`; gives where it ends."""
        shown = printable(text)
        if not shown:
            return x
        face = self.face(bold=bold, font=font)
        width = stringWidth(shown, face, size) + spacing * (len(shown) - 1)
        start = x - width if right else x
        run = self.canvas.beginText(start, HEIGHT - y)
        run.setFont(face, size)
        run.setCharSpace(spacing)
        run.textOut(shown)
        self.canvas.drawText(run)
        self.said.append(text)
        return start + width

    def glyphs(  # noqa: PLR0913 - the traits of a piece of text
        self, x: float, y: float, text: str, size: float = 9, *, bold: bool = False, right: bool = False
    ) -> float:
        """The same, every letter placed on its own, rounded to a quarter of a point; blanks are only gaps."""
        face = self.face(bold=bold)
        shown = printable(text)
        at = x - stringWidth(shown, face, size) if right else x
        for letter in shown:
            if not letter.isspace():
                self.canvas.setFont(face, size)
                self.canvas.drawString(round(at * 4) / 4, HEIGHT - y, letter)
            at += stringWidth(letter, face, size)
        self.said.append(text)
        return at

    def words(  # noqa: PLR0913 - the traits of a piece of text
        self, x: float, y: float, text: str, size: float = 9, *, bold: bool = False, right: bool = False
    ) -> None:
        """A piece of text in narrow letters, every word a run of its own and no blank between them."""
        face, scale = self.face(bold=bold), self.narrow / 100
        shown = printable(text)
        at = x - stringWidth(shown, face, size) * scale if right else x
        for word in shown.split():
            run = self.canvas.beginText(at, HEIGHT - y)
            run.setFont(face, size)
            run.setHorizScale(self.narrow)
            run.textOut(word)
            self.canvas.drawText(run)
            at += stringWidth(f"{word} ", face, size) * scale
        self.said.append(text)

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> None:
        """A rule."""
        self.canvas.setLineWidth(width)
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """A frame, from its top left."""
        self.canvas.setLineWidth(0.6)
        self.canvas.rect(x, HEIGHT - y - height, width, height)

    def column(  # noqa: PLR0913 - the traits of a piece of text
        self,
        x: float,
        y: float,
        lines: list[str],
        size: float = 9,
        lead: float = 12,
        *,
        bold_first: bool = False,
        font: str = "",
    ) -> float:
        """Lines one under the other; gives the foot after the last."""
        for i, line in enumerate(lines):
            self.text(x, y, line, size, bold=bold_first and i == 0, font=font)
            y += lead
        return y

    def turn_page(self) -> None:
        """The next page."""
        self.canvas.showPage()

    def finished(self) -> tuple[bytes, str]:
        """The PDF and all its text."""
        self.canvas.save()
        return self.out.getvalue(), "\n".join(self.said)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many letters."""
    lines = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) + 1 > width and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
