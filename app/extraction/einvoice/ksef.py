"""KSeF FA(1), FA(2), FA(3): the structured invoice of Poland.

Source: Ministerstwo Finansów, "Broszura informacyjna dotycząca struktury logicznej FA", which names the
fields P_1 … P_15 after the VAT act. The VAT summary has one pair of fields for each rate instead of rows.
"""

from collections.abc import Iterator
from typing import Final

from app.extraction.einvoice import codes, sums, values
from app.extraction.einvoice.ksef_lines import LINE
from app.extraction.einvoice.ksef_parties import PARTY
from app.extraction.einvoice.ksef_summary import TAX, taxes
from app.extraction.einvoice.mapping import Format, Found, Group, many, one
from app.extraction.einvoice.paths import either, finder, first_of, joined, nodes, tagged, texts
from app.extraction.einvoice.tree import Node
from app.model.invoice import (
    Financials,
    InvoiceHeader,
    InvoiceType,
    Payment,
    Reference,
    ReferenceKind,
)
from app.model.money import ZERO

_kind = finder("Fa/RodzajFaktury")
_self_billed = finder("Fa/Adnotacje/P_17")
_gross = finder("Fa/P_15")


def _type(root: Node) -> Found | None:
    """A correction credits, unless it raises the amount; the buyer may have issued the invoice (P_17)."""
    kind = _kind(root)
    if kind is None:
        return None
    total = values.number(_gross(root) or "") or ZERO
    if kind.startswith("KOR"):
        value = InvoiceType.DEBIT_NOTE if total > 0 else InvoiceType.CREDIT_NOTE
    elif _self_billed(root) == "1":
        value = InvoiceType.SELF_BILLED
    else:
        value = InvoiceType.INVOICE
    return Found(value=value, text=kind)


_HEADER: Final = Group(
    InvoiceHeader,
    {
        "number": ("Fa/P_2", values.line),
        "date": ("Fa/P_1", values.date),
        "type_code": ("Fa/RodzajFaktury", values.code),
        "currency": ("Fa/KodWaluty", values.currency),
        "po_number": (
            either("Fa/WarunkiTransakcji/Zamowienia/NrZamowienia", "Fa/WarunkiTransakcji/NrZamowienia"),
            values.line,
        ),
        "preceding_number": ("Fa/DaneFaKorygowanej/NrFaKorygowanej", values.line),
        "delivery_date": ("Fa/P_6", values.date),
        "period_start": ("Fa/OkresFa/P_6_Od", values.date),
        "period_end": ("Fa/OkresFa/P_6_Do", values.date),
    },
    {"type": _type},
)


_paid_in_part = sums.total("Fa/Platnosc/ZaplataCzesciowa/KwotaZaplatyCzesciowej")
_is_paid = finder("Fa/Platnosc/Zaplacono")
_deducted = finder("Fa/Rozliczenie/SumaOdliczen")


def _paid(root: Node) -> Found | None:
    """What was paid in parts, or is deducted; the whole where it says no more than that it is paid."""
    total = values.number(_gross(root) or "")
    if _is_paid(root) == "1" and total is not None:
        return Found(value=total, text=_gross(root))
    if (deducted := values.number(_deducted(root) or "")) is not None:
        return Found(value=deducted, text=_deducted(root))
    return _paid_in_part(root)


_FINANCIALS: Final = Group(
    Financials,
    {
        "total": ("Fa/P_15", values.number),
        "third_party": ("Fa/Rozliczenie/SumaObciazen", values.number),
        "amount_due": ("Fa/Rozliczenie/DoZaplaty", values.number),
    },
    {"prepaid": _paid},
)

_POLISH_ACCOUNT: Final = 26


def _account(text: str) -> str | None:
    """A domestic account number is an IBAN without its country."""
    account = values.account(text)
    return f"PL{account}" if account and account.isdigit() and len(account) == _POLISH_ACCOUNT else account


