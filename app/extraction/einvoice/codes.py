"""Code lists of the formats, folded into the result's own few words."""

from typing import Final

from app.model.invoice import InvoiceType, PaymentMethod

_INVOICE = InvoiceType.INVOICE
_CREDIT = InvoiceType.CREDIT_NOTE
_DEBIT = InvoiceType.DEBIT_NOTE
_SELF = InvoiceType.SELF_BILLED

DOCUMENT_TYPES: Final = {
    # Italian TipoDocumento (Agenzia delle Entrate, "Specifiche tecniche", table of TipoDocumento)
    "TD01": _INVOICE, "TD02": _INVOICE, "TD03": _INVOICE, "TD04": _CREDIT, "TD05": _DEBIT, "TD06": _INVOICE,
    "TD07": _INVOICE, "TD08": _CREDIT, "TD09": _DEBIT, "TD10": _SELF, "TD11": _SELF, "TD12": _INVOICE,
    "TD16": _SELF, "TD17": _SELF, "TD18": _SELF, "TD19": _SELF, "TD20": _SELF, "TD21": _SELF, "TD22": _SELF,
    "TD23": _SELF, "TD24": _INVOICE, "TD25": _INVOICE, "TD26": _INVOICE, "TD27": _INVOICE, "TD28": _SELF,
    "TD29": _SELF,
    # UNTDID 1001, the codes EN 16931 admits (BT-3) and the few others met in trade
    "71": _INVOICE, "80": _DEBIT, "81": _CREDIT, "82": _INVOICE, "83": _CREDIT, "84": _DEBIT, "102": _INVOICE,
    "130": _INVOICE, "202": _INVOICE, "203": _INVOICE, "204": _INVOICE, "211": _INVOICE, "218": _INVOICE,
    "219": _INVOICE, "261": _CREDIT, "262": _CREDIT, "295": _INVOICE, "296": _CREDIT, "308": _CREDIT,
    "325": InvoiceType.PROFORMA, "326": _INVOICE, "331": _INVOICE, "380": _INVOICE, "381": _CREDIT,
    "382": _INVOICE, "383": _DEBIT, "384": _INVOICE, "385": _INVOICE, "386": _INVOICE, "387": _INVOICE,
    "388": _INVOICE, "389": _SELF, "390": _INVOICE, "393": _INVOICE, "394": _INVOICE, "395": _INVOICE,
    "396": _CREDIT, "420": _CREDIT, "456": _DEBIT, "457": _DEBIT, "458": _CREDIT, "471": _SELF, "472": _SELF,
    "473": _SELF, "500": _SELF, "501": _SELF, "502": _CREDIT, "503": _CREDIT, "527": _SELF, "532": _CREDIT,
    "553": _INVOICE, "575": _INVOICE, "623": _INVOICE, "633": _INVOICE, "751": _INVOICE, "780": _INVOICE,
    "817": _INVOICE, "870": _INVOICE, "875": _INVOICE, "876": _INVOICE, "877": _INVOICE, "935": _INVOICE,
    # Spain, Facturae InvoiceClass: original, corrective, summary, and their copies
    "OO": _INVOICE, "OC": _INVOICE, "CO": _INVOICE, "CC": _INVOICE,
    # Turkey, UBL-TR InvoiceTypeCode: sale, withheld VAT, exempt, special base, export-registered; return
    "SATIS": _INVOICE, "TEVKIFAT": _INVOICE, "ISTISNA": _INVOICE, "OZELMATRAH": _INVOICE,
    "IHRACKAYITLI": _INVOICE, "SGK": _INVOICE, "IADE": _CREDIT, "TEVKIFATIADE": _CREDIT,
}  # fmt: skip

_TRANSFER = PaymentMethod.BANK_TRANSFER
_DIRECT = PaymentMethod.DIRECT_DEBIT
_CHECK = PaymentMethod.CHECK
_CASH = PaymentMethod.CASH
_CARD = PaymentMethod.CARD
_OTHER = PaymentMethod.OTHER

MODALITA_PAGAMENTO: Final = {
    "MP01": _CASH, "MP02": _CHECK, "MP03": _CHECK, "MP04": _CASH, "MP05": _TRANSFER, "MP06": _OTHER,
    "MP07": _OTHER, "MP08": _CARD, "MP09": _DIRECT, "MP10": _DIRECT, "MP11": _DIRECT, "MP12": _OTHER,
    "MP13": _OTHER, "MP14": _OTHER, "MP15": _TRANSFER, "MP16": _DIRECT, "MP17": _DIRECT, "MP18": _OTHER,
    "MP19": _DIRECT, "MP20": _DIRECT, "MP21": _DIRECT, "MP22": _OTHER, "MP23": _OTHER,
}  # fmt: skip
"""Italian `ModalitaPagamento`. Bills a seller's bank collects (RiBa, MAV) are no debit mandate."""

