"""What is no invoice, and invoices in company: python -m tests.generator.field.others --count 200 [--wrong]

Papers of business that are no invoices must not be accepted, and nothing must be made up of them. Files with several
invoices, with a copy, with conditions or a delivery note behind them must give as many invoices as they hold, each read
as it is read alone.
"""

import argparse
import datetime as dt
import io
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pypdf import PdfReader, PdfWriter

from app.model.extraction import Extraction
from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import judge, read_invoice
from app.validation import Context, Outcome, load
from tests.generator.field.families import FOLDER, FieldFamily
from tests.generator.field.form import Form
from tests.generator.field.make import field_invoice, new_form, page_values
from tests.generator.field.press import to_pdf

PAPERS: Final = Path(__file__).parent / "papers"
HOME: Final = {"en": "GB", "de": "DE", "fr": "FR", "it": "IT", "es": "ES", "nl": "NL", "pt": "PT", "pl": "PL"}
PAIRED: Final = (
    "erp_columns",
    "facture_artisan",
    "workshop",
    "odd_order",
    "swiss_service",
    "designer_minimal",
)
BUNDLES: Final = (
    "two_sellers",
    "three",
    "same_seller",
    "copy",
    "conditions",
    "delivery_note",
    "letter_first",
)


@cache
def kinds() -> dict[str, dict[str, Any]]:
    """The papers that are no invoices."""
    return tomllib.loads((PAPERS / "papers.toml").read_text())


@cache
def _pages() -> Environment:
    return Environment(
        loader=FileSystemLoader([PAPERS, FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def paper(seed: int, kind: str, language: str) -> tuple[bytes, Form]:
    """A paper that is no invoice."""
    facts = kinds()[kind]
    rng = Random(f"paper {seed}/{kind}/{language}")
    family = FieldFamily(
        name=kind, places=(f"{language}:{HOME[language]}",), rows=(2, 7), cases={"single": 1}
    )
    form = new_form(rng, family, language, HOME[language])
    code = rng.choice(["{y}-{s}", "{s}", "K{s}", "{y}/{s}"]).format(
        y=form.bill.date.year, s=rng.randint(100, 99999)
    )
    html = _pages().get_template(f"{facts['page']}.html").render(
        **page_values(form), words=facts[language], code=code, later=form.bill.date + dt.timedelta(days=30)
    )  # fmt: skip
    return to_pdf(html), form


def joined(*parts: bytes) -> bytes:
    """Files one behind the other."""
    writer = PdfWriter()
    for part in parts:
        for page in PdfReader(io.BytesIO(part)).pages:
            writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def conditions(seed: int, language: str) -> bytes:
    """A page of general terms, with sums and periods that mean nothing here."""
    return paper(seed, "contract", language if language in kinds()["contract"] else "en")[0]


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A file with its invoices' numbers."""

    pdf: bytes
    numbers: tuple[str, ...]
    what: str


def bundle(seed: int, kind: str) -> Bundle:
    """Invoices in company."""
    rng = Random(f"bundle {seed}/{kind}")
    names = rng.sample(PAIRED, 3)
    made = [field_invoice(seed * 10 + i, name) for i, name in enumerate(names)]
    if kind == "same_seller":
        made[1] = field_invoice(seed * 10 + 7, names[0], made[0][2].language)
    pdfs, bills = [m[0] for m in made], [m[2] for m in made]
    language = bills[0].language
    note = language if language in kinds()["delivery_note"] else "en"
    letter = language if language in kinds()["cover_letter"] else "en"
    parts: dict[str, tuple[list[bytes], int]] = {
        "two_sellers": (pdfs[:2], 2), "three": (pdfs, 3), "same_seller": (pdfs[:2], 2), "copy": ([pdfs[0], pdfs[0]], 1),
    }  # fmt: skip
    if kind == "conditions":
        parts[kind] = ([pdfs[0], conditions(seed, language)], 1)
    if kind == "delivery_note":
        parts[kind] = ([pdfs[0], paper(seed, "delivery_note", note)[0]], 1)
    if kind == "letter_first":
        parts[kind] = ([paper(seed, "cover_letter", letter)[0], pdfs[0]], 1)
    chosen, count = parts[kind]
    return Bundle(
        pdf=joined(*chosen), numbers=tuple(b.number for b in bills[:count]), what=" + ".join(names[:count])
    )


def read(pdf: bytes, folder: Path) -> Extraction:
    """One file through the pipeline."""
    path = folder / "document.pdf"
    path.write_bytes(pdf)
    return read_invoice(path, Options(), Limits())


def papers_report(seeds: range, folder: Path, *, wrong: bool) -> Iterator[str]:
    """How papers that are no invoices are judged."""
    ruleset, counts = load(), defaultdict(Counter)
    plan = [(kind, language) for kind, facts in kinds().items() for language in facts if language != "page"]
    for turn, seed in enumerate(seeds):
        kind, language = plan[turn % len(plan)]
        found = read(paper(seed, kind, language)[0], folder)
        outcome = judge(found, Context(), ruleset).decision.outcome
        invoice = found.readings[0].invoice
        made_up = {
            "typed": invoice.invoice.type,
            "numbered": invoice.invoice.number,
            "total": invoice.financials.total,
        }
        counts[kind].update(["papers", str(outcome), *(k for k, v in made_up.items() if v is not None)])
        if wrong and (outcome is not Outcome.REJECT or invoice.invoice.number):
            print(
                f"paper {seed} {kind} {language}: {outcome}, {msgspec.structs.asdict(invoice.invoice)['type']}, {made_up}"
            )
    yield f"{'paper':22}{'count':>6}{'accept':>8}{'review':>8}{'reject':>8}{'typed':>8}{'number':>8}{'total':>8}"
    for kind, n in counts.items():
        shown = (n[x] for x in ("papers", "accept", "review", "reject", "typed", "numbered", "total"))
        yield f"{kind:22}" + "".join(f"{x:{6 if i == 0 else 8}}" for i, x in enumerate(shown))


def bundles_report(seeds: range, folder: Path, *, wrong: bool) -> Iterator[str]:
    """How many invoices are found in files with company, and how many carry the right number."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for turn, seed in enumerate(seeds):
        kind = BUNDLES[turn % len(BUNDLES)]
        one = bundle(seed, kind)
        got = [r.invoice.invoice.number for r in read(one.pdf, folder).readings]
        counts[kind].update(files=1, counted=len(got) == len(one.numbers), same=got == list(one.numbers))
        if wrong and len(got) != len(one.numbers):
            print(f"bundle {seed} {kind} ({one.what}): {got} for {list(one.numbers)}")
    yield f"{'bundle':22}{'files':>6}{'right count':>13}{'right numbers':>15}"
    for kind, n in counts.items():
        yield f"{kind:22}{n['files']:6}{n['counted']:13}{n['same']:15}"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=140)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wrong", action="store_true")
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.count)
    with tempfile.TemporaryDirectory() as name:
        print(*papers_report(seeds, Path(name), wrong=asked.wrong), sep="\n")
        print(*bundles_report(seeds, Path(name), wrong=asked.wrong), sep="\n")


if __name__ == "__main__":
    main()
