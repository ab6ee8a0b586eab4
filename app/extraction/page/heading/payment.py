"""How, when and in which money it is to be paid."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from app.extraction.page.sums.cast import Totals
from app.extraction.page.text.amounts import CURRENCY_SIGNS
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.scan import Scan, targets
from app.model.invoice import PaymentMethod

_ISO: Final = 3  # letters of a currency code
_ANNOUNCED: Final = 0.8  # score of a way that stands beside its label
_METHODS: Final = {
    "method_bank_transfer": PaymentMethod.BANK_TRANSFER,
    "method_direct_debit": PaymentMethod.DIRECT_DEBIT,
    "method_card": PaymentMethod.CARD,
    "method_cash": PaymentMethod.CASH,
    "method_check": PaymentMethod.CHECK,
    "method_other": PaymentMethod.OTHER,
}
_DOLLARS: Final = {"AU": "AUD", "CA": "CAD", "NZ": "NZD", "SG": "SGD", "HK": "HKD"}
_CODE: Final = re.compile(
    r"(?<![A-Za-z])(EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|HUF|RON|CAD|AUD|NZD|JPY|INR|DEM|BRL|MXN|HKD|SGD|ZAR|BGN|TRY|AED|CNY)(?![A-Za-z])"
)
_SIGN: Final = re.compile(r"[€£]|(?<![A-Za-z])(?:S|A|C|CA|R|NT)\$")
"""That one currency alone has; in the heads of columns no amount stands beside it."""
_WORD: Final = re.compile(
    r"(?i)(?<![A-Za-z])(euro|euros|zlot[yi]|złot[ye]|pounds sterling|us dollars?|schweizer franken)"
    r"(?![A-Za-z])"
)
_BEHIND_AMOUNTS: Final = re.compile(r"\d ?(Ft|TL|Kčs)(?![A-Za-z])")
_ABBREVIATED: Final = {"Ft": "HUF", "TL": "TRY", "Kčs": "CZK"}
"""Signs that are everyday abbreviations elsewhere: feet, a teaspoon."""
_WORDS: Final = {"eur": "EUR", "zlo": "PLN", "zło": "PLN", "pou": "GBP", "us ": "USD", "sch": "CHF"}
_SPOKEN: Final = 0.7  # of the trust in a currency that only a sentence names


def currency_of(found: Scan, totals: Totals, country: str | None = None) -> Text | None:
    """The currency of the document: labelled, else the one that most amounts carry.

    A bare `$` is the dollar that a code on the pages names, else that of the seller's `country`.
    """
    labelled = _labelled_currency(found)
    if labelled:
        return labelled
    votes: dict[str, list[Text]] = {}
    for text in (*_on_amounts(found, totals.total.value if totals.total else None), *_alone(found)):
        votes.setdefault(text.value, []).append(text)
    if not votes:
        return _spelt_out(found)
    if _is_bare_dollar(votes.get("USD", ())):
        _name_dollar(votes, country)
    best = max(votes.values(), key=lambda texts: sum(text.score for text in texts))
    share = sum(text.score for text in best) / sum(text.score for texts in votes.values() for text in texts)
    text = max(best, key=lambda text: text.score)
    return Text(text.value, text.place, 0.5 + 0.47 * share)


def _is_bare_dollar(texts: Sequence[Text]) -> bool:
    """Whether dollars stand on the pages, and nowhere whose."""
    return bool(texts) and not any("us" in text.place.text.lower() for text in texts)


def _name_dollar(votes: dict[str, list[Text]], country: str | None) -> None:
    """Count the bare dollars for the dollar that is meant."""
    meant = next((code for code in votes if code in _DOLLARS.values()), _DOLLARS.get(country or ""))
    if meant:
        bare = [Text(meant, text.place, text.score) for text in votes.pop("USD")]
        votes.setdefault(meant, []).extend(bare)


def _labelled_currency(found: Scan) -> Text | None:
    for label in found.all_labels("currency"):
        for target in targets(label, found):
            match = _CODE.search(target.text) or _WORD.search(target.text)
            if match:
                code = match[1].upper() if len(match[1]) == _ISO else _WORDS[match[1][:3].lower()]
                place = target.line.place(target.start + match.start(), target.start + match.end())
                return Text(code, place, 0.97)
    return None


def _spelt_out(found: Scan) -> Text | None:
    """The currency that a sentence names, where no sign or code stands anywhere: `Amounts in euros`."""
    for line in found.lines:
        if match := _WORD.search(line.text):
            return Text(_WORDS[match[1][:3].lower()], line.place(*match.span()), _SPOKEN)
        if match := _BEHIND_AMOUNTS.search(line.text):
            return Text(_ABBREVIATED[match[1]], line.place(*match.span(1)), _SPOKEN)
    return None


def _on_amounts(found: Scan, total: Decimal | None) -> Iterator[Text]:
    """Currencies that stand with an amount; with the total they count most."""
    for line, hits in zip(found.lines, found.amounts, strict=True):
        for hit in hits:
            if hit.currency:
                weight = 5.0 if abs(hit.readings[0]) == total else 1.0
                yield Text(hit.currency, line.place(hit.start, hit.end), weight)


def _alone(found: Scan) -> Iterator[Text]:
    """Codes and signs of currencies anywhere."""
    for line in found.lines:
        for match in _CODE.finditer(line.text):
            yield Text(match[1], line.place(*match.span()), 1.0)
        for match in _SIGN.finditer(line.text):
            yield Text(CURRENCY_SIGNS[match.group().lower()], line.place(*match.span()), 0.5)


def payment_method(found: Scan) -> Text | None:
    """How it is to be paid: named beside its label, else the only way that is named."""
    named: dict[str, Text] = {}
    for label in found.all_labels(*_METHODS):
        kind = next(sense.kind for sense in label.senses if sense.kind in _METHODS)
        announced = any(
            other.means("payment_method", "payment_terms") for other in found.labels[label.line.number]
        )
        text = Text(_METHODS[kind], label.line.place(label.start, label.end), 0.9 if announced else 0.6)
        if kind not in named or named[kind].score < text.score:
            named[kind] = text
    sure = [text for text in named.values() if text.score > _ANNOUNCED]
    if len(sure) == 1:
        return sure[0]
    return next(iter(named.values())) if len(named) == 1 and not sure else None


def payment_terms(found: Scan) -> Text | None:
    """The printed terms of payment."""
    for label in found.all_labels("payment_terms"):
        if not label.leads:
            continue
        for target in targets(label, found):
            text = target.text.strip()
            if any(char.isalpha() for char in text):
                return Text(text, target.line.place(target.start, target.end), 0.8)
    return None
