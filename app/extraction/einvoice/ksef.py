"""KSeF FA(1), FA(2), FA(3): the structured invoice of Poland.

Source: Ministerstwo Finansów, "Broszura informacyjna dotycząca struktury logicznej FA", which names the
fields P_1 … P_15 after the VAT act. The VAT summary has one pair of fields for each rate instead of rows.
"""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from app.extraction.einvoice import codes, sums, values
from app.extraction.einvoice.ksef_summary import TAX, taxes
from app.extraction.einvoice.mapping import Computation, Fields, Format, Found, Group, many, one
from app.extraction.einvoice.paths import either, finder, first_of, joined, nodes, prefixed, tagged, texts
from app.extraction.einvoice.tree import Node
from app.model.invoice import (
    Financials,
    InvoiceHeader,
    InvoiceType,
    LineItem,
    Party,
    Payment,
    Reference,
    ReferenceKind,
)
from app.model.money import CENT, HUNDRED, ZERO

_WHO: Final = "DaneIdentyfikacyjne"
_PLACE: Final = re.compile(r"(\d{2}-\d{3})[\s,]+(\S.*)")
_place_of = finder(either("Adres/AdresL2", "Adres/AdresL1"))


def _placed(group: int) -> Computation:
    """Postcode (1) or town (2) from the last line of an address, where it is written the Polish way."""

    def compute(party: Node) -> Found | None:
        match = _PLACE.search(_place_of(party) or "")
        return Found(value=match[group].strip(), text=match[0]) if match else None

    return compute


_POLISH: Final = "Adres/AdresPol"
_PARTY: Final[Fields] = {
    "name": (
        first_of(
            finder(either(f"{_WHO}/Nazwa", f"{_WHO}/PelnaNazwa", f"{_WHO}/NazwaHandlowa")),
            joined(f"{_WHO}/ImiePierwsze", f"{_WHO}/Nazwisko"),
        ),
        values.line,
    ),
    "vat_number": (
        first_of(
            prefixed("PL", f"{_WHO}/NIP"),
            joined(f"{_WHO}/KodUE", f"{_WHO}/NrVatUE", separator=""),
            joined(f"{_WHO}/KodKraju", f"{_WHO}/NrID", separator=""),
        ),
        values.vat_number,
    ),
    "fiscal_code": (f"{_WHO}/NIP", values.identifier),
    "address": (
        first_of(
            finder("Adres/AdresL1"), joined(f"{_POLISH}/Ulica", f"{_POLISH}/NrDomu", f"{_POLISH}/NrLokalu")
        ),
        values.line,
    ),
    "city": (f"{_POLISH}/Miejscowosc", values.line),
    "zip_code": (f"{_POLISH}/KodPocztowy", values.code),
    "country": (either("Adres/KodKraju", f"{_POLISH}/KodKraju"), values.country),
    "email": (either("DaneKontaktowe/Email", "Email"), values.line),
    "phone": (either("DaneKontaktowe/Telefon", "Telefon"), values.line),
}
_SELLER: Final = Group(Party, _PARTY, {"zip_code": _placed(1), "city": _placed(2)})


_kind = finder("Fa/RodzajFaktury")
_self_billed = finder("Fa/Adnotacje/P_17")
_gross = finder("Fa/P_15")


def _type(root: Node) -> Found | None:
    """A correction credits or debits by the sign of its difference; the buyer may have issued it (P_17)."""
    kind = _kind(root)
    if kind is None:
        return None
    total = values.number(_gross(root) or "") or ZERO
    if kind.startswith("KOR"):
        value = (
            InvoiceType.CREDIT_NOTE if total < 0 else InvoiceType.DEBIT_NOTE if total else InvoiceType.INVOICE
        )
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


_FINANCIALS: Final = Group(
    Financials,
    {
        "total": ("Fa/P_15", values.number),
        "amount_due": ("Fa/Rozliczenie/DoZaplaty", values.number),
    },
    {"prepaid": sums.total("Fa/Platnosc/ZaplataCzesciowa/KwotaZaplatyCzesciowej")},
)

_RATE_WORDS: Final = {
    "0 KR": "Z",
    "0 WDT": "K",
    "0 EX": "G",
    "zw": "E",
    "oo": "AE",
    "np": "O",
    "np I": "O",
    "np II": "AE",
}
_ZERO_WORDS: Final = ("zw", "oo", "np II")
_rate_text = finder(either("P_12", "P_12_XII"))
_net_amount = finder("P_11")
_gross_amount = finder("P_11A")
_before = finder("StanPrzed")


def _percent(text: str) -> Decimal | None:
    """The percent of a rate: zero for what is exempt or reverse-charged, none outside the tax's scope."""
    return ZERO if text in _ZERO_WORDS else values.number(text.partition(" ")[0])


def _category(line: Node) -> Found | None:
    text = _rate_text(line) or ""
    category = _RATE_WORDS.get(text) or ("Z" if text == "0" else "S" if _percent(text) else None)
    return Found(value=category, text=text) if category else None


