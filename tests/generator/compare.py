"""Is a value that was read the value that was printed?

VAT numbers and IBANs are compared without prefix, spaces and dots, amounts by absolute value (a credit note may
be printed either way), names by likeness.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final

HEADER: Final = (
    "vendor.name", "vendor.vat_number", "vendor.fiscal_code", "vendor.iban", "vendor.country",
    "buyer.name", "buyer.vat_number", "buyer.fiscal_code", "buyer.country",
    "invoice.number", "invoice.date", "invoice.due_date", "invoice.type", "invoice.currency", "invoice.po_number",
    "financials.subtotal", "financials.tax_amount", "financials.total", "financials.tax_rate",
)  # fmt: skip
MORE: Final = (
    "vendor.address", "vendor.city", "vendor.zip_code", "vendor.email", "vendor.phone", "vendor.bic",
    "buyer.address", "buyer.city", "buyer.zip_code", "financials.discount", "financials.stamp_duty",
    "financials.social_security", "financials.withholding_tax", "financials.rounding", "financials.prepaid", "financials.amount_due",
)  # fmt: skip
CORE_MONEY: Final = ("subtotal", "tax_amount", "total")
TABLES: Final = {
    "line_items": ("quantity", "unit_price", "amount"),
    "tax_breakdown": ("rate", "base", "amount"),
}
NUMERIC: Final = frozenset({
    "subtotal", "tax_amount", "total", "tax_rate", "amount", "unit_price", "quantity", "rate", "base", "discount", "stamp_duty",
    "social_security", "withholding_tax", "rounding", "prepaid", "amount_due",
})  # fmt: skip
ALIKE: Final = 0.9
ALIKE_TEXT: Final = 0.7


class Outcome(StrEnum):
    """What became of a printed value."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSED = "missed"


def value_at(tree: Mapping[str, Any], path: str) -> Any:
    """The value at a path of a result, or None."""
    found: Any = tree
    for key in re.findall(r"[^.\[\]]+", path):
        if isinstance(found, Sequence) and not isinstance(found, str):
            found = found[int(key)] if int(key) < len(found) else None
        else:
            found = found.get(key) if isinstance(found, Mapping) else None
    return found


def plain(text: object) -> str:
    """Letters and digits alone, without accents, in lower case."""
    ascii_text = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", ascii_text))


def _number(value: object) -> Decimal | None:
    try:
        return abs(Decimal(str(value)))
    except InvalidOperation:
        return None


def _compact(text: object) -> str:
    return re.sub(r"[^A-Z0-9]", "", str(text).upper())


def _bare_vat(text: object) -> str:
    return re.sub(r"(MWST|TVA|IVA)$", "", re.sub(r"^[A-Z]{2}(?=[0-9A-Z]{6,})", "", _compact(text)))


def same(path: str, got: object, want: object) -> bool:
    """Do two values of a path say the same?"""
    leaf = path.rsplit(".", 1)[-1]
    if leaf in NUMERIC:
        a, b = _number(got), _number(want)
        return a is not None and b is not None and abs(a - b) <= Decimal("0.005")
    if leaf == "vat_number":
        return _bare_vat(got) == _bare_vat(want)
    if leaf in {"fiscal_code", "iban", "bic", "phone"}:
        return _compact(got) == _compact(want)
    if leaf in {"number", "po_number"}:
        return re.sub(r"\s", "", str(got)).lower() == re.sub(r"\s", "", str(want)).lower()
    a, b = plain(got) or str(got).casefold(), plain(want) or str(want).casefold()
    likeness = ALIKE if leaf in {"name", "address", "city"} else 1.0
    return bool(a) and (a == b or SequenceMatcher(None, a, b).ratio() >= likeness)


def outcomes(
    got: Mapping[str, Any], want: Mapping[str, Any], paths: Iterable[str] = HEADER
) -> dict[str, Outcome]:
    """What became of each path that the truth has."""
    found = {}
    for path in paths:
        expected, actual = value_at(want, path), value_at(got, path)
        if expected in (None, ""):
            continue
        if actual in (None, ""):
            found[path] = Outcome.MISSED
        else:
            found[path] = Outcome.RIGHT if same(path, actual, expected) else Outcome.WRONG
    return found


def _row_matches(got: Mapping[str, Any], want: Mapping[str, Any], keys: Sequence[str]) -> bool:
    if any(got.get(k) is None or not same(k, got[k], want[k]) for k in keys if want.get(k) is not None):
        return False
    a, b = plain(got.get("description") or ""), plain(want.get("description") or "")
    return not b or b in a or SequenceMatcher(None, a, b).ratio() >= ALIKE_TEXT


def matched(got: Sequence[Mapping[str, Any]], want: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> int:
    """How many rows of the truth found their own row."""
    left, hits = list(got), 0
    for row in want:
        for index, candidate in enumerate(left):
            if _row_matches(candidate, row, keys):
                hits += 1
                del left[index]
                break
    return hits
