"""Who is who: the same company under its VAT number or its name."""

import re
from collections.abc import Iterable
from typing import Final

from app.model.invoice import Party
from app.validation import Context

LONGEST_NUMBER: Final = 40
"""Characters of the longest identifier there is, an IBAN with spaces; longer ones only take time."""
_NOISE: Final = re.compile(r"[\W_]+")
_SHORTEST_PREFIXED: Final = 8
"""Characters of the shortest VAT number with its country."""


def known_as(party: Party, names: Iterable[str]) -> bool:
    """Whether one of some VAT numbers, fiscal codes or names is the party's."""
    wanted = {_bare(name) for name in names}
    own = {_bare(one) for one in (party.vat_number, party.fiscal_code, party.name) if one}
    return not wanted.isdisjoint(own)


def same_party(one: str | None, other: str | None) -> bool:
    """Whether two VAT numbers, names or addresses, both known, are the same but for their writing."""
    if not one or not other:
        return False
    return one == other or _bare(one) == _bare(other)


def trusted(vendor: Party, context: Context) -> bool:
    """Whether the policy trusts this seller."""
    names = context.parameters.trusted_vendors
    return bool(names) and known_as(vendor, names)


def own_names(context: Context) -> tuple[str, ...]:
    """What the organisation is called, by the policy and for this document."""
    own = context.parameters.own_companies
    return (*own, context.own_company) if context.own_company else own


def _bare(name: str) -> str:
    """A name or number without case, spaces and punctuation; a VAT number without its country."""
    kept = (name if name.isalnum() else _NOISE.sub("", name)).upper()
    prefixed = len(kept) >= _SHORTEST_PREFIXED and kept[:2].isalpha() and kept.isascii()
    return kept[2:] if prefixed else kept
