"""What a rule may know beside the invoice: handed in, never fetched."""

import datetime as dt
from decimal import Decimal

import msgspec

from app.model.options import Perspective
from app.validation.parameters import Parameters
from app.validation.policy import Policy


class PastInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice that was processed before for the same tenant."""

    job_id: str
    sha256: str | None = None
    """Of the file, in hexadecimal."""
    vendor_name: str | None = None
    vendor_vat_number: str | None = None
    iban: str | None = None
    number: str | None = None
    date: dt.date | None = None
    type: str | None = None
    currency: str | None = None
    total: Decimal | None = None


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances of one judgement."""

    today: dt.date | None = None
    """`None` when the judgement must not depend on the day."""
    sha256: str | None = None
    """Of the file judged, in hexadecimal."""
    history: tuple[PastInvoice, ...] | None = None
    """Earlier invoices of the tenant from the same seller or file; `None` when not looked up."""
    own_company: str | None = None
    """VAT number or name the caller gave for this document."""
    perspective: Perspective | None = None
    """Which side of the invoice the caller stands on; the buyer's when it does not say."""
    policy: Policy | None = None
    """`None` for the ruleset's own."""
    policy_problem: str = ""
    """Why the policy that should be in force is not, in a sentence."""

    @property
    def parameters(self) -> Parameters:
        """The thresholds in force."""
        return (self.policy or Policy()).parameters
