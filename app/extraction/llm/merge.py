"""A model's answers and the reader's own values made one: the page decides between them.

A value that agrees confirms. One for a field that was empty is taken when the page bears it out. One that
contradicts replaces only what the page bears out less, and never what the sums prove. Whatever else a model
says is left out, and named where it does not even stand on the page.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec

from app.extraction.llm.doubts import SURE
from app.extraction.llm.fields import Kind
from app.extraction.llm.grounding import Grounded, Value
from app.extraction.llm.sums import SUMS, settled
from app.extraction.llm.support import Page, support
from app.extraction.page.scan import ALIGNED
from app.extraction.page.text import Place
from app.model.evidence import Evidence, Source
from app.model.extraction import Reading
from app.model.paths import leaves, with_values

ENOUGH: Final = 0.3
"""Support from which a value for an empty field is taken."""
_NAMED: Final = 0.6
"""Support from which a value for an empty field that nobody needs is taken."""
_LEAD: Final = 0.1
"""How much better borne out a value must be than the one it replaces."""
_LEAD_OF_NAMES: Final = 0.25
"""The same of names, of which no label or check digit tells for certain."""
_LEAD_OVER_SURE_NAMES: Final = 0.35
_SETTLED: Final = 0.6
"""Confidence in a party's name from which it is not the other's."""
_CONFIRMED: Final = 0.5
"""What agreement leaves of the doubt."""
_HIGHEST: Final = 0.99
_MOST: Final = 0.89
"""Confidence in a model's value that nothing proves: never enough to be booked unseen."""
_ELSEWHERE: Final = 0.3  # of the trust in an identifier in the block of the other party
_BLOCK: Final = 12  # line heights from a name to the last line of its block
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

    def __init__(
        self, held: Mapping[str, Held], page: Page, names: Mapping[str, Place], open_: Collection[str]
    ) -> None:
        self._held = held
        self._page = page
        self._names = names
        self._open = open_
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
        weight = self._weight(claim)
        if held is None:
            self._decide(claim, weight, taken=weight >= (ENOUGH if claim.path in self._open else _NAMED))
        else:
            self._decide(claim, weight, taken=claim.path in self._open and self._beats(claim, weight, held))

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
        known = self._known(held)
        lead = _LEAD
        if claim.kind is Kind.NAME:
            lead = _LEAD_OVER_SURE_NAMES if _is_sure(held) else _LEAD_OF_NAMES
        return weight >= ENOUGH and weight - known >= lead

    def _weight(self, value: Grounded) -> float:
        """How well the page bears it out, knowing where the parties' names stand."""
        weight = support(value, self._page)
        return _ELSEWHERE * weight if self._names and in_others_block(value, self._names) else weight

    def _known(self, held: Held) -> float:
        """How well the page bears out what was read; as well as it was sure, where it is not found again."""
        if held.again is None:
            return held.evidence.confidence if held.evidence else 0.0
        if self._is_others(held.again):
            return 0.0
        return self._weight(held.again)

    def _is_others(self, value: Grounded) -> bool:
        """Whether what was read for one party was read for the other too."""
        other = self._held.get(other_partys(value.path))
        return other is not None and same(value.kind, other.value, value.value)


def merged(
    reading: Reading,
    claims: Sequence[Grounded],
    held: Mapping[str, Held],
    page: Page,
    open_: Collection[str],
) -> Merged:
    """The header of a reading with a model's grounded answers.

    Only the values of `open_` paths may be replaced; the others were asked for to be confirmed.
    """
    named = [claim for claim in claims if claim.kind is Kind.NAME]
    ballot = _Ballot(held, page, {claim.path: claim.place for claim in named}, open_)
    parties = {claim.path: str(claim.value) for claim in named}
    for claim in claims:
        if claim.path in SUMS:
            continue
        if _other_party(claim, parties, held):
            ballot.refused.append(claim.path)
        else:
            ballot.weigh(claim)
    for claim, confidence in settled(reading, [it for it in claims if it.path in SUMS], page, open_):
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


def in_others_block(value: Grounded, names: Mapping[str, Place]) -> bool:
    """Whether an identifier stands under the name of the other party, in its column."""
    party = value.path.partition(".")[0]
    name = names.get({"vendor": "buyer.name", "buyer": "vendor.name"}.get(party, ""))
    if name is None or value.kind is Kind.NAME or name.page != value.place.page:
        return False
    below = value.place.box.top - name.box.top
    left = value.line.box_of(*value.line.segment_at(value.start)).x0
    return 0 < below < _BLOCK * (name.box.bottom - name.box.top) and abs(left - name.box.x0) < ALIGNED


def _is_sure(held: Held) -> bool:
    return held.evidence is not None and held.evidence.confidence >= SURE


def _is_settled(there: Held) -> bool:
    return there.evidence is not None and there.evidence.confidence >= _SETTLED


def other_partys(path: str) -> str:
    """The same field of the other party."""
    party, _, leaf = path.partition(".")
    return f"{'buyer' if party == 'vendor' else 'vendor'}.{leaf}"


def _other_party(claim: Grounded, given: Mapping[str, str], held: Mapping[str, Held]) -> bool:
    """Whether an answer is what identifies the other party, by the answers or by what was read."""
    party, _, _ = claim.path.partition(".")
    if party not in {"vendor", "buyer"}:
        return False
    path = other_partys(claim.path)
    others = [given[path]] if path in given else []
    there = held.get(path)
    if there is not None and (path not in given or _is_settled(there)):
        others.append(str(there.value))
    own = held.get(claim.path)
    if own is not None and same(claim.kind, own.value, claim.value):
        return False
    return any(same(claim.kind, other, claim.value) for other in others)
