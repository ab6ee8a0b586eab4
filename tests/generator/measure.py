"""How well are freshly generated invoices read?

    python -m tests.generator.measure --count 500 --seed 1 [--families first|field|later|all] [--family F] [--language L]
        [--tuning | --validation] [--wrong]

Header accuracy is right / printed, precision is right / returned; rows and taxes are F1 over whole rows.
"""

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from app.model.evidence import Evidence
from app.model.extraction import Extraction
from app.model.limits import Limits
from app.model.options import Options
from app.model.paths import CORE
from app.pipeline import judge, read_invoice
from app.validation import Context, Ruleset, load
from app.validation import Outcome as Decided
from tests.generator import FAMILIES, LANGUAGES, TUNING, VALIDATION, Generated, generate
from tests.generator.compare import HEADER, MORE, TABLES, Outcome, matched, outcomes, value_at
from tests.generator.field import DEVELOPMENT, FIELD, HELD_OUT, LATER

INVENTABLE = ("vendor.vat_number", "vendor.iban", "buyer.vat_number", "invoice.po_number", "invoice.due_date")
ENCODER = msgspec.json.Encoder(decimal_format="number")


@dataclass
class Tally:
    """Counts of one group of invoices."""

    fields: Counter[Outcome] = field(default_factory=Counter)
    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    documents: int = 0
    whole: int = 0
    core: int = 0
    """Documents whose every core field is right."""
    accepted: int = 0
    wrongly: int = 0
    """Accepted with a wrong core field."""

    def add(self, found: dict[str, Outcome], tables: dict[str, tuple[int, int, int]]) -> None:
        """One more invoice."""
        self.fields.update(found.values())
        self.documents += 1
        self.whole += all(o is Outcome.RIGHT for o in found.values())
        for name, counts in tables.items():
            self.rows[name] = [a + b for a, b in zip(self.rows[name], counts, strict=True)]

    def accuracy(self) -> float:
        """Right among printed."""
        return self.fields[Outcome.RIGHT] / max(1, self.fields.total())

    def precision(self) -> float:
        """Right among returned."""
        return self.fields[Outcome.RIGHT] / max(1, self.fields[Outcome.RIGHT] + self.fields[Outcome.WRONG])

    def f1(self, table: str) -> float:
        """Harmonic mean of precision and recall over rows."""
        hits, got, want = self.rows[table]
        return 2 * hits / max(1, got + want)

    def line(self, name: str) -> str:
        """One line of the report."""
        return (
            f"{name:24}{self.documents:6}{self.accuracy():9.1%}{self.precision():10.1%}{self.f1('line_items'):8.1%}"
            f"{self.f1('tax_breakdown'):8.1%}{self.whole / max(1, self.documents):8.1%}{self.core / max(1, self.documents):8.1%}"
            f"{self.accepted:9}{self.wrongly:8}"
        )


def read(pdf: bytes, folder: Path) -> Extraction:
    """One document through the pipeline, in this process."""
    path = folder / "document.pdf"
    path.write_bytes(pdf)
    return read_invoice(path, Options(), Limits())


def as_result(extraction: Extraction) -> dict[str, Any]:
    """The invoice as the API gives it, numbers as decimals."""
    found: dict[str, Any] = json.loads(ENCODER.encode(extraction.invoice), parse_float=Decimal)
    return found


def inventions(result: dict[str, Any], truth: dict[str, Any]) -> list[str]:
    """Paths that the truth names as empty and that were returned all the same."""
    named = [path for path in INVENTABLE if path.rsplit(".", 1)[1] in truth.get(path.split(".")[0], {})]
    return [p for p in named if value_at(truth, p) is None and value_at(result, p) is not None]


