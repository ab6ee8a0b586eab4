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
from app.extraction.llm.parties import (
    Held,
    exchanged,
    in_others_block,
    is_other_partys,
    other_partys,
    same,
    under,
)
from app.extraction.llm.sums import SUMS, settled
from app.extraction.llm.support import Page, support
from app.extraction.page.text.lines import Place
from app.model.evidence import Evidence, Source
from app.model.extraction import Disagreement, Reading
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
_CONFIRMED: Final = 0.5
"""What agreement leaves of the doubt."""
_HIGHEST: Final = 0.99
_MOST: Final = 0.89
"""Confidence in a model's value that nothing proves: never enough to be booked unseen."""
_ELSEWHERE: Final = 0.3  # of the trust in an identifier in the block of the other party
_EXCHANGED: Final = 0.7  # confidence in names that were found to be each other's
_CUT: Final = tuple(",;|(-–/:")


class Merged(msgspec.Struct, frozen=True):
    """A reading with a model's help."""

    reading: Reading
    taken: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    """Of the refused, those that contradict what was read."""


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
        self.refused: list[Grounded] = []

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
            self.refused.append(claim)

    def _beats(self, claim: Grounded, weight: float, held: Held) -> bool:
        known = self._known(held)
        if claim.kind is Kind.NAME and held.again is not None and _is_cut(claim, held.again, weight - known):
            return True
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
    exchange = exchanged(named, held, page, open_)
    for claim in claims:
        if claim.path in SUMS:
            continue
        if exchange and claim.kind is Kind.NAME:
            ballot.take(claim, _EXCHANGED)
        elif is_other_partys(claim, named, held):
            ballot.refused.append(claim)
        else:
            ballot.weigh(claim)
    for claim, confidence in settled(reading, [it for it in claims if it.path in SUMS], page, open_):
        if confidence is None:
            ballot.refused.append(claim)
        elif claim.path in held and same(claim.kind, held[claim.path].value, claim.value):
            ballot.confirm(claim.path, held[claim.path])
        else:
            ballot.take(claim, confidence)
    values: dict[str, object] = dict(ballot.values)
    dropped: set[str] = set()
    if exchange is not None:
        moved = under(exchange, reading, values)
        values |= moved.values
        ballot.fields |= moved.fields
        dropped = moved.dropped
    if "invoice.currency" in values:
        values["financials.currency"] = values["invoice.currency"]
        ballot.fields["financials.currency"] = ballot.fields["invoice.currency"]
    return Merged(
        Reading(
            invoice=with_values(reading.invoice, values),
            fields={
                path: it for path, it in {**reading.fields, **ballot.fields}.items() if path not in dropped
            },
        ),
        tuple(ballot.values),
        tuple(ballot.confirmed),
        tuple(claim.path for claim in ballot.refused),
        tuple(_disagreement(claim, held[claim.path]) for claim in ballot.refused if claim.path in held),
    )


def _disagreement(claim: Grounded, held: Held) -> Disagreement:
    """What was read, and what the model reads instead."""
    return Disagreement(
        path=claim.path,
        preferred=str(held.value),
        other=str(claim.value),
        preferred_source=held.evidence.source if held.evidence else Source.COMPUTED,
        other_source=Source.MODEL,
    )


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


def _is_cut(claim: Grounded, before: Grounded, gain: float) -> bool:
    """Whether what was read is the name and more, or a part of the name that is no worse borne out whole."""
    longer, shorter = (str(claim.value).casefold(), str(before.value).casefold())
    inside = f" {shorter} " in f" {longer} " and _covers(claim, before)
    return _shortened(str(before.value), str(claim.value)) or (inside and gain >= 0)


def _covers(claim: Grounded, before: Grounded) -> bool:
    return all(
        any(span.line is own.line and span.start <= own.start and own.end <= span.end for span in claim.spans)
        for own in before.spans
    )


def _shortened(before: str, after: str) -> bool:
    """Whether a name is another without what follows a comma or a bracket in it."""
    rest = before[len(after) :].lstrip()
    return before.casefold().startswith(after.casefold()) and rest.startswith(_CUT)


def _is_sure(held: Held) -> bool:
    return held.evidence is not None and held.evidence.confidence >= SURE
