"""What a document consists of: the truth that a parser's answer is held against."""

from random import Random
from typing import NamedTuple

from tests.generator.typeset import t

SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "ca",
    "ce",
    "co",
    "da",
    "de",
    "di",
    "do",
    "fa",
    "fe",
    "fi",
    "fo",
    "ga",
    "ge",
    "go",
    "la",
    "le",
    "li",
    "lo",
    "lu",
    "ma",
    "me",
    "mi",
    "mo",
    "mu",
    "na",
    "ne",
    "ni",
    "no",
    "nu",
    "pa",
    "pe",
    "pi",
    "po",
    "ra",
    "re",
    "ri",
    "ro",
    "ru",
    "sa",
    "se",
    "si",
    "so",
    "su",
    "ta",
    "te",
    "ti",
    "to",
    "tu",
    "va",
    "ve",
    "vi",
    "vo",
    "za",
    "ze",
    "bra",
    "cre",
    "dro",
    "fra",
    "gri",
    "pla",
    "pre",
    "sta",
    "tra",
    "ven",
    "tor",
    "man",
    "ser",
]


class Piece(NamedTuple):
    """One thing on the pages."""

    kind: str
    """`heading`, `text`, `item`, `row`, `caption`, `running`, `aside`."""
    text: str = ""
    level: int = 0
    cells: tuple[str, ...] = ()


class Paper(NamedTuple):
    """A document and what it says, in reading order."""

    family: str
    source: str
    """Typst."""
    pieces: tuple[Piece, ...]


class Writer:
    """Invents text: words that never were, so that each sentence is known by its words."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def word(self) -> str:
        return "".join(self.random.choices(SYLLABLES, k=self.random.randint(1, 4)))

    def words(self, least: int, most: int) -> str:
        return " ".join(self.word() for _ in range(self.random.randint(least, most)))

    def sentence(self) -> str:
        said = self.words(6, 18)
        middle = said.find(" ", len(said) // 2)
        joint = self.random.choice([", ", "; ", " "]) if middle > 0 else ""
        return (said[:middle] + joint + said[middle + 1 :] if joint else said).capitalize() + "."

    def paragraph(self, least: int = 2, most: int = 5) -> str:
        return " ".join(self.sentence() for _ in range(self.random.randint(least, most)))

    def title(self) -> str:
        return self.words(2, 5).capitalize()

    def amount(self) -> str:
        return f"{self.random.randint(1, 9999)},{self.random.randint(0, 99):02d}"


class Sheet:
    """A document as it grows: its source and its truth together."""

    def __init__(self, family: str, writer: Writer) -> None:
        self.family, self.writer, self.random = family, writer, writer.random
        self.source: list[str] = []
        self.pieces: list[Piece] = []

    def raw(self, source: str) -> None:
        self.source.append(source)

    def paper(self) -> Paper:
        return Paper(self.family, "\n\n".join(self.source), tuple(self.pieces))

    def heading(self, text: str, level: int, printed: str) -> None:
        self.pieces.append(Piece("heading", text, level))
        self.source.append(printed)

    def section(self, level: int, number: str = "") -> None:
        """A heading of Typst's own; its level is one below the title's."""
        title = self.writer.title()
        self.heading(f"{number} {title}".strip(), level + 1, f"{'=' * level} {title}")

    def text(self, least: int = 2, most: int = 5) -> None:
        said = self.writer.paragraph(least, most)
        self.pieces.append(Piece("text", said))
        self.source.append(t(said))

    def items(self, count: int, *, numbered: bool = False) -> None:
        said = [self.writer.words(3, 22).capitalize() + ";" for _ in range(count)]
        self.pieces += [Piece("item", it) for it in said]
        self.source.append("\n".join(f"{'+' if numbered else '-'} {t(it)}" for it in said))

    def running(self, *texts: str) -> None:
        self.pieces += [Piece("running", text) for text in texts]

    def table(self, columns: int, rows: int, *, words: int = 3) -> None:
        """Names and amounts, in one of the ways that tables are ruled."""
        heads = [self.writer.words(1, 2).capitalize() for _ in range(columns)]
        body = [
            [self.writer.words(1, words).capitalize(), *(self.writer.amount() for _ in range(columns - 1))]
            for _ in range(rows)
        ]
        look = self.random.choice(["grid", "levels", "booktabs", "bare", "striped"])
        bold = look == "bare" or self.random.random() < 0.6
        self.pieces += [Piece("row", cells=tuple(row)) for row in (heads, *body)]
        self.source.append(_table(heads, body, look, bold=bold))


def _table(heads: list[str], body: list[list[str]], look: str, *, bold: bool) -> str:
    stroke = {"grid": ".5pt", "levels": "(x, y) => (bottom: .4pt)"}.get(look, "none")
    fill = ', fill: (x, y) => if calc.odd(y) { rgb("#eef1f5") }' if look == "striped" else ""
    rule = "table.hline(), " if look == "booktabs" else ""
    mark = "*" if bold else ""
    head = ", ".join(f"[{mark}{t(it)}{mark}]" for it in heads)
    cells = ", ".join(f"[{t(it)}]" for row in body for it in row)
    align = "align: (x, y) => if x == 0 { left } else { right }"
    columns = f"columns: (2fr, {', '.join('1fr' for _ in heads[1:])},)"
    return (
        f"#table({columns}, {align}, stroke: {stroke}{fill}, {rule}table.header({head}), {rule}{cells}"
        f"{', table.hline()' if look == 'booktabs' else ''})"
    )
