"""Fits the reader's calibration: python -m tests.generator.calibrate --count 800 [--corpus DIR] [--write]

Certainties are gathered over freshly generated invoices of the tuning families and, where a folder of real
documents with truths is named, over those, both with the same weight. Each field gets a rising curve by pooling
adjacent violators over its certainties, pulled towards a cautious mean where there is little evidence. The
reliability of the fitted curves is then printed over the validation families, which the fit has not seen, and
over the real documents with each folder left out of its own fit.
"""

import argparse
import math
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import msgspec

from app.extraction.page import calibration
from app.extraction.page import extract as page_extract
from app.extraction.page.calibration import Curves, Point, along, calibrate, field_of, product
from app.model.extraction import Extraction
from app.model.limits import Limits
from app.model.options import Options
from app.model.paths import CORE
from app.pipeline import read_invoice
from tests.generator import TUNING, VALIDATION, generate
from tests.generator.compare import HEADER, MORE, TABLES, Outcome, matched, outcomes
from tests.generator.field import DEVELOPMENT, HELD_OUT
from tests.generator.measure import as_result, corpus_cases, planned, reliability

TARGET: Final = Path(calibration.__file__).with_name("calibration.json")
STEP: Final = 0.05
FINE: Final = 0.01
"""The step for wholes, whose products lie close together."""
DOUBT: Final = 0.02
"""How much lower than observed a layout never seen is expected to be."""
DOUBT_OF_ALL: Final = 0.03
"""The same for readings as wholes: so far did invoices of unseen layouts stay below their curve."""
PRIOR: Final = 4.0
ONE_SIDED: Final = 1.645
"""Standard deviations of a one-sided bound of 95 %: a whole reading is trusted only as far as is proved."""
NAMES: Final = ("vendor.name", "buyer.name")
WITNESSES: Final = 10
"""Invoices of one layout that count as one for a name."""
SELDOM: Final = 25
"""Fields met less often share one curve."""


@dataclass(frozen=True)
class Read:
    """One document that was read, with what became of its values."""

    origin: str
    """`tuning`, `validation`, or the folder of a real document."""
    extraction: Extraction
    said: tuple[tuple[str, float, bool], ...]
    """Field, certainty, right."""
    whole: bool
    """Every printed core field is right."""


def judged(origin: str, extraction: Extraction, truth: dict[str, Any]) -> Read:
    """Compare a reading with its truth."""
    result = as_result(extraction)
    found = outcomes(result, truth, (*HEADER, *MORE))
    said = [
        (path, extraction.fields[path].confidence, o is Outcome.RIGHT)
        for path, o in found.items()
        if o is not Outcome.MISSED and path in extraction.fields
    ]
    said += _rows(extraction, result, truth)
    core = outcomes(result, truth, CORE)
    return Read(origin, extraction, tuple(said), all(o is Outcome.RIGHT for o in core.values()))


def _rows(
    extraction: Extraction, result: dict[str, Any], truth: dict[str, Any]
) -> Iterator[tuple[str, float, bool]]:
    """A row's values are right when the row as a whole stands in the truth."""
    for name, keys in TABLES.items():
        wanted = truth.get(name) or []
        for index, row in enumerate(result[name] if wanted else ()):
            right = any(matched([row], [want], keys) for want in wanted)
            for path, proof in extraction.fields.items():
                if path.startswith(f"{name}[{index}]."):
                    yield field_of(path), proof.confidence, right


def generated(families: Sequence[str], seeds: range, origin: str) -> Iterator[Read]:
    """Freshly generated invoices, read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        for seed, family, language in planned(seeds, list(families), None):
            one = generate(seed, family, language)
            path.write_bytes(one.pdf)
            yield judged(origin, read_invoice(path, Options(), Limits()), one.truth)


def real(folder: Path) -> Iterator[Read]:
    """Real documents with their truths, by the folder they lie in."""
    for document, truth in corpus_cases(folder):
        try:
            extraction = read_invoice(document, Options(), Limits())
        except Exception as problem:
            print(f"not read: {type(problem).__name__}: {problem}")
            continue
        yield judged(str(document.relative_to(folder).parts[0]), extraction, truth)


def rising(
    samples: Sequence[tuple[float, bool, float]], caution: float, step_of: float = STEP, *, bound: float = 0.0
) -> tuple[Point, ...]:
    """A rising curve through weighted samples of (certainty, right, weight): isotonic regression over steps.

    With a `bound` (in standard deviations) each pool gives the lower end of what it may mean.
    """
    bins: dict[float, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for certainty, right, weight in samples:
        step = round(round(certainty / step_of) * step_of, 2)
        bins[step][0] += weight * right
        bins[step][1] += weight
    pools: list[list[float]] = []
    for step in sorted(bins):
        right, weight = bins[step]
        pools.append([right + PRIOR * caution, weight + PRIOR, step, step])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] >= pools[-1][0] / pools[-1][1]:
            last = pools.pop()
            pools[-1] = [pools[-1][0] + last[0], pools[-1][1] + last[1], pools[-1][2], last[3]]
    points, floor = [], 0.0
    for right, weight, low, high in pools:
        floor = max(floor, round(_at_least(right, weight, bound), 3))
        points += [(x, floor) for x in dict.fromkeys((low, high))]
    return tuple(points)


def _at_least(right: float, weight: float, bound: float) -> float:
    """The lower end of Wilson's interval for a share; the share itself without a bound."""
    share, spread = right / weight, bound * bound / weight
    centre = share + spread / 2
    return (centre - bound * math.sqrt((share * (1 - share) + spread / 4) / weight)) / (1 + spread)


