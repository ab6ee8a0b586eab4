"""Pages without words: a model looks at their pictures, and what it says is believed the less.

Where recognition left a few words, answers are looked up among them. The rest is kept as it was said, marked
as standing nowhere, with a confidence that no policy accepts unseen.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec
from stdnum import iban

import prompts
from app.extraction.llm.answers import Answer, decoded
from app.extraction.llm.fields import HEADER, Kind, described, kind_of
from app.extraction.llm.grounding import Value, amount_of, grounded
from app.extraction.llm.merge import evidence_of
from app.extraction.llm.numbering import Numbered, as_text
from app.extraction.page.text.amounts import CURRENCY_SIGNS
from app.extraction.page.text.identifiers import compact
from app.model.consultation import Consultation, Help, Inquiry, Picture
from app.model.evidence import Evidence, Source
from app.model.extraction import Extraction, Reading
from app.model.paths import with_values

FEW: Final = 8
"""Words in a document below which it counts as one without."""
PROMPT: Final = prompts.load("see-fields", 1)
MALFORMED: Final = "MODEL_REPLY_MALFORMED"
_UNGROUNDED: Final = 0.3
"""Confidence in what stands nowhere."""
_GROUNDED: Final = 0.6
_ANSWER_TOKENS: Final = 4_000
_CURRENCIES: Final = frozenset(CURRENCY_SIGNS.values()) - {""}


def seen(extraction: Extraction, words: Numbered, pictures: Sequence[Picture], help_: Help) -> Extraction:
    """The extraction with what a model saw; as it was where it saw nothing."""
    reply = help_.ask(
        Inquiry(
            prompt=PROMPT.label,
            prompt_sha256=PROMPT.sha256,
            instructions=PROMPT.instructions,
            document=PROMPT.fill("document", words=as_text(words, words.found.lines)),
            question=PROMPT.fill("question", fields=described(tuple(HEADER))),
            schema=PROMPT.schema,
            pictures=tuple(pictures),
            answer_tokens=_ANSWER_TOKENS,
        )
    )
    read = decoded(reply.text)
    trouble = reply.trouble or ("" if read.whole else MALFORMED)
    values, fields = _believed(read.answers, words)
    ungrounded = tuple(path for path, proof in fields.items() if proof.bbox is None)
    took_part = Consultation(
        prompt=PROMPT.label,
        prompt_sha256=PROMPT.sha256,
        model=reply.model,
        asked=tuple(HEADER),
        taken=tuple(values),
        spent=reply.spent,
        trouble=(trouble,) if trouble else (),
    )
    return _noted(extraction, values, fields, took_part, ungrounded)


def _believed(answers: Sequence[Answer], words: Numbered) -> tuple[dict[str, Value], dict[str, Evidence]]:
    values: dict[str, Value] = {}
    fields: dict[str, Evidence] = {}
    for answer in answers:
        if answer.path not in HEADER or answer.path in values:
            continue
        claim = grounded(answer, words) if words.count else None
        value = claim.value if claim is not None else _plain(answer)
        if value is not None:
            values[answer.path] = value
            fields[answer.path] = (
                evidence_of(claim, _GROUNDED)
                if claim is not None
                else Evidence(confidence=_UNGROUNDED, source=Source.MODEL)
            )
    if "invoice.currency" in values:
        values["financials.currency"] = values["invoice.currency"]
        fields["financials.currency"] = fields["invoice.currency"]
    return values, fields


def _noted(
    extraction: Extraction,
    values: Mapping[str, Value],
    fields: Mapping[str, Evidence],
    took_part: Consultation,
    ungrounded: tuple[str, ...],
) -> Extraction:
    before = extraction.readings[0]
    reading = Reading(invoice=with_values(before.invoice, values), fields={**before.fields, **fields})
    seen_it = msgspec.structs.replace(
        extraction.observations,
        invoice_count=1 if values else extraction.observations.invoice_count,
        ungrounded=ungrounded,
        model_trouble=took_part.trouble,
    )
    return msgspec.structs.replace(
        extraction,
        readings=(reading, *extraction.readings[1:]),
        observations=seen_it,
        consultation=took_part,
        confidence=0.0,
        model=took_part.model if values else extraction.model,
    )


def _plain(answer: Answer) -> Value | None:
    """A value of the right kind, as the model wrote it."""
    kind = kind_of(answer.path)
    return _BY_KIND.get(kind, _text)(answer.value) if kind is not None else None


def _text(text: str) -> Value | None:
    return text.strip() or None


def _date(text: str) -> Value | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _amount(text: str) -> Value | None:
    value = amount_of(text)
    return None if value is None else abs(value)


def _currency(text: str) -> Value | None:
    return text.upper() if text.upper() in _CURRENCIES else None


def _iban(text: str) -> Value | None:
    return compact(text) if iban.is_valid(compact(text)) else None


def _number(text: str) -> Value | None:
    return text.strip() if any(map(str.isdigit, text)) else None


_BY_KIND: Final[Mapping[Kind, Callable[[str], Value | None]]] = MappingProxyType({
    Kind.DATE: _date, Kind.MONEY: _amount, Kind.RATE: _amount, Kind.CURRENCY: _currency, Kind.IBAN: _iban,
    Kind.NUMBER: _number, Kind.VAT_NUMBER: lambda text: compact(text) if _number(text) else None,
})  # fmt: skip
