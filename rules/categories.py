"""The VAT categories of EN 16931 (S Z E AE K G O L M) are used as the norm defines them.

The norm states each rule once per category; here one rule holds for all categories that it is stated for.
They are checked on e-invoices after the norm: in the Italian format the nature takes the category's place.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Self

import msgspec

from app.model.invoice import Invoice, TaxLine
from app.model.money import ZERO
from app.validation import Context, Problem, need, rule, skip
from rules.kinds import SETTLES, e_invoice, norm, norm_rows, settlement
from rules.surcharges import surcharges
from rules.tolerance import tolerated

Group = tuple[str, Decimal | None]

ALONE: Final = ("Z", "E", "AE", "K", "G", "O")
"""Categories that stand once in the breakdown, because they have no rates to tell apart."""
_ZERO_RATED: Final = ("Z", "E", "AE", "K", "G")
_REASONED: Final = ("E", "AE", "K", "G", "O")
_REASONLESS: Final = ("S", "Z", "L", "M")


class Taxed(msgspec.Struct, frozen=True, gc=False):
    """A row, allowance or charge under a category."""

    path: str
    category: str
    rate: Decimal | None


class Uses(msgspec.Struct, frozen=True, gc=False):
    """Where an invoice uses which category."""

    entries: tuple[Taxed, ...]
    """The rows, allowances and charges that have a category."""
    categories: frozenset[str]

    @classmethod
    def derive(cls, invoice: Invoice, _context: Context) -> Self:
        """Look through the rows, allowances and charges once for all rules."""
        entries = tuple(_taxed(invoice))
        return cls(entries, frozenset([entry.category for entry in entries]))

    def under(self, *categories: str) -> list[Taxed]:
        """The entries under one of some categories."""
        if self.categories.isdisjoint(categories):
            return []
        return [entry for entry in self.entries if entry.category in categories]


def _taxed(invoice: Invoice) -> list[Taxed]:
    rows = [
        Taxed(f"line_items[{index}]", row.category, row.tax_rate)
        for index, row in enumerate(invoice.line_items)
        if row.category is not None
    ]
    return rows + [
        Taxed(f"allowances[{index}]", one.category, one.tax_rate)
        for index, one in enumerate(invoice.allowances)
        if one.category is not None
    ]


@rule(
    "CATEGORY_NOT_IN_BREAKDOWN",
    severity="error",
    source=(
        "EN 16931 BR-S-01, BR-Z-01, BR-E-01, BR-AE-01, BR-IC-01, BR-G-01, BR-O-01, BR-AF-01, BR-AG-01; "
        "Directive 2006/112/EC art. 226(8)"
    ),
    when=norm_rows,
)
def breakdown_covers_the_rows(invoice: Invoice, uses: Uses) -> Iterator[Problem]:
    """The categories of rows, allowances and charges must be those of the tax breakdown.

    Categories without rates stand in the breakdown exactly once.

    Why: what is in a row and not in the breakdown is not declared, and what is in the breakdown alone was
    never sold.

    Do: ask the seller for a corrected invoice.
    """
    if not invoice.line_items and invoice.financials.line_total is not None:
        skip("the profile of the format leaves the rows out")
    used = {entry.category: entry.path for entry in reversed(uses.entries)}
    listed = [tax.category for tax in invoice.tax_breakdown if tax.category is not None]
    if not used and not listed:
        skip("no categories were read")
    for category, path in used.items():
        if category not in listed:
            yield Problem(f"{path}.category", actual=category, paths=("tax_breakdown",))
    for category in dict.fromkeys(listed):
        alone = category in ALONE
        if category not in used or (alone and listed.count(category) > 1):
            path = f"tax_breakdown[{_position(invoice, category)}].category"
            yield Problem(path, actual=category, paths=("line_items", "allowances"))


def _position(invoice: Invoice, category: str) -> int:
    return [tax.category for tax in invoice.tax_breakdown].index(category)


@rule(
    "UNTAXED_WITH_RATE",
    severity="error",
    source=(
        "EN 16931 BR-Z-05, BR-Z-06, BR-Z-07, BR-E-05, BR-E-06, BR-E-07, BR-AE-05, BR-AE-06, BR-AE-07, "
        "BR-IC-05, BR-IC-06, BR-IC-07, BR-G-05, BR-G-06, BR-G-07, BR-O-05, BR-O-06, BR-O-07"
    ),
    when=norm,
)
def what_is_untaxed_has_no_rate(_invoice: Invoice, uses: Uses) -> Iterator[Problem]:
    """Rows, allowances and charges without tax must have the rate zero; out of scope they must have none.

    Why: a rate on what is not taxed says two things at once, and programs choose differently.

    Do: ask the seller which is meant.
    """
    entries = uses.under(*ALONE)
    if not entries:
        skip("nothing is without tax")
    for entry in entries:
        wanted = None if entry.category == "O" else ZERO
        if entry.rate != wanted:
            path = f"{entry.path}.tax_rate"
            yield Problem(path, expected=wanted, actual=entry.rate, paths=(f"{entry.path}.category",))


@rule(
    "STANDARD_WITHOUT_RATE",
    severity="error",
    source="EN 16931 BR-S-05, BR-S-06, BR-S-07, BR-AF-05, BR-AF-06, BR-AF-07, BR-AG-05, BR-AG-06, BR-AG-07",
    when=norm,
)
def what_is_taxed_has_a_rate(_invoice: Invoice, uses: Uses) -> Iterator[Problem]:
    """Rows, allowances and charges under the standard category must have a rate above zero.

    On the Canary Islands (L), in Ceuta and Melilla (M) the rate may be zero, but must be there.

    Why: without a rate no tax was charged, and then another category is right.

    Do: ask the seller which is meant.
    """
    entries = uses.under("S", "L", "M")
    if not entries:
        skip("nothing is taxed")
    for entry in entries:
        if entry.rate is None or entry.rate < 0 or (entry.rate == 0 and entry.category == "S"):
            path = f"{entry.path}.tax_rate"
            yield Problem(
                path, expected="a rate above 0", actual=entry.rate, paths=(f"{entry.path}.category",)
            )


@rule(
    "TAX_ON_UNTAXED",
    severity="error",
    source=(
        "EN 16931 BR-Z-09, BR-E-09, BR-AE-09, BR-IC-09, BR-G-09, BR-O-09; Directive 2006/112/EC art. 203; "
        "DPR 633/1972 art. 17, 21(7)"
    ),
)
def what_is_untaxed_bears_no_tax(tax: TaxLine) -> Iterator[Problem]:
    """Where the breakdown says that no tax is due, the tax must be zero.

    This holds for zero rate, exemption, reverse charge, supplies within the Union, export, what is out of
    scope, and every Italian nature.

    Why: tax that is charged wrongly is owed by the seller and cannot be deducted by the buyer; under
    reverse charge the buyer owes it again.

    Do: do not pay the tax; ask the seller for a corrected invoice.
    """
    if tax.category not in ALONE and tax.nature is None:
        need(tax.category, "category")
        return
    amount = need(tax.amount, "amount")
    if amount != 0:
        reason = "nature" if tax.nature is not None else "category"
        yield Problem("amount", expected=ZERO, actual=amount, paths=(reason,))


@rule(
    "EXEMPTION_REASON_MISSING",
    severity="warning",
    source=(
        "EN 16931 BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10; Directive 2006/112/EC art. 226(11); "
        "DPR 633/1972 art. 21(6), 21(6-bis)"
    ),
    when=e_invoice,
)
def what_is_untaxed_says_why(tax: TaxLine) -> Iterator[Problem]:
    """Where an e-invoice charges no tax, it must say why.

    In words or by a code; an Italian nature is a reason.

    Why: without the reason the buyer cannot see whether the tax is due from the buyer instead.

    Do: ask the seller for the provision that exempts.
    """
    if need(tax.category or tax.nature, "category") not in _REASONED and tax.nature is None:
        return
    if tax.reason is None and tax.nature is None:
        yield Problem("reason", actual=tax.category, message="No tax is charged, and no reason is given.")


@rule(
    "EXEMPTION_REASON_SUPERFLUOUS",
    severity="info",
    source="EN 16931 BR-S-10, BR-Z-10, BR-AF-10, BR-AG-10",
    when=norm,
)
def what_is_taxed_says_no_reason(tax: TaxLine) -> Iterator[Problem]:
    """Where an e-invoice charges tax, or charges it at zero, it should not give a reason for exemption.

    Why: it says two things at once.

    Do: see which is meant, the rate or the exemption.
    """
    if need(tax.category, "category") in _REASONLESS and tax.reason is not None:
        yield Problem("reason", actual=tax.reason, paths=("category",))


@rule("OUT_OF_SCOPE_MIXED", severity="error", source="EN 16931 BR-O-11, BR-O-12, BR-O-13, BR-O-14", when=norm)
def out_of_scope_stands_alone(invoice: Invoice, uses: Uses) -> Iterator[Problem]:
    """An invoice out of the scope of the tax must be so as a whole.

    Why: a seller who has no VAT number cannot charge tax on another row.

    Do: ask the seller for a corrected invoice, or for two.
    """
    categories = [tax.category for tax in invoice.tax_breakdown]
    if "O" not in categories:
        skip("nothing is out of the scope of the tax")
    for index, category in enumerate(categories):
        if category not in ("O", None):
            yield Problem(f"tax_breakdown[{index}].category", expected="O", actual=category)
    for entry in uses.entries:
        if entry.category != "O":
            yield Problem(f"{entry.path}.category", expected="O", actual=entry.category)


@rule(
    "TAX_BASE_MISMATCH",
    severity="error",
    source="EN 16931 BR-S-08, BR-Z-08, BR-E-08, BR-AE-08, BR-IC-08, BR-G-08, BR-O-08, BR-AF-08, BR-AG-08",
    when=norm_rows,
)
def base_is_the_sum_of_its_rows(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The base of each tax category and rate must be the sum of the rows, charges and allowances under it.

    Why: an amount under the wrong rate is taxed wrongly although the invoice adds up as a whole.

    Do: ask the seller for a corrected invoice.
    """
    bases = _bases(invoice)
    if not bases:
        skip("no tax breakdown with categories was read")
    if not invoice.line_items and invoice.financials.line_total is not None:
        skip("the profile of the format leaves the rows out")
    if settlement(invoice.invoice):
        skip(SETTLES)
    sums = _sums_by_group(invoice)
    margin = tolerated(context, invoice.financials.currency)
    for group, (index, base) in bases.items():
        expected = sums.get(group, ZERO)
        if abs(expected - base) >= margin:
            path = f"tax_breakdown[{index}].base"
            yield Problem(path, expected=expected, actual=base, paths=("line_items", "allowances"))