def _amount(line: Node) -> Found | None:
    """Net; taken out of gross where only that stands; negative for a row as it was before a correction."""
    net, gross = values.number(_net_amount(line) or ""), values.number(_gross_amount(line) or "")
    if net is None and gross is not None:
        rate = _percent(_rate_text(line) or "") or ZERO
        net = (gross * HUNDRED / (HUNDRED + rate)).quantize(CENT, rounding=ROUND_HALF_UP)
    elif _before(line) != "1":
        return None
    if net is None:
        return None
    return Found(value=-net if _before(line) == "1" else net, text=_net_amount(line) or _gross_amount(line))


_was = nodes("Fa/FaWiersz")


_units = finder("P_8B")


def _quantity(line: Node) -> Found | None:
    """The quantity of a row as it was before a correction, counted the other way like its amount."""
    quantity = values.number(_units(line) or "")
    return None if quantity is None else Found(value=-quantity, text=_units(line))


_price = finder("P_9A")
_reduction = finder("P_10")


def _of_one_unit(line: Node) -> Decimal | None:
    """The discount on the whole row, where the amounts show that the stated one is on each unit."""
    texts_here = (_price(line), _units(line), _net_amount(line), _reduction(line))
    price, quantity, net, reduction = (values.number(text or "") for text in texts_here)
    if price is None or quantity is None or net is None or reduction is None:
        return None
    fits = abs((price - reduction) * quantity - net) <= CENT < abs(price * quantity - reduction - net)
    return reduction * quantity if fits else None


def _line_discount(line: Node) -> str | None:
    return None if _of_one_unit(line) is not None else _reduction(line)


def _unit_discount(line: Node) -> Found | None:
    whole = _of_one_unit(line)
    return None if whole is None else Found(value=whole, text=_reduction(line))


def _lines(root: Node) -> Iterator[Node]:
    """Rows; one that shows the state before a correction is not counted as it stands."""
    for row in _was(root):
        counted: Node = {"amount": row.get("P_11", ""), "quantity": row.get("P_8B", "")}
        yield {**row, **counted} if _before(row) != "1" else row


_LINE: Final = Group(
    LineItem,
    {
        "number": ("NrWierszaFa", values.code),
        "description": ("P_7", values.line),
        "quantity": ("quantity", values.number),
        "unit": ("P_8A", values.line),
        "unit_price": ("P_9A", values.number),
        "discount": (_line_discount, values.positive),
        "amount": ("amount", values.number),
        "tax_rate": (_rate_text, _percent),
        "code": (either("Indeks", "GTIN"), values.line),
        "period_start": ("P_6A", values.date),
        "period_end": ("P_6A", values.date),
    },
    {
        "amount": _amount,
        "quantity": _quantity,
        "category": _category,
        "discount": _unit_discount,
    },
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
        "iban": ("RachunekBankowy/NrRB", _account),
        "bic": ("RachunekBankowy/SWIFT", values.account),
        "bank": ("RachunekBankowy/NazwaBanku", values.line),
        "terms": ("TerminOpis", values.line),
    },
)

_payment_blocks = nodes("Fa/Platnosc")
_due = nodes(either("TerminPlatnosci[Termin!=]", "TerminyPlatnosci"))


def _payments(root: Node) -> Iterator[Node]:
    """Each due date with the method and account they share."""
    for block in _payment_blocks(root):
        dated = list(_due(block)) or [{}]
        for due in dated:
            yield {**{name: found for name, found in block.items() if name != "TerminPlatnosci"}, **due}


_REFERENCES: Final = {
    "Zamowienia": ReferenceKind.ORDER,
    "Umowy": ReferenceKind.CONTRACT,
    "DaneFaKorygowanej": ReferenceKind.INVOICE,
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

FORMAT: Final = Format(
    name="KSeF FA",
    roots=("Faktura",),
    namespaces=("http://crd.gov.pl/wzor/", "http://ksef.mf.gov.pl/"),
    language="pl",
    invoices=lambda root: (root,),
    sections=(
        one("vendor", "Podmiot1", _SELLER),
        one("buyer", "Podmiot2", _SELLER),
        one("payee", "Podmiot3[Rola=1]", _SELLER),
        one("tax_representative", "PodmiotUpowazniony[RolaPU=3]", _SELLER),
        one("invoice", "", _HEADER),
        one("financials", "", _FINANCIALS),
        many("line_items", _lines, _LINE),
        many("tax_breakdown", taxes, TAX),
        many("payments", _payments, _PAYMENT),
        many(
            "references",
            tagged(
                "Fa/WarunkiTransakcji/Zamowienia",
                "Fa/WarunkiTransakcji/Umowy",
                "Fa/DaneFaKorygowanej",
                "Fa/WZ",
            ),
            _REFERENCE,
        ),
    ),
    attachments=texts("Zalacznik/BlokDanych/ZNaglowek"),
    notes=texts(either("Fa/PrzyczynaKorekty", "Fa/DodatkowyOpis/Wartosc")),
)