UNTDID_4461: Final = {
    "2": _TRANSFER, "3": _DIRECT, "10": _CASH, "20": _CHECK, "21": _CHECK, "22": _CHECK, "23": _CHECK,
    "24": _CHECK, "25": _CHECK, "26": _CHECK, "30": _TRANSFER, "31": _TRANSFER, "42": _TRANSFER,
    "45": _TRANSFER, "48": _CARD, "49": _DIRECT, "50": _TRANSFER, "54": _CARD, "55": _CARD, "56": _TRANSFER,
    "58": _TRANSFER, "59": _DIRECT, "68": _OTHER, "93": _TRANSFER, "97": _OTHER, "ZZZ": _OTHER,
}  # fmt: skip

FORMA_PLATNOSCI: Final = {
    "1": _CASH, "2": _CARD, "3": _OTHER, "4": _CHECK, "5": _OTHER, "6": _TRANSFER, "7": _OTHER,
}  # fmt: skip
"""Polish `FormaPlatnosci`."""

FACTURAE_MEANS: Final = {
    "01": _CASH, "02": _DIRECT, "03": _OTHER, "04": _TRANSFER, "05": _OTHER, "06": _OTHER, "07": _OTHER,
    "08": _OTHER, "09": _OTHER, "10": _OTHER, "11": _CHECK, "12": _OTHER, "13": _OTHER, "14": _OTHER,
    "15": _OTHER, "16": _CHECK, "17": _CHECK, "18": _CASH, "19": _CARD,
}  # fmt: skip
"""Spanish `PaymentMeans`."""

NATURE_CATEGORIES: Final = {
    "N1": "O", "N2": "O", "N2.1": "O", "N2.2": "O", "N3": "G", "N3.1": "G", "N3.2": "K", "N3.3": "G",
    "N3.4": "G", "N3.5": "G", "N3.6": "G", "N4": "E", "N5": "E", "N6": "AE", "N6.1": "AE", "N6.2": "AE",
    "N6.3": "AE", "N6.4": "AE", "N6.5": "AE", "N6.6": "AE", "N6.7": "AE", "N6.8": "AE", "N6.9": "AE",
    "N7": "O",
}  # fmt: skip
"""VAT category (UNTDID 5305) that each Italian `Natura` stands for in EN 16931."""

ISDOC_TYPES: Final = {
    "1": _INVOICE, "2": _CREDIT, "3": _DEBIT, "4": InvoiceType.PROFORMA, "5": _INVOICE, "6": _CREDIT,
    "7": _INVOICE,
}  # fmt: skip
"""Czech `DocumentType`: 5 and 6 are the invoice and credit note of an advance, 7 a simplified invoice."""

CONDIZIONI_PAGAMENTO: Final = {"TP01": "pagamento a rate", "TP02": "pagamento completo", "TP03": "anticipo"}
"""Italian `CondizioniPagamento` in the words of the official table."""


def document_type(text: str) -> InvoiceType | None:
    """The kind of document by its code, `None` for a code that is unknown."""
    return DOCUMENT_TYPES.get(text.strip().upper())


VAT_CATEGORIES: Final = {"StandardRated": "S", "ZeroRated": "Z", "ReverseCharge": "AE"}
"""VAT categories in the words of Denmark's OIOUBL; everyone else uses UNTDID 5305 itself."""


def vat_category(text: str) -> str | None:
    """The VAT category (UNTDID 5305)."""
    return VAT_CATEGORIES.get(text, text.strip()) or None


def italian_payment(text: str) -> PaymentMethod | None:
    """By `ModalitaPagamento`."""
    return MODALITA_PAGAMENTO.get(text.strip().upper())


def payment_means(text: str) -> PaymentMethod | None:
    """By UNTDID 4461; `None` where it says "not defined" or nothing known."""
    return UNTDID_4461.get(text.strip().upper())


def polish_payment(text: str) -> PaymentMethod | None:
    """By `FormaPlatnosci`."""
    return FORMA_PLATNOSCI.get(text.strip())


def facturae_payment(text: str) -> PaymentMethod | None:
    """By `PaymentMeans` of Facturae."""
    return FACTURAE_MEANS.get(text.strip().zfill(2))


def isdoc_type(text: str) -> InvoiceType | None:
    """By `DocumentType` of ISDOC."""
    return ISDOC_TYPES.get(text.strip())
