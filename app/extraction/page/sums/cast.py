"""The amounts that a document is summed up in, and the cast from which they are chosen."""

from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.page.sums.roles import Role
from app.extraction.page.text.lines import Place
from app.extraction.page.text.scan import Target
from app.model.money import CENT, HUNDRED, ZERO

_ENOUGH: Final = 40  # named amounts of one kind that are tried


class Sum(msgspec.Struct, frozen=True, eq=False):
    """A chosen amount: its value, where it stands, and what speaks for it."""

    value: Decimal
    place: Place | None
    """`None` when it was computed from others."""
    label: float
    """The strength of the label, 0 when none names it."""
    role: Role | None = None


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The amounts chosen together."""

    net: Sum | None = None
    tax: Sum | None = None
    total: Sum | None = None
    due: Sum | None = None
    prepaid: Sum | None = None
    withholding: Sum | None = None
    stamp_duty: Sum | None = None
    social_security: Sum | None = None
    rounding: Sum | None = None
    discount: Sum | None = None
    rate: Decimal | None = None
    rate_place: Place | None = None
    closed: bool = False
    """Net and tax (and what else is charged) make the total."""
    rate_closed: bool = False
    """The tax is a printed rate of the net."""
    items_close: bool = False
    """The items add up to the net (or, priced with tax, to the total)."""
    taxes_close: bool = False
    """The breakdown adds up to the tax."""
    options: tuple[Sum, ...] = ()
    """Every amount that could be the total."""
    score: float = 0.0
    margin: float = 0.0
    """How much better than the next set with another total."""


class AmountCast(msgspec.Struct, frozen=True):
    """Amounts by role and by value."""

    by_role: dict[str, dict[Decimal, Sum]]
    anywhere: dict[Decimal, Sum]
    """Every amount written as money, without regard to labels."""
    twice: frozenset[Decimal] = frozenset()
    """Taxes of two names that come to the same: India's of the union and of the state."""
    charged: Decimal = ZERO
    """All percentages beside labels of tax together: no tax is more of all that is charged; 0 for unknown."""

    def best(self, kind: str) -> Sum | None:
        """The best named amount of a kind."""
        options = self.by_role.get(kind, {})
        return max(options.values(), key=lambda option: option.label, default=None)

    def strongest(self, kind: str) -> list[Sum]:
        """The best named amounts of a kind; more than these no set of totals needs."""
        options = self.by_role.get(kind, {}).values()
        return sorted(options, key=lambda option: -option.label)[:_ENOUGH]


def rate_of(net: Decimal, tax: Decimal, known_rates: dict[Decimal, Target]) -> Decimal | None:
    """The printed rate of which the tax is the net's share, to the cent."""
    if not net:
        return None
    if not tax:
        return Decimal(0) if Decimal(0) in known_rates else None
    best = None
    for rate in known_rates:
        off = abs(net * rate / HUNDRED - tax)
        if off <= CENT * 2 and (best is None or off < best[0]):
            best = (off, rate)
    return best[1] if best else None


def rate_within(total: Decimal, tax: Decimal, known_rates: dict[Decimal, Target]) -> Decimal | None:
    """The printed rate at which a total that includes its tax contains it, to the cent."""
    return next((rate for rate in known_rates if abs(total * rate / (HUNDRED + rate) - tax) <= CENT), None)
