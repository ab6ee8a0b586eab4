import datetime as dt
from dataclasses import dataclass

import pytest

from app.extraction import extract
from app.model.document import Document
from app.model.extraction import Extraction
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import unwatched
from app.pipeline import judge
from app.reading import read
from app.validation import Context, Decision, Report, load
from tests.generator import FAMILIES, LANGUAGES, Generated, generate

COUNT = len(FAMILIES)


@dataclass(frozen=True)
class Case:
    """One generated invoice, what was read from it, and what was said of it."""

    one: Generated
    document: Document
    extraction: Extraction
    report: Report
    decision: Decision

    def __str__(self) -> str:
        return f"seed {self.one.seed} {self.one.family} {self.one.language}"


@pytest.fixture(scope="session")
def cases(tmp_path_factory):
    """Invoices of every family, all languages in turn, read and judged once for all properties."""
    folder, ruleset, found = tmp_path_factory.mktemp("generated"), load(), []
    families = list(FAMILIES)
    for seed in range(COUNT):
        one = generate(
            seed, families[seed % len(families)], LANGUAGES[(seed + seed // len(families)) % len(LANGUAGES)]
        )
        path = folder / f"{seed}.pdf"
        path.write_bytes(one.pdf)
        document = read(path, Options(), Limits(), unwatched)
        extraction = extract(document, Options())
        judgement = judge(extraction, Context(today=dt.date(2026, 8, 1)), ruleset)
        found.append(
            Case(
                one,
                read(path, Options(), Limits(), unwatched),
                extraction,
                judgement.report,
                judgement.decision,
            )
        )
    return found
