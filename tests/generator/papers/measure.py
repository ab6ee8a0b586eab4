"""How well invented documents are told: order, whole paragraphs, headings with their level, rows, lists.

python -m tests.generator.papers.measure [--count 40] [--seed 1] [--family NAME] [--show]
"""

import argparse
import itertools
import re
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from app.extraction.segments import Told, gathered
from app.extraction.segments.output import markdown_pieces
from app.model.document import FileType
from app.model.limits import Limits
from app.model.options import Mode, Options
from app.model.segment import Parsing, Region
from app.reading import leaves
from tests.generator.papers.families import FAMILIES
from tests.generator.papers.pieces import Paper, Piece
from tests.generator.typeset import to_pdf

KINDS = ("order", "heading", "text", "item", "row", "pair", "address", "aside", "running")


def paper_of(seed: int, family: str) -> Paper:
    """The document of a seed."""
    return FAMILIES[family](Random(f"{family}-{seed}"))


def told(paper: Paper) -> tuple[str, int]:
    """Its Markdown, without what runs along the edges, and its pages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(to_pdf(paper.source))
        with leaves(path, Options(mode=Mode.BASIC), Limits()) as opened:
            parts = gathered(opened.pages)
            pages = opened.page_count
    wanted = Parsing(regions=(Region.BODY, Region.SIDEBAR))
    return "".join(markdown_pieces(Told(parts, FileType.PDF, pages, wanted, {}))), pages


def judged(paper: Paper, markdown: str, pages: int) -> tuple[Counter, list[str]]:
    """Right and all by kind (`row` and `row all` …), and what was wrong."""
    counted: Counter = Counter()
    wrong: list[str] = []
    plain = _plain(markdown)
    lines = markdown.split("\n")
    for piece in paper.pieces:
        if piece.kind == "running" and pages == 1:
            continue  # nothing runs over one page
        right = _is_told(piece, plain, lines)
        counted += Counter({f"{piece.kind} all": 1, piece.kind: int(right)})
        if not right:
            wrong.append(f"{piece.kind}: {piece.text or piece.cells}"[:150])
    places = [_place(piece, plain) for piece in paper.pieces if piece.kind not in {"running", "aside"}]
    found = [place for place in places if place >= 0]
    steps = sum(one <= other for one, other in itertools.pairwise(found))
    return counted + Counter({"order": steps, "order all": max(len(places) - 1, 0)}), wrong


def _is_told(piece: Piece, plain: str, lines: list[str]) -> bool:
    if piece.kind == "running":
        return _flat(piece.text) not in plain
    if piece.kind == "heading":
        return "#" * piece.level + " " + piece.text in {_unmarked(line) for line in lines}
    if piece.kind == "row":
        return any(_cells(line) == [*map(_flat, piece.cells)] for line in lines if line.startswith("|"))
    if piece.kind == "item":
        return any(
            re.match(r"\s*(?:-|\d+\.) ", line)
            and _flat(piece.text) == _flat(re.sub(r"^\s*(?:-|\d+\.) ", "", _unmarked(line)))
            for line in lines
        )
    if piece.kind == "address":
        return piece.text in "\n".join(_unmarked(line).rstrip() for line in lines)
    return _flat(piece.text) in plain


def _place(piece: Piece, plain: str) -> int:
    return plain.find(" | ".join(map(_flat, piece.cells)) if piece.cells else _flat(piece.text)[:30])


def _cells(line: str) -> list[str]:
    return [_flat(_unmarked(cell)) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def _unmarked(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _plain(markdown: str) -> str:
    return _flat(_unmarked(markdown))


def measured(count: int, seed: int, families: list[str], *, show: bool = False) -> dict[str, Counter]:
    """Counts by family over so many documents of each."""
    found: dict[str, Counter] = {}
    for family in families:
        counted: Counter = Counter()
        for at in range(count):
            paper = paper_of(seed + at, family)
            right, wrong = judged(paper, *told(paper))
            counted += right
            if show and wrong:
                print(f"{family} {seed + at}:", *wrong[:6], sep="\n    ")
        found[family] = counted
    return found


def share(counted: Counter, kind: str) -> float:
    return 100 * counted[kind] / counted[f"{kind} all"] if counted[f"{kind} all"] else 100.0


def table(found: dict[str, Counter]) -> str:
    """The shares, a line a family."""
    total = sum(found.values(), Counter())
    rows = [f"{'':10}" + "".join(f"{kind:>9}" for kind in KINDS)]
    for family, counted in [*found.items(), ("all", total)]:
        cells = [f"{share(counted, k):8.1f}%" if counted[f"{k} all"] else f"{'–':>9}" for k in KINDS]
        rows.append(f"{family:10}" + "".join(cells))
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=5, help="documents of each family")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--family", choices=[*FAMILIES])
    parser.add_argument("--show", action="store_true", help="what was not told right")
    given = parser.parse_args()
    families = [given.family] if given.family else [*FAMILIES]
    print(table(measured(given.count, given.seed, families, show=given.show)))


if __name__ == "__main__":
    main()