def fit(reads: Sequence[Read]) -> Curves:
    """Curves over readings, generated and real ones weighing the same in all."""
    real_count = sum(r.origin not in {"tuning", "validation"} for r in reads)
    scale = (len(reads) - real_count) / real_count if real_count else 1.0
    by_field: dict[str, list[tuple[float, bool, float]]] = defaultdict(list)
    for read in reads:
        weight = 1.0 if read.origin == "tuning" else min(scale, 5.0)
        for path, certainty, right in read.said:
            by_field[field_of(path)].append((certainty, right, weight))
    every = [sample for samples in by_field.values() for sample in samples]
    default = rising(every, _cautious(every))
    fields = {
        path: _of_names(samples) if path in NAMES else rising(samples, _cautious(samples))
        for path, samples in sorted(by_field.items())
        if len(samples) >= SELDOM
    }
    first = Curves(fields=fields, default=default, whole=((0.0, 0.0), (1.0, 1.0)))
    wholes = [
        (
            product(calibrate(r.extraction, first).fields),
            r.whole,
            1.0 if r.origin == "tuning" else min(scale, 5.0),
        )
        for r in reads
    ]
    return Curves(
        fields=fields, default=default, whole=rising(wholes, _cautious(wholes), FINE, bound=ONE_SIDED)
    )


def _of_names(samples: Sequence[tuple[float, bool, float]]) -> tuple[Point, ...]:
    """The curve of a name: where it stands is the layout's, so a layout's invoices are one witness together."""
    fewer = [(certainty, right, weight / WITNESSES) for certainty, right, weight in samples]
    return rising(fewer, _cautious(fewer), bound=ONE_SIDED)


def _cautious(samples: Sequence[tuple[float, bool, float]]) -> float:
    weight = sum(w for _, _, w in samples)
    return max(0.0, sum(w for _, right, w in samples if right) / weight - DOUBT) if weight else 0.5


def report(title: str, reads: Sequence[Read], by: Curves | None) -> Iterator[str]:
    """Reliability of every value, and of the readings as wholes."""
    yield f"\n{title}: every value"
    said = [
        (along(by.fields.get(field_of(p), by.default), c) if by else c, ok)
        for r in reads
        for p, c, ok in r.said
    ]
    yield from reliability(said)
    if by:
        yield f"\n{title}: the invoice as a whole"
        yield from reliability([(calibrate(r.extraction, by).confidence, r.whole) for r in reads])


def crossed(reads: Sequence[Read], others: Sequence[Read]) -> Iterator[tuple[Curves, list[Read]]]:
    """For each folder of real documents, curves that have not seen it."""
    for origin in sorted({r.origin for r in reads}):
        yield (
            fit([*others, *(r for r in reads if r.origin != origin)]),
            [r for r in reads if r.origin == origin],
        )


def lowered(by: Curves, corpus: Sequence[Read], tuning: Sequence[Read]) -> Curves:
    """The curve of the whole, lowered by the doubt and by how much too sure it is over folders its fit has not seen."""
    pairs = [
        (calibrate(r.extraction, other).confidence, r.whole)
        for other, reads in crossed(corpus, tuning)
        for r in reads
    ]
    excess = max(0.0, sum(c - ok for c, ok in pairs) / len(pairs)) if pairs else 0.0
    whole = tuple((x, round(max(0.01, y - excess - DOUBT_OF_ALL), 3)) for x, y in by.whole)
    return msgspec.structs.replace(by, whole=whole)


def _held_out(folders: Iterable[tuple[Curves, list[Read]]]) -> Iterator[str]:
    values, wholes = [], []
    for by, reads in folders:
        values += [
            (along(by.fields.get(field_of(p), by.default), c), ok) for r in reads for p, c, ok in r.said
        ]
        wholes += [(calibrate(r.extraction, by).confidence, r.whole) for r in reads]
    yield "\nreal documents, each folder left out of its own fit: every value"
    yield from reliability(values)
    yield "\nreal documents, each folder left out of its own fit: the invoice as a whole"
    yield from reliability(wholes)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=480, help="generated invoices of the tuning families")
    parser.add_argument("--seed", type=int, default=100_000)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with patch.object(page_extract, "calibrate", lambda extraction: extraction, create=True):
        tuning = list(
            generated([*TUNING, *DEVELOPMENT], range(asked.seed, asked.seed + asked.count), "tuning")
        )
        validation = list(
            generated(
                [*VALIDATION, *HELD_OUT], range(asked.seed, asked.seed + asked.count // 2), "validation"
            )
        )
        corpus = list(real(asked.corpus)) if asked.corpus else []
    by = lowered(fit([*tuning, *corpus]), corpus, tuning)
    print(*report("validation families, uncalibrated", validation, None), sep="\n")
    print(*report("validation families, calibrated", validation, by), sep="\n")
    if corpus:
        print(*report("real documents, uncalibrated", corpus, None), sep="\n")
        print(*_held_out(crossed(corpus, tuning)), sep="\n")
    if asked.write:
        TARGET.write_bytes(msgspec.json.format(msgspec.json.encode(by), indent=1) + b"\n")


if __name__ == "__main__":
    main()
