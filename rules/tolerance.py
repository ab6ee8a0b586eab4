"""How far a sum may be off before it is wrong."""

from decimal import Decimal

from app.model.money import minor_unit
from app.validation import Context


def tolerated(context: Context, currency: str | None, roundings: int = 0) -> Decimal:
    """The difference that is still nothing, in the invoice's currency.

    One smallest unit of the currency, or what the policy says for it; where `roundings` amounts were
    rounded before they were added up, half a unit for each of them.
    """
    unit = minor_unit(currency)
    agreed = context.parameters.tolerance.get(currency or "", unit)
    return max(agreed, unit * roundings / 2)
