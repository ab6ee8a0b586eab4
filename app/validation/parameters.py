"""The numbers and names the rules judge by, which an organisation may set."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

import msgspec

_Amounts = Annotated[Mapping[str, Decimal], msgspec.Meta(description="a table of amounts by currency")]
_Days = Annotated[int, msgspec.Meta(ge=0, le=36_525, description="a number of days, 0 to 36525")]
_Factor = Annotated[Decimal, msgspec.Meta(description="a number above 1")]
Share = Annotated[float, msgspec.Meta(ge=0, le=1, description="a number from 0 to 1")]
_Count = Annotated[int, msgspec.Meta(ge=1, description="a whole number, 1 or more")]


class Parameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Thresholds of the rules; a package of rules may bring other defaults, a policy overrides both."""

    tolerance: _Amounts = {}
    """By currency: how far a sum may be off; one smallest unit where a currency is not named."""
    own_companies: tuple[str, ...] = ()
    """VAT numbers or names of the organisation itself."""
    trusted_vendors: tuple[str, ...] = ()
    """VAT numbers or names of sellers for whom history rules about unusual amounts stay silent."""
    minimum_confidence: Share = 0.8
    """A core field read with less certainty than this is worth a look."""
    future_days: _Days = 1
    """How many days after today an invoice may be dated (time zones, invoices issued overnight)."""
    maximum_age_days: _Days = 730
    """An invoice older than this is called old where the country has no term of its own for deduction."""
    maximum_payment_days: _Days = 365
    """A due date further from the issue date than this is more likely misread than agreed."""
    unusual_factor: _Factor = Decimal(3)
    """How many times above or below the seller's usual amounts a total is unusual."""
    usual_sample: _Count = 4
    """How many earlier invoices make a usual range."""

    def __post_init__(self) -> None:
        require(all(amount.is_finite() and amount >= 0 for amount in self.tolerance.values()))
        require(self.unusual_factor.is_finite() and self.unusual_factor > 1)


def require(condition: bool) -> None:
    """Refuse a value that its type alone cannot refuse."""
    if not condition:
        raise ValueError("out of range")
