"""What a rule is: one small pure function, its code, and the type of the thing it judges.

```python
@rule("ARITHMETIC_MISMATCH", severity="error", source="EN 16931 BR-CO-15")
def total_is_subtotal_plus_tax(money: Financials) -> Iterator[Problem]:
    "The total must be the subtotal plus the tax."
    net, tax, total = need(money.subtotal), need(money.tax_amount), need(money.total)
    if net + tax != total:
        yield Problem("total", expected=net + tax, actual=total)
```

The first parameter's type is the subscription: a rule over `TaxLine` is called for each line of the tax
breakdown, and what it calls `amount` is reported as `tax_breakdown[1].amount`. Further parameters (`Context`,
`InvoiceHeader`, `Invoice` …) are given beside it; among them may be a type that is `Derived`.
"""

import datetime as dt
import inspect
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, NoReturn, Protocol, Self, TypeVar, get_type_hints

import msgspec

from app.errors import Misconfigured
from app.model.extraction import Extraction
from app.model.invoice import Invoice
from app.validation.context import Context
from app.validation.severity import Severity

Value = Decimal | dt.date | str | int | None
Check = Callable[..., Iterator["Problem"]]
Condition = Callable[[Extraction, Invoice], str]
"""Says why an invoice is none that a rule is for; empty when it is."""
Known = TypeVar("Known")

_CODE: Final = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


class Problem(msgspec.Struct, frozen=True, gc=False):
    """What a rule found wrong.

    Paths are relative to what the rule judges; one that starts with `$.` is taken from the top of the result.
    """

    path: str
    expected: Value = None
    actual: Value = None
    message: str = ""
    """A sentence for a person; the rule's title with expected and actual when empty."""
    paths: tuple[str, ...] = ()
    """The other values that took part."""


class Derived(Protocol):
    """What several rules want to know and is worked out once for each invoice: a parameter of that type.

    What it raises is as if each of these rules had raised it: `need()` and `skip()` skip them all.
    """

    @classmethod
    def derive(cls, invoice: Invoice, context: Context) -> Self:
        """Work it out."""


class Skipped(Exception):  # control flow between a rule and the engine, not a fault
    """A rule cannot be checked here; the engine turns it into a reason."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A rule with all that is known about it; the same as itself alone."""

    code: str
    """Permanent: never renamed, never reused."""
    severity: Severity
    title: str
    documentation: str
    source: str
    """Law or standard, with article; several separated by semicolons."""
    countries: frozenset[str]
    """ISO 3166-1 alpha-2 of the sellers whom it concerns; empty for all."""
    since: dt.date | None
    """First invoice date it applies to."""
    until: dt.date | None
    """Last invoice date it applies to."""
    when: Condition | None
    """Kinds of file and document it is for; asked once for all rules that share it."""
    subject: type
    beside: tuple[type, ...]
    check: Check


def rule(  # noqa: PLR0913  # each is a fact of the rule, given by name
    code: str,
    *,
    severity: str,
    source: str,
    countries: tuple[str, ...] = (),
    since: dt.date | None = None,
    until: dt.date | None = None,
    when: Condition | None = None,
) -> Callable[[Check], Rule]:
    """Make a rule of a function; nothing is registered, a package lists its rules itself.

    Raises:
        Misconfigured: when the code is malformed, or the function lacks documentation or types.
    """
    if not _CODE.fullmatch(code):
        raise Misconfigured(f"{code} is no code of a rule: capitals, digits and underscores only.")

    def make(check: Check) -> Rule:
        title, documentation = _documentation(code, check)
        subject, *beside = _parameters(code, check)
        return Rule(
            code=code,
            severity=Severity(severity),
            title=title,
            documentation=documentation,
            source=source,
            countries=frozenset(countries),
            since=since,
            until=until,
            when=when,
            subject=subject,
            beside=tuple(beside),
            check=check,
        )

    return make


def need(value: Known | None, name: str = "") -> Known:
    """The value, or the end of the check: a rule whose input was not read is skipped, never passed."""
    if value is None:
        raise Skipped(f"{name} was not read" if name else "a value it needs was not read")
    return value


def skip(reason: str) -> NoReturn:
    """End the check here, because it cannot be made."""
    raise Skipped(reason)


def _documentation(code: str, check: Check) -> tuple[str, str]:
    text = inspect.cleandoc(check.__doc__ or "")
    if not text:
        raise Misconfigured(f"The rule {code} has no documentation.")
    title, _, rest = text.partition("\n\n")
    return " ".join(title.split()), rest


def _parameters(code: str, check: Check) -> list[Any]:
    hints = get_type_hints(check)
    names = list(inspect.signature(check).parameters)
    if not names or any(name not in hints for name in names):
        raise Misconfigured(f"The rule {code} does not say by type what it judges.")
    return [hints[name] for name in names]
