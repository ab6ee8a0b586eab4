"""The Italian natures (`Natura`): why no tax is charged."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.model.invoice import Invoice, TaxLine
from app.model.money import ZERO
from app.validation import Problem, need, rule, skip
from rules.kinds import italian, italian_ordinary

NATURES: Final = frozenset(
    {"N1", "N2.1", "N2.2", "N3.1", "N3.2", "N3.3", "N3.4", "N3.5", "N3.6", "N4", "N5", "N7"}
    | {"N6.1", "N6.2", "N6.3", "N6.4", "N6.5", "N6.6", "N6.7", "N6.8", "N6.9"}
)
"""Those in use since 2021."""
RETIRED: Final = frozenset(("N2", "N3", "N6"))
"""Those that were divided then."""
_DIVIDED: Final = dt.date(2021, 1, 1)


@rule(
    "NATURE_MISSING",
    severity="warning",
    source="FatturaPA 1.2.2, SdI 00400, 00429; DPR 633/1972 art. 21(6)",
    countries=("IT",),
    when=italian,
)
def zero_rate_has_a_nature(tax: TaxLine) -> Iterator[Problem]:
    """Where an Italian e-invoice charges no tax, it must say why by a nature.

    Why: the nature decides how the invoice is booked and declared, and whether the buyer owes the tax.

    Do: ask the seller for a corrected invoice.
    """
    if need(tax.rate, "rate") == 0 and tax.nature is None:
        yield Problem("nature", message="No tax is charged, and no nature is given.", paths=("rate",))


@rule("NATURE_SUPERFLUOUS", severity="warning", source="FatturaPA 1.2.2, SdI 00401, 00430", countries=("IT",))
def taxed_line_has_no_nature(tax: TaxLine) -> Iterator[Problem]:
    """Where a rate above zero is charged, there must be no nature.

    Why: the line says at once that tax is due and that it is not.

    Do: ask the seller for a corrected invoice.
    """
    nature, rate = need(tax.nature, "nature"), need(tax.rate, "rate")
    if rate > 0:
        yield Problem("nature", actual=nature, paths=("rate",))


@rule(
    "NATURE_UNKNOWN",
    severity="warning",
    source="FatturaPA 1.2.2, SdI 00445; Provv. AdE 99922/2020",
    countries=("IT",),
)
def nature_is_in_use(tax: TaxLine, invoice: Invoice) -> Iterator[Problem]:
    """A nature must be one of the official list; N2, N3 and N6 were divided on 1 January 2021.

    Why: the exchange system refuses others, and the declaration has no field for them.

    Do: ask the seller for a corrected invoice.
    """
    nature = need(tax.nature, "nature")
    day = need(invoice.invoice.date, "invoice.date")
    if nature not in NATURES and not (nature in RETIRED and day < _DIVIDED):
        yield Problem("nature", actual=nature, paths=("$.invoice.date",))


@rule(
    "TAX_SUMMARY_MISMATCH",
    severity="error",
    source="FatturaPA 1.2.2, SdI 00422; DPR 633/1972 art. 21(2)(l)",
    countries=("IT",),
    when=italian_ordinary,
)
def summary_holds_the_rows(invoice: Invoice) -> Iterator[Problem]:
    """In an Italian e-invoice the base of each rate and nature must be its rows and pension contributions.

    One euro is tolerated, as the exchange system does.

    Why: an amount under the wrong rate or nature is taxed and declared wrongly although the invoice adds
    up.

    Do: ask the seller for a corrected invoice.
    """
    if not invoice.tax_breakdown or not invoice.line_items:
        skip("no tax breakdown or no rows were read")
    sums = _sums(invoice)
    for group, (index, base) in _bases(invoice).items():
        expected = sums.get(group, ZERO)
        if abs(expected - base) > _TOLERATED_BY_THE_EXCHANGE:
            path = f"tax_breakdown[{index}].base"
            yield Problem(path, expected=expected, actual=base, paths=("line_items", "contributions"))


Group = tuple[Decimal, str | None]
_TOLERATED_BY_THE_EXCHANGE: Final = Decimal(1)


def _bases(invoice: Invoice) -> dict[Group, tuple[int, Decimal]]:
    """The base of each rate and nature, with the place of its first line."""
    bases: dict[Group, tuple[int, Decimal]] = {}
    for index, tax in enumerate(invoice.tax_breakdown):
        group = need(tax.rate, "tax_breakdown[].rate"), tax.nature
        first, base = bases.get(group, (index, ZERO))
        bases[group] = first, base + need(tax.base, "tax_breakdown[].base")
    return bases


def _sums(invoice: Invoice) -> dict[Group, Decimal]:
    sums: dict[Group, Decimal] = defaultdict(lambda: ZERO)
    for row in invoice.line_items:
        sums[row.tax_rate or ZERO, row.nature] += need(row.amount, "line_items[].amount")
    for fund in invoice.contributions:
        sums[fund.tax_rate or ZERO, fund.nature] += need(fund.amount, "contributions[].amount")
    return sums


RULES: Final = (summary_holds_the_rows, zero_rate_has_a_nature, taxed_line_has_no_nature, nature_is_in_use)
