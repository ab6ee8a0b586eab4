"""How much of real documents the parser tells, and how whole their tables are.

    python -m tests.extraction.segments.measure FOLDER [--worst 20] [--only PART]

FOLDER holds PDFs, beside each a `….truth.json` with the invoice's known rows. Two figures:

* words: each word that poppler's `pdftotext` finds must stand in the segments exactly as often. A word that is
  divided otherwise (a hyphen at a line's end, letters set wide) is looked for letter by letter, and counted apart.
* rows: each known row must stand in one row of one HTML table: its description's words and those of its numbers
  that are printed on the pages at all.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from lxml import html

from app.extraction.segments import gathered
from app.extraction.segments.written import segment_of
from app.model.limits import Limits
from app.model.options import Mode, Options
from app.reading import leaves, read

NUMBERS = ("quantity", "unit_price", "amount")
SAID = 0.8


class Words(NamedTuple):
    """Of one document: words of pdftotext, and where those that are not told as often are."""

    all: int
    alike: int
    divided: int
    hidden: int
    more: int
    rest: list[str]


def main() -> int:
    arguments = _arguments()
    if not can_measure(arguments.folder):
        print("skipped: pdftotext (poppler-utils) or the folder of documents is not there")
        return 0
    words: list[Words] = []
    rows = Counter()
    for path in sorted(arguments.folder.rglob("*.pdf")):
        if arguments.only in path.stem:
            pages = [segment_of(at, part) for at, part in enumerate(parts_of(path))]
            words.append(_with_name(path, words_of(path, [segment.content for segment in pages]), arguments))
            rows += rows_of(path, pages, show=arguments.rows)
    print(summary(words, rows))
    return 0


def can_measure(folder: Path) -> bool:
    """Whether poppler and the documents are there."""
    return shutil.which("pdftotext") is not None and folder.is_dir()


def parts_of(path: Path):
    with leaves(path, Options(mode=Mode.BASIC), Limits()) as opened:
        return gathered(opened.pages)


def summary(words: list[Words], rows: Counter) -> str:
    """Both figures."""
    whole = sum(each.all for each in words) or 1
    alike, divided, hidden = (
        sum(getattr(it, name) for it in words) for name in ("alike", "divided", "hidden")
    )
    told = 100 * (alike + divided) / (whole - hidden or 1)
    return (
        f"words   {told:.2f} % of {whole - hidden} that can be seen: {alike} alike, {divided} divided otherwise, "
        f"{whole - alike - divided - hidden} not told as often; {hidden} hidden ones left out; "
        f"{sum(it.more for it in words)} told that pdftotext does not find\n"
        f"rows    {100 * rows['whole'] / (rows['all'] or 1):.1f} % of {rows['all']} known rows in one HTML row"
    )


def words_of(path: Path, contents: list[str]) -> Words:
    """The words of pdftotext against those of the segments."""
    command = ["pdftotext", "-enc", "UTF-8", str(path), "-"]
    said = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode(
        "utf-8", "replace"
    )
    theirs, ours = _tokens(said), [token for content in contents for token in _tokens(content)]
    missing, extra = _without(theirs, ours), _without(ours, theirs)
    rest = _not_in(missing, "".join(extra))
    hidden = _hidden(path)
    seen = [token for token in rest if not _take(hidden, token)]
    more = _not_in(extra, "".join(missing))
    divided = len(missing) - len(rest)
    return Words(len(theirs), len(theirs) - len(missing), divided, len(rest) - len(seen), len(more), seen)


def _tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", re.sub(r"[\u00ad\u200b-\u200f\ufeff]", "", text))
    return re.sub(r"[\x00-\x1f\ufffd\ue000-\uf8ff]", " ", plain).split()


def _without(some: list[str], others: list[str]) -> list[str]:
    """Those of some that the others do not have as often."""
    left = Counter(others)
    kept = []
    for token in some:
        if left[token]:
            left[token] -= 1
        else:
            kept.append(token)
    return kept


def _not_in(tokens: list[str], letters: str) -> list[str]:
    """Tokens whose letters do not stand together among those left over; found ones are used up."""
    rest = []
    for token in sorted(tokens, key=len, reverse=True):
        at = letters.find(token)
        at, size = (
            (at, len(token))
            if at >= 0
            else (letters.find(token.replace("-", "")), len(token.replace("-", "")))
        )
        if at < 0 or not size:
            rest.append(token)
        else:
            letters = letters[:at] + "\x00" + letters[at + size :]
    pieces = Counter(letters)
    return [token for token in rest if Counter(token) - pieces]


def _hidden(path: Path) -> Counter:
    pages = read(path, Options(mode=Mode.BASIC), Limits()).pages
    return Counter(token for page in pages for word in page.hidden for token in _tokens(word.text))


def _take(counted: Counter, token: str) -> bool:
    counted[token] -= 1
    return counted[token] >= 0


def rows_of(path: Path, pages, *, show: bool) -> Counter:
    truth = path.with_suffix(".truth.json")
    known = (
        json.loads(truth.read_text("utf-8"), parse_float=Decimal).get("line_items")
        if truth.exists()
        else None
    )
    if not known:
        return Counter()
    printed = " ".join(segment.content for segment in pages)
    told = [row for segment in pages for row in _html_rows(segment.html)]
    counted = Counter()
    for item in known:
        words = _significant(item.get("description") or "")
        single = item.get("unit_price") == item.get("amount")  # nobody has to print that it is one
        names = [
            name for name in NUMBERS if item.get(name) is not None and not (single and name == "quantity")
        ]
        numbers = [_digits(item[name]) for name in names]
        numbers = [number for number in numbers if number & _numbers(printed)]
        if not words or sum(word in printed.lower() for word in words) < SAID * len(words):
            continue  # not printed so: the truth is the XML's
        whole = any(_holds(row, words, numbers) for row in told)
        counted += Counter(all=1, whole=int(whole))
        if show and not whole:
            print(f"  {path.stem}: {item.get('description')!r:.60} {[item.get(name) for name in NUMBERS]}")
    return counted


def _html_rows(text: str) -> list[str]:
    if not text.startswith("<table"):
        return []
    return [" | ".join(cell.text_content() for cell in row) for row in html.fromstring(text).iter("tr")]


def _holds(row: str, words: list[str], numbers: list[set[str]]) -> bool:
    lowered = row.lower()
    found = sum(word in lowered for word in words)
    return found >= SAID * len(words) and all(number & _numbers(row) for number in numbers)


def _significant(text: str) -> list[str]:
    return re.findall(r"\w{3,}", text.lower())[:12]


def _digits(value: object) -> set[str]:
    """How the digits of a number may be printed."""
    number = abs(Decimal(str(value)))
    forms = {format(number, "f"), format(number.normalize(), "f"), *(f"{number:.{n}f}" for n in range(1, 7))}
    return {re.sub(r"\D", "", form).lstrip("0") or "0" for form in forms}


def _numbers(text: str) -> set[str]:
    found = re.findall(r"\d(?:[\d.,'’ \u00a0]*\d)?", text) + re.findall(r"\d[\d.,'’]*", text)
    return {re.sub(r"\D", "", number).lstrip("0") or "0" for number in found}


def _with_name(path: Path, words: Words, arguments: argparse.Namespace) -> Words:
    if words.rest and arguments.worst:
        print(f"{path.stem}: {len(words.rest)} of {words.all}: {words.rest[: arguments.worst]}")
    return words


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="part of the documents' names")
    parser.add_argument("--worst", type=int, default=0, help="words shown of each document")
    parser.add_argument("--rows", action="store_true", help="show the rows that are not whole")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
