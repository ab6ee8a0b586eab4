"""Which party a name or number is of: whose block it stands in, and whether two names were exchanged."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec

from app.extraction.llm.fields import Kind
from app.extraction.llm.grounding import Grounded, Value
from app.extraction.llm.support import Page, support
from app.extraction.page.text.lines import Place
from app.extraction.page.text.scan import ALIGNED
from app.model.evidence import Evidence
from app.model.extraction import Reading
from app.model.paths import leaves

_SETTLED: Final = 0.6
"""Confidence in a party's name from which it is not the other's."""
_BLOCK: Final = 12  # line heights from a name to the last line of its block
_UNKNOWN: Final = 0.3  # what a name that was not read counts against one that a model gives
_LEAD: Final = 0.1
_NAMES: Final = ("vendor.name", "buyer.name")
_MOVABLE: Final = frozenset({
    "vat_number", "fiscal_code", "address", "city", "zip_code", "province", "country", "email",
})  # fmt: skip


class Held(msgspec.Struct, frozen=True):
    """A value that was read before, as it would be weighed had a model given it."""

    value: Value
    evidence: Evidence | None
    again: Grounded | None
    """The same value found on the page where its evidence says it stands."""


class Moved(msgspec.Struct, frozen=True):
    """What belongs to the other party than it was read for."""

    values: dict[str, object]
    fields: dict[str, Evidence]
    dropped: set[str]


def same(kind: Kind, one: object, other: object) -> bool:
    """Whether two values of a kind are one: texts without regard to case and spaces."""
    if isinstance(one, str) and isinstance(other, str):
        here, there = ("".join(filter(str.isalnum, text.casefold())) for text in (one, other))
        if kind is Kind.VAT_NUMBER:
            short, long = sorted((here, there), key=len)
            return bool(short) and long.endswith(short)
        return here == there
    return one == other


def other_partys(path: str) -> str:
    """The same field of the other party."""
    party, _, leaf = path.partition(".")
    return f"{'buyer' if party == 'vendor' else 'vendor'}.{leaf}"


def is_other_partys(claim: Grounded, named: Sequence[Grounded], held: Mapping[str, Held]) -> bool:
    """Whether an answer is what identifies the other party, by the answers or by what was read."""
    if not claim.path.startswith(("vendor.", "buyer.")):
        return False
    own = held.get(claim.path)
    if own is not None and same(claim.kind, own.value, claim.value):
        return False
    path = other_partys(claim.path)
    given = [str(other.value) for other in named if other.path == path]
    there = held.get(path)
    if there is not None and (not given or _is_settled(there)):
        given.append(str(there.value))
    return any(same(claim.kind, other, claim.value) for other in given)


def exchanged(
    named: Sequence[Grounded], held: Mapping[str, Held], page: Page, open_: Collection[str]
) -> Grounded | None:
    """The buyer's name, where it was read as the seller's and both answers together are borne out better."""
    given = {claim.path: claim for claim in named}
    seller, buyer, before = given.get(_NAMES[0]), given.get(_NAMES[1]), held.get(_NAMES[0])
    if (
        seller is None
        or buyer is None
        or before is None
        or before.again is None
        or not set(_NAMES) & set(open_)
    ):
        return None
    taken_for = same(Kind.NAME, before.value, buyer.value) and not same(Kind.NAME, seller.value, buyer.value)
    there = held.get(_NAMES[1])
    if not taken_for or (there is not None and not same(Kind.NAME, there.value, seller.value)):
        return None
    known = _UNKNOWN if there is None or there.again is None else support(there.again, page)
    gain = support(seller, page) + support(buyer, page) - support(before.again, page) - known
    return buyer if gain >= _LEAD else None


def under(buyer: Grounded, reading: Reading, taken: Mapping[str, object]) -> Moved:
    """What was read for the seller and stands under the buyer's name."""
    moved = Moved({}, {}, set())
    known = dict(leaves(reading.invoice))
    for path, value in known.items():
        proof = reading.fields.get(path)
        leaf = path.partition(".")[2]
        if not path.startswith("vendor.") or leaf not in _MOVABLE or path in taken or proof is None:
            continue
        if (
            proof.bbox is None
            or proof.page != buyer.place.page
            or _is_below(proof.bbox.x0, proof.bbox.top, buyer.place)
        ):
            moved.values[path] = None
            moved.dropped.add(path)
            if f"buyer.{leaf}" not in known and proof.bbox is not None:
                moved.values[f"buyer.{leaf}"] = value
                moved.fields[f"buyer.{leaf}"] = proof
    return moved


def in_others_block(value: Grounded, names: Mapping[str, Place]) -> bool:
    """Whether an identifier stands under the other party's name, in its column, nearer than under its own."""
    party = value.path.partition(".")[0]
    name = names.get({"vendor": "buyer.name", "buyer": "vendor.name"}.get(party, ""))
    if name is None or value.kind is Kind.NAME or name.page != value.place.page:
        return False
    left = value.line.box_of(*value.line.segment_at(value.start)).x0
    own = names.get(f"{party}.name")
    nearer = own is not None and own.page == name.page and name.box.top < own.box.top <= value.place.box.top
    return _is_below(left, value.place.box.top, name) and not nearer


def _is_below(left: float, top: float, name: Place) -> bool:
    height = name.box.bottom - name.box.top
    return 0 < top - name.box.top < _BLOCK * height and abs(left - name.box.x0) < ALIGNED


def _is_settled(there: Held) -> bool:
    return there.evidence is not None and there.evidence.confidence >= _SETTLED
