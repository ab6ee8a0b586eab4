"""Italy: DPR 633/1972 and what the exchange system (SdI) asks of a FatturaPA."""

from typing import Final

from rules.countries.it import duties, identifiers, nature, vat

RULES: Final = (*identifiers.RULES, *vat.RULES, *nature.RULES, *duties.RULES)