def table_counts(result: dict[str, Any], truth: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    """Matched, returned and printed rows of each table that the truth has."""
    return {
        name: (matched(result[name], truth[name], keys), len(result[name]), len(truth[name]))
        for name, keys in TABLES.items()
        if truth.get(name)
    }


@dataclass
class Report:
    """Everything that was counted in one run."""

    total: Tally = field(default_factory=Tally)
    groups: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    paths: dict[str, Counter[Outcome]] = field(default_factory=lambda: defaultdict(Counter))
    said: list[tuple[float, bool]] = field(default_factory=list)
    """Confidence and whether the value was right, for every header value that was returned."""
    failed: list[str] = field(default_factory=list)
    decided: Counter[tuple[str, bool]] = field(default_factory=Counter)
    """Decisions with whether every core field was right."""
    invented: Counter[str] = field(default_factory=Counter)
    """Values returned where the page surely has none."""
    wrongly: list[str] = field(default_factory=list)
    """What was wrongly accepted, with the command that shows it again."""

    def add(self, one: Generated, result: dict[str, Any], fields: dict[str, Evidence]) -> list[str]:
        """Count one invoice; gives sentences about what was not right."""
        found = outcomes(result, one.truth)
        more = outcomes(result, one.truth, MORE)
        tables = table_counts(result, one.truth)
        for tally in self.tallies(one):
            tally.add(found, tables)
        invented = inventions(result, one.truth)
        self.invented.update(invented)
        for path, outcome in (found | more).items():
            self.paths[path][outcome] += 1
            if outcome is not Outcome.MISSED and path in fields:
                self.said.append((fields[path].confidence, outcome is Outcome.RIGHT))
        notes = [f"{p}: invented {value_at(result, p)!s:.60}" for p in invented] + [
            f"{p}: got {value_at(result, p)!s:.60} want {value_at(one.truth, p)!s:.60}"
            for p, o in found.items()
            if o is not Outcome.RIGHT
        ]
        return notes + [
            f"{name}: {hit} right of {got} returned, {want} printed"
            for name, (hit, got, want) in tables.items()
            if hit < want or got > want
        ]

    def tallies(self, one: Generated) -> list[Tally]:
        """The groups an invoice counts in."""
        kept = "ALL validation" if one.family in (*VALIDATION, *HELD_OUT) else "ALL development"
        names = (one.family, f"language {one.language}", kept)
        return [self.total, *(self.groups[name] for name in names)]

    def decide(
        self, extraction: Extraction, ruleset: Ruleset, result: dict[str, Any], one: Generated
    ) -> bool:
        """Count the decision; true when it accepts an invoice with a wrong core field."""
        outcome, right = self.judged(extraction, ruleset, result, one.truth)
        for tally in self.tallies(one):
            tally.core += right
            tally.accepted += outcome is Decided.ACCEPT
            tally.wrongly += outcome is Decided.ACCEPT and not right
        return outcome is Decided.ACCEPT and not right

    def judged(
        self, extraction: Extraction, ruleset: Ruleset, result: dict[str, Any], truth: dict[str, Any]
    ) -> tuple[str, bool]:
        """The decision, counted, and whether every core field is right."""
        outcome = judge(extraction, Context(), ruleset).decision.outcome
        right = all(o is Outcome.RIGHT for o in outcomes(result, truth, CORE).values())
        self.decided[outcome, right] += 1
        return outcome, right

    def decisions(self) -> str:
        """How many were accepted, and how many of them wrongly."""
        wrongly = self.decided[Decided.ACCEPT, False]
        return f"accepted {self.decided[Decided.ACCEPT, True] + wrongly} of {self.decided.total()}, of them wrongly {wrongly}"

    def lines(self) -> Iterator[str]:
        """The printed report."""
        yield f"\n{'field':28}{'right':>7}{'wrong':>7}{'missed':>8}{'accuracy':>10}{'precision':>11}"
        for path in (*HEADER, *MORE):
            if counts := self.paths.get(path):
                right, wrong, missed = (counts[o] for o in (Outcome.RIGHT, Outcome.WRONG, Outcome.MISSED))
                yield f"{path:28}{right:7}{wrong:7}{missed:8}{right / counts.total():10.1%}{right / max(1, right + wrong):11.1%}"
        yield f"\n{'group':24}{'docs':>6}{'header':>9}{'precise':>10}{'rows':>8}{'taxes':>8}{'whole':>8}{'core':>8}{'accepted':>9}{'wrongly':>8}"
        for name in sorted(self.groups):
            yield self.groups[name].line(name + (" *" if name in (*VALIDATION, *HELD_OUT) else ""))
        yield self.total.line("ALL")
        yield self.decisions()
        yield from (f"    {line}" for line in self.wrongly)
        if self.invented:
            yield f"invented: {', '.join(f'{path} {n}' for path, n in self.invented.items())}"
        yield from reliability(self.said)
        if self.failed:
            yield f"\nnot read: {len(self.failed)}: {'; '.join(self.failed[:5])}"


def reliability(said: list[tuple[float, bool]]) -> Iterator[str]:
    """Said confidence against observed accuracy, in tenths, and the expected calibration error."""
    if not said:
        return
    yield f"\n{'said':>10}{'values':>9}{'mean said':>11}{'right':>9}"
    error = 0.0
    for tenth in range(10):
        inside = [(c, ok) for c, ok in said if min(9, int(c * 10)) == tenth]
        if inside:
            mean, right = sum(c for c, _ in inside) / len(inside), sum(ok for _, ok in inside) / len(inside)
            error += len(inside) / len(said) * abs(mean - right)
            yield f"{tenth / 10:4.1f} - {tenth / 10 + 0.1:.1f}{len(inside):8}{mean:11.3f}{right:9.3f}"
    yield f"expected calibration error {error:.3f}"


def corpus_cases(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Documents with a truth beside them."""
    for truth in sorted(folder.rglob("*.truth.json")):
        document = truth.with_name(truth.name.removesuffix(".truth.json") + ".pdf")
        if document.is_file():
            yield document, json.loads(truth.read_text(), parse_float=Decimal)


def over_corpus(folder: Path) -> Report:
    """The same counts over real documents, without their rows."""
    report, ruleset = Report(), load()
    for document, truth in corpus_cases(folder):
        try:
            extraction = read_invoice(document, Options(), Limits())
        except Exception as problem:
            report.failed.append(f"{document.name}: {type(problem).__name__}: {problem}")
            continue
        result = as_result(extraction)
        for path, outcome in outcomes(result, truth).items():
            report.paths[path][outcome] += 1
            if outcome is not Outcome.MISSED and path in extraction.fields:
                report.said.append((extraction.fields[path].confidence, outcome is Outcome.RIGHT))
        if report.judged(extraction, ruleset, result, truth) == (Decided.ACCEPT, False):
            print(f"accepted wrongly: {document.name}")
    return report


def planned(seeds: range, families: list[str], language: str | None) -> Iterator[tuple[int, str, str]]:
    """Seed, family and language of each invoice; families and languages take turns, so every pair is met."""
    for turn, seed in enumerate(seeds):
        family = families[turn % len(families)]
        spoken = FIELD[family].languages if family in FIELD else list(LANGUAGES)
        own = [language] if language in spoken else spoken
        yield seed, family, own[(turn // len(families) + turn % len(families)) % len(own)]


def one_more(
    report: Report, ruleset: Ruleset, plan: tuple[int, str, str], folder: Path, *, wrong: bool
) -> None:
    """Generate, read and count one invoice."""
    seed, family, language = plan
    one = generate(seed, family, language)
    again = f"seed {seed} {family} {language} {one.options}"
    try:
        extraction = read(one.pdf, folder)
    except Exception as problem:
        report.failed.append(f"{again}: {type(problem).__name__}: {problem}")
        return
    result = as_result(extraction)
    notes = report.add(one, result, dict(extraction.fields))
    if report.decide(extraction, ruleset, result, one):
        bad = [p for p, o in outcomes(result, one.truth, CORE).items() if o is not Outcome.RIGHT]
        report.wrongly.append(f"{again}: {', '.join(bad)}")
        notes.append("accepted wrongly")
    if notes and wrong:
        print(again, *notes, sep="\n    ")


def run(seeds: range, families: list[str], language: str | None, *, wrong: bool) -> Report:
    """Generate, read and count."""
    report, ruleset = Report(), load()
    with tempfile.TemporaryDirectory() as name:
        for plan in planned(seeds, families, language):
            one_more(report, ruleset, plan, Path(name), wrong=wrong)
    return report


def chosen_families(asked: argparse.Namespace) -> list[str]:
    """The families a command asks for."""
    if asked.family:
        return list(asked.family)
    first = VALIDATION if asked.validation else TUNING if asked.tuning else FAMILIES
    field_ = HELD_OUT if asked.validation else DEVELOPMENT if asked.tuning else tuple(FIELD)
    groups = {
        "first": list(first),
        "field": [name for name in field_ if name not in LATER],
        "later": [name for name in field_ if name in LATER],
        "all": [*first, *field_],
    }
    return groups[asked.families]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="the first of the seeds")
    parser.add_argument(
        "--families", choices=("first", "field", "later", "all"), default="all", help="which families"
    )
    parser.add_argument("--family", choices=sorted([*FAMILIES, *FIELD]), action="append")
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--validation", action="store_true", help="only the families kept for validation")
    parser.add_argument("--tuning", action="store_true", help="only the families that may be tuned on")
    parser.add_argument("--wrong", action="store_true", help="say what was not right, with its seed")
    parser.add_argument(
        "--corpus", type=Path, help="a folder of documents with truths, for a second reliability table"
    )
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.count)
    report = run(seeds, chosen_families(asked), asked.language, wrong=asked.wrong)
    print(*report.lines(), sep="\n")
    if asked.corpus:
        real = over_corpus(asked.corpus)
        print("\nover real documents:", *reliability(real.said), real.decisions(), sep="\n")


if __name__ == "__main__":
    main()
