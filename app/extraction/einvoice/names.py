"""Names of elements: without their namespace, and those of older versions by today's."""

from typing import Final

from app.extraction.einvoice.memory import remembered


def local_name(tag: str) -> str:
    """A name without its namespace, or without the prefix that nobody declared."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def _name_of(tag: str) -> str:
    """The name under which the tables of the formats find an element."""
    name = local_name(tag)
    return _RENAMED.get(name, name)


name_of: Final = remembered(_name_of)


_RENAMED: Final = {
    "HeaderExchangedDocument": "ExchangedDocument",
    "SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
    "ApplicableSupplyChainTradeAgreement": "ApplicableHeaderTradeAgreement",
    "ApplicableSupplyChainTradeDelivery": "ApplicableHeaderTradeDelivery",
    "ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
    "SpecifiedSupplyChainTradeAgreement": "SpecifiedLineTradeAgreement",
    "SpecifiedSupplyChainTradeDelivery": "SpecifiedLineTradeDelivery",
    "SpecifiedSupplyChainTradeSettlement": "SpecifiedLineTradeSettlement",
    "SpecifiedTradeSettlementMonetarySummation": "SpecifiedTradeSettlementHeaderMonetarySummation",
    "SpecifiedTradeSettlementLineMonetarySummation": "SpecifiedTradeSettlementHeaderMonetarySummation",
    "ApplicablePercent": "RateApplicablePercent",
    "URIUniversalCommunication": "EmailURIUniversalCommunication",
}
"""Names of ZUGFeRD 1.0 (and the totals of a line) by the name they are read under; no format of another
family uses one of them."""
