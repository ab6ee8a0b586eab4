"""A model's rows and tax lines: taken whole, and only where they prove themselves against the totals."""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from app.extraction.llm.doubts import ITEMS, TAX_LINES, doubtful
from app.extraction.llm.grounding import Grounded
from app.extraction.llm.merge import Merged, evidence_of
from app.model.extraction import Reading
from app.model.invoice import LineItem, TaxLine
from app.model.job import HelpScope
from app.model.money import CENT, HUNDRED

_CELL: Final = re.compile(r"(line_items|tax_breakdown)\[(\d+)\]\.([a-z_]+)")
_PROVED: Final = 0.85
"""Confidence in a row of a table that adds up."""
_KINDS: Final = {ITEMS: LineItem, TAX_LINES: TaxLine}


def with_tables(reading: Reading, claims: Sequence[Grounded], names: tuple[str, ...]) -> Merged:
    """The reading with each of the tables that a model gave whole and that agrees with the totals."""
    taken: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    for name in names:
        own = [claim for claim in claims if claim.path.startswith(name + "[")]
        changed = _with_table(reading, own, name)
        if changed is not None:
            reading, taken = changed, (*taken, name)
        elif own:
            refused = (*refused, name)
    return Merged(reading, taken=taken, refused=refused)


def _with_table(reading: Reading, claims: Sequence[Grounded], name: str) -> Reading | None:
    rows: dict[int, dict[str, Grounded]] = {}
    for claim in claims:
        match = _CELL.fullmatch(claim.path)
        if match:
            rows.setdefault(int(match[2]), {})[match[3]] = claim
    ordered = [rows[index] for index in sorted(rows)]
    if not ordered or not all("amount" in row and _multiplies(row) for row in ordered):
        return None
    entries: Any = tuple(
        _KINDS[name](**{leaf: claim.value for leaf, claim in row.items()}) for row in ordered
    )
    invoice = msgspec.structs.replace(reading.invoice, **{name: entries})
    kept = {path: proof for path, proof in reading.fields.items() if not path.startswith(name + "[")}
    proofs = {
        f"{name}[{index}].{leaf}": evidence_of(claim, _PROVED)
        for index, row in enumerate(ordered)
        for leaf, claim in row.items()
    }
    changed = Reading(invoice=invoice, fields={**kept, **proofs})
    return None if name in doubtful(changed, HelpScope.NEEDED) else changed


def _multiplies(row: dict[str, Grounded]) -> bool:
    """Whether the parts of a row make its amount, where it has them and no discount lies between."""
    parts = {leaf: claim.value for leaf, claim in row.items()}
    if "base" in parts and "rate" in parts:
        off = abs(parts["base"] * parts["rate"] / HUNDRED - parts["amount"])  # type: ignore[operator]
        return bool(off <= 2 * CENT)
    if "quantity" in parts and "unit_price" in parts:
        whole = parts["quantity"] * parts["unit_price"]  # type: ignore[operator]
        return bool(parts["amount"] <= whole + CENT)  # type: ignore[operator]
    return True
