"""A model's answers and the reader's own values made one: the page decides between them.

A value that agrees confirms. One for a field that was empty is taken when the page bears it out. One that
contradicts replaces only what the page bears out less, and never what the sums prove. Whatever else a model
says is left out, and named where it does not even stand on the page.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from app.extraction.llm.fields import Kind
from app.extraction.llm.grounding import Grounded, Value
from app.extraction.llm.sums import SUMS, settled
from app.extraction.llm.support import Page, support
from app.model.evidence import Evidence, Source
from app.model.extraction import Reading
from app.model.paths import leaves, with_values

ENOUGH: Final = 0.4
"""Support from which a value for an empty field is taken."""
_LEAD: Final = 0.25
"""How much better borne out a value must be than the one it replaces, where that was doubtful."""
_LEAD_OVER_SURE: Final = 0.4
_SURE: Final = 0.9
_CONFIRMED: Final = 0.5
"""What agreement leaves of the doubt."""
_HIGHEST: Final = 0.99
_MOST: Final = 0.89
"""Confidence in a model's value that nothing proves: never enough to be booked unseen."""
_CUT: Final = tuple(",;|(-–/:")


class Merged(msgspec.Struct, frozen=True):
    """A reading with a model's help."""

    reading: Reading
    taken: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


class Held(msgspec.Struct, frozen=True):
    """A value that was read before, as it would be weighed had a model given it."""

    value: Value
    evidence: Evidence | None
    again: Grounded | None
    """The same value found on the page where its evidence says it stands."""


class _Ballot:
    """The values of a reading while answers are weighed against them."""

    def __init__(self, held: Mapping[str, Held], page: Page) -> None:
        self._held = held
        self._page = page
        self.values: dict[str, Value] = {}
        self.fields: dict[str, Evidence] = {}
        self.confirmed: list[str] = []
        self.refused: list[str] = []

    def weigh(self, claim: Grounded) -> None:
        """Confirm, take or refuse one answer that stands on the page."""
        held = self._held.get(claim.path)
        if held is not None and same(claim.kind, held.value, claim.value):
            self.confirm(claim.path, held)
            return
        weight = support(claim, self._page)
        if held is None:
            self._decide(claim, weight, taken=weight >= ENOUGH)
        else:
            self._decide(claim, weight, taken=self._beats(claim, weight, held))

    def confirm(self, path: str, held: Held) -> None:
        """The model says what had been read."""
        self.confirmed.append(path)
        if held.evidence is not None:
            sure = 1 - (1 - held.evidence.confidence) * _CONFIRMED
            self.fields[path] = msgspec.structs.replace(
                held.evidence, confidence=round(max(held.evidence.confidence, min(sure, _HIGHEST)), 3)
            )

    def take(self, claim: Grounded, confidence: float) -> None:
        """The model's value stands from now on."""
        self.values[claim.path] = claim.value
        self.fields[claim.path] = evidence_of(claim, confidence)

    def _decide(self, claim: Grounded, weight: float, *, taken: bool) -> None:
        if taken:
            self.take(claim, min(_MOST, 0.3 + 0.6 * weight))
        else:
            self.refused.append(claim.path)

    def _beats(self, claim: Grounded, weight: float, held: Held) -> bool:
        if claim.kind is Kind.NAME and _shortened(str(held.value), str(claim.value)):
            return True
        before = held.evidence.confidence if held.evidence else 0.0
        known = support(held.again, self._page) if held.again is not None else 0.0
        lead = _LEAD_OVER_SURE if before >= _SURE else _LEAD
        return weight >= ENOUGH and weight - known >= lead


def merged(reading: Reading, claims: Sequence[Grounded], held: Mapping[str, Held], page: Page) -> Merged:
    """The header of a reading with a model's grounded answers."""
    ballot = _Ballot(held, page)
    parties = {claim.path: str(claim.value) for claim in claims if claim.kind is Kind.NAME}
    for claim in claims:
        if claim.path in SUMS:
            continue
        if _other_party(claim, parties, held):
            ballot.refused.append(claim.path)
        else:
            ballot.weigh(claim)
    for claim, confidence in settled(reading, [it for it in claims if it.path in SUMS], page):
        if confidence is None:
            ballot.refused.append(claim.path)
        elif claim.path in held and same(claim.kind, held[claim.path].value, claim.value):
            ballot.confirm(claim.path, held[claim.path])
        else:
            ballot.take(claim, confidence)
    values = dict(ballot.values)
    if "invoice.currency" in values:
        values["financials.currency"] = values["invoice.currency"]
        ballot.fields["financials.currency"] = ballot.fields["invoice.currency"]
    return Merged(
        Reading(invoice=with_values(reading.invoice, values), fields={**reading.fields, **ballot.fields}),
        tuple(ballot.values),
        tuple(ballot.confirmed),
        tuple(ballot.refused),
    )


def same(kind: Kind, one: object, other: object) -> bool:
    """Whether two values of a kind are one: texts without regard to case and spaces."""
    if isinstance(one, str) and isinstance(other, str):
        here, there = ("".join(filter(str.isalnum, text.casefold())) for text in (one, other))
        if kind is Kind.VAT_NUMBER:
            short, long = sorted((here, there), key=len)
            return bool(short) and long.endswith(short)
        return here == there
    return one == other


def evidence_of(claim: Grounded, confidence: float) -> Evidence:
    """Where a model's value stands."""
    place = claim.place
    return Evidence(
        confidence=round(confidence * place.certainty, 3),
        source=Source.MODEL,
        page=place.page,
        bbox=place.box,
        text=place.text,
    )


def values_of(reading: Reading) -> dict[str, object]:
    """The known values of a reading by path."""
    return dict(leaves(reading.invoice))


def _shortened(before: str, after: str) -> bool:
    """Whether a name is another without what follows a comma or a bracket in it."""
    rest = before[len(after) :].lstrip()
    return before.casefold().startswith(after.casefold()) and rest.startswith(_CUT)


def _other_party(claim: Grounded, given: Mapping[str, str], held: Mapping[str, Held]) -> bool:
    """Whether an answer is what identifies the other party, by the answers or by what was read."""
    party, _, leaf = claim.path.partition(".")
    if party not in {"vendor", "buyer"}:
        return False
    path = f"{'buyer' if party == 'vendor' else 'vendor'}.{leaf}"
    others = [given[path]] if path in given else []
    if path in held and path not in given:
        others.append(str(held[path].value))
    own = held.get(claim.path)
    if own is not None and same(claim.kind, own.value, claim.value):
        return False
    return any(same(claim.kind, other, claim.value) for other in others)