_PAYMENT: Final = Group(
    Payment,
    {
        "method": ("FormaPlatnosci", codes.polish_payment),
        "method_code": ("FormaPlatnosci", values.code),
        "due_date": (either("Termin", "TerminPlatnosci"), values.date),
        "iban": ("NrRB", _account),
        "bic": ("SWIFT", values.account),
        "bank": ("NazwaBanku", values.line),
        "reference": ("IPKSeF", values.line),
        "terms": (
            first_of(
                "TerminOpis",
                joined("TerminOpis/Ilosc", "TerminOpis/Jednostka", "TerminOpis/ZdarzeniePoczatkowe"),
                "OpisPlatnosci",
            ),
            values.line,
        ),
    },
)

_payment_blocks = nodes("Fa/Platnosc")
_due = nodes(either("TerminPlatnosci", "TerminyPlatnosci"))
_accounts = nodes(either("RachunekBankowy", "RachunekBankowyFaktora"))


def _payments(root: Node) -> Iterator[Node]:
    """Each due date with the method and the first account; the other accounts follow."""
    for block in _payment_blocks(root):
        shared = {name: found for name, found in block.items() if name != "TerminPlatnosci"}
        accounts = list(_accounts(block)) or [{}]
        for due in list(_due(block)) or [{}]:
            yield {**shared, **accounts[0], **due}
        yield from accounts[1:]


_REFERENCES: Final = {
    "Zamowienia": ReferenceKind.ORDER,
    "Umowy": ReferenceKind.CONTRACT,
    "DaneFaKorygowanej": ReferenceKind.INVOICE,
    "NrFaZaliczkowej": ReferenceKind.INVOICE,
    "NrKSeFFaZaliczkowej": ReferenceKind.INVOICE,
    "WZ": ReferenceKind.DESPATCH,
}

_REFERENCE: Final = Group(
    Reference,
    {
        "kind": ("#", _REFERENCES.get),
        "number": (either("NrZamowienia", "NrUmowy", "NrFaKorygowanej", ""), values.line),
        "date": (either("DataZamowienia", "DataUmowy", "DataWystFaKorygowanej"), values.date),
    },
)

_plain_notes = texts(either("Fa/PrzyczynaKorekty", "Stopka/Informacje/StopkaFaktury"))
_described = nodes("Fa/DodatkowyOpis")
_description = joined("Klucz", "Wartosc", separator=": ")


def _notes(root: Node) -> Iterator[str]:
    """The reason of a correction, the foot, and each described particular with its name."""
    yield from _plain_notes(root)
    yield from (text for one in _described(root) if (text := _description(one)))


FORMAT: Final = Format(
    name="KSeF FA",
    roots=("Faktura",),
    namespaces=("http://crd.gov.pl/wzor/", "http://ksef.mf.gov.pl/"),
    language="pl",
    rows=("FaWiersz",),
    invoices=lambda root: (root,),
    sections=(
        one("vendor", "Podmiot1", PARTY),
        one("buyer", "Podmiot2", PARTY),
        one("payee", "Podmiot3[Rola=1]", PARTY),
        one("tax_representative", "PodmiotUpowazniony[RolaPU=3]", PARTY),
        one("invoice", "", _HEADER),
        one("financials", "", _FINANCIALS),
        many("line_items", "Fa/FaWiersz", LINE),
        many("tax_breakdown", taxes, TAX),
        many("payments", _payments, _PAYMENT),
        many(
            "references",
            tagged(
                "Fa/WarunkiTransakcji/Zamowienia",
                "Fa/WarunkiTransakcji/Umowy",
                "Fa/DaneFaKorygowanej",
                "Fa/FakturaZaliczkowa/NrFaZaliczkowej",
                "Fa/FakturaZaliczkowa/NrKSeFFaZaliczkowej",
                "Fa/WZ",
            ),
            _REFERENCE,
        ),
    ),
    attachments=texts("Zalacznik/BlokDanych/ZNaglowek"),
    notes=_notes,
)