def _bases(invoice: Invoice) -> dict[Group, tuple[int, Decimal]]:
    """The base of each group, with the place of its first line."""
    bases: dict[Group, tuple[int, Decimal]] = {}
    twice = surcharges(invoice)
    for index, tax in enumerate(invoice.tax_breakdown):
        if tax.category is not None and tax.base is not None and index not in twice:
            group = tax.category, _rate(tax.category, tax.rate)
            first, base = bases.get(group, (index, ZERO))
            bases[group] = first, base + tax.base
    return bases


def _rate(category: str, rate: Decimal | None) -> Decimal | None:
    """The rate where several of one category may stand side by side, and nothing where there is one alone."""
    return rate.normalize() if category in _WITH_RATES and rate is not None else None


_WITH_RATES: Final = ("S", "L", "M")


def _sums_by_group(invoice: Invoice) -> dict[Group, Decimal]:
    if any(row.category is None or row.amount is None for row in invoice.line_items):
        skip("a row without category or amount was read")
    sums: dict[Group, Decimal] = defaultdict(lambda: ZERO)
    for row in invoice.line_items:
        if row.category is not None and row.amount is not None:
            sums[row.category, _rate(row.category, row.tax_rate)] += row.amount
    for one in invoice.allowances:
        if one.category is None or one.amount is None:
            skip("an allowance without category or amount was read")
        sums[one.category, _rate(one.category, one.tax_rate)] += one.amount if one.charge else -one.amount
    return sums


RULES: Final = (
    base_is_the_sum_of_its_rows,
    breakdown_covers_the_rows,
    what_is_untaxed_has_no_rate,
    what_is_taxed_has_a_rate,
    what_is_untaxed_bears_no_tax,
    what_is_untaxed_says_why,
    what_is_taxed_says_no_reason,
    out_of_scope_stands_alone,
)
