"""The invoices that the project ships as examples: invented companies, right check digits, one story each."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tests.generator import layouts
from tests.generator.bill import ZERO, Bill, Row, Tax, cents
from tests.generator.companies import Company
from tests.generator.fixture_companies import (
    ATELIER,
    AURORA,
    COLLI,
    FERRO,
    HANDWERK,
    HOTEL,
    MORELLI,
    NORTHGATE,
    PRINTWORKS,
    WOHNBAU,
)
from tests.generator.fixture_looks import (
    BOOKKEEPING,
    BOXED_WORDS,
    ENGLISH_WORDS,
    FRENCH,
    FRENCH_WORDS,
    GERMAN,
    GERMAN_WORDS,
    ITALIAN_WORDS,
    STERLING,
    style,
)
from tests.generator.sheet import Sheet
from tests.generator.style import Style


def row(  # noqa: PLR0913 - the columns of an invoice line
    text: str, quantity: str, unit: str, price: str, rate: str = "22", *, code: str = ""
) -> Row:
    """A line whose amount is quantity times price."""
    q, p = Decimal(quantity), Decimal(price)
    return Row(
        description=text,
        quantity=q,
        unit=unit,
        unit_price=p,
        amount=cents(q * p),
        rate=Decimal(rate),
        code=code,
    )


def taxes_of(rows: tuple[Row, ...], *, plus: Decimal = ZERO) -> tuple[Tax, ...]:
    """The breakdown by rate, highest first; `plus` joins the first base."""
    found = []
    for n, rate in enumerate(sorted({r.rate for r in rows}, reverse=True)):
        base = sum((r.amount for r in rows if r.rate == rate), ZERO) + (plus if n == 0 else ZERO)
        found.append(
            Tax(rate=rate, base=base, amount=cents(base * rate / 100), category="S" if rate else "AE")
        )
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Example:
    """One shipped document and what it is for."""

    slug: str
    shows: str
    bill: Bill
    style: Style
    layout: Callable[[Sheet], str] | None = None
    """None for an electronic invoice."""
    words: dict[str, str] = field(default_factory=dict)
    seed: int = 1
    flags: tuple[str, ...] = ()


def _bill(rows: tuple[Row, ...], vendor: Company, buyer: Company, **more: object) -> Bill:
    taxes = taxes_of(rows)
    net, tax = sum((x.base for x in taxes), ZERO), sum((x.amount for x in taxes), ZERO)
    facts: dict[str, object] = {
        "case": "single", "kind": "invoice", "language": "it", "country": vendor.country, "currency": "EUR", "vendor": vendor, "buyer": buyer,
        "due": None, "days": 30, "po_number": "", "rows": rows, "taxes": taxes, "rows_sum": net, "subtotal": net, "tax_amount": tax, "total": net + tax,
    }  # fmt: skip
    return Bill(**(facts | more))  # type: ignore[arg-type]  # the facts are the fields of Bill by name


def _services() -> Bill:
    rows = (
        row("Sviluppo del modulo ordini: analisi e programmazione", "24", "ore", "62.00"),
        row("Formazione del personale di magazzino in sede", "2", "giorni", "450.00"),
        row("Canone di assistenza, aprile 2026", "1", "mese", "180.00"),
    )
    return _bill(rows, AURORA, COLLI, number="2026/0147", date=dt.date(2026, 4, 30), due=dt.date(2026, 5, 30))


def _professional() -> Bill:
    rows = (
        row("Direzione lavori capannone di via Stura, secondo acconto", "1", "a corpo", "3200.00"),
        row("Sopralluoghi in cantiere", "6", "ore", "75.00"),
    )
    fees = Decimal("3650.00")
    social = cents(fees * 4 / 100)
    taxes = taxes_of(rows, plus=social)
    total, kept = taxes[0].base + taxes[0].amount, cents(fees * 20 / 100)
    return _bill(
        rows, MORELLI, FERRO, case="professional", number="18/2026", date=dt.date(2026, 3, 16), days=30, taxes=taxes, social=social, social_rate=Decimal(4),
        rows_sum=fees, subtotal=taxes[0].base, tax_amount=taxes[0].amount, total=total, withholding=kept, withholding_rate=Decimal(20), amount_due=total - kept,
    )  # fmt: skip


def _painters() -> Bill:
    rows = (
        row("Malerarbeiten Treppenhaus, zweifacher Anstrich", "118", "m²", "14.50", "19"), row("Spachteln und Grundieren", "22.5", "Std.", "58.00", "19"),
        row("Gerüst, Auf- und Abbau", "1", "psch.", "390.00", "19"), row("Fahrtkosten", "4", "Fahrt", "18.00", "19"),
    )  # fmt: skip
    return _bill(
        rows,
        HANDWERK,
        WOHNBAU,
        language="de",
        number="RE-2026-0238",
        date=dt.date(2026, 5, 18),
        due=dt.date(2026, 6, 17),
        po_number="W-4471/26",
    )


def _joiners() -> Bill:
    rows = (
        row("Fabrication et pose de 6 fenêtres chêne, double vitrage", "6", "u", "845.00", "10"), row("Porte d'entrée sur mesure", "1", "u", "1980.00", "10"),
        row("Comptoir de réception, placage noyer", "1", "ens.", "2350.00", "20"),
    )  # fmt: skip
    return _bill(
        rows,
        ATELIER,
        HOTEL,
        case="multi",
        language="fr",
        number="F-2026-061",
        date=dt.date(2026, 4, 22),
        due=dt.date(2026, 5, 22),
        po_number="CMD-1187",
    )


def _subscription() -> Bill:
    rows = (
        row("Team plan, 25 seats, June 2026", "25", "seat", "12.00", "20"),
        row("Object storage 2 TB", "1", "month", "45.00", "20"),
        row("On-boarding workshop", "3.5", "hours", "95.00", "20"),
    )
    return _bill(
        rows,
        NORTHGATE,
        PRINTWORKS,
        language="en",
        currency="GBP",
        number="INV-20416",
        date=dt.date(2026, 6, 15),
        due=dt.date(2026, 6, 29),
        days=14,
        po_number="PO-7782",
    )


def _credit() -> Bill:
    rows = (
        row("Rücknahme Abdeckfolie 25 m², unbenutzt", "6", "Rolle", "11.90", "19"),
        row("Gutschrift Gerüstmiete, 2 Tage", "2", "Tage", "65.00", "19"),
    )
    return _bill(
        rows,
        HANDWERK,
        WOHNBAU,
        kind="credit_note",
        language="de",
        number="GS-2026-0019",
        date=dt.date(2026, 6, 24),
    )


def _hardware() -> Bill:
    rows = (
        row("Ringhiera in ferro battuto, verniciata", "8.5", "m", "142.00", "10", code="RF-085"),
        row("Gradino in rovere massello", "14", "pz", "68.50", "10", code="GR-14"),
        row("Posa in opera", "16", "ore", "36.00", "22", code="POSA"),
    )
    return _bill(
        rows,
        FERRO,
        COLLI,
        case="multi",
        number="312/A",
        date=dt.date(2026, 2, 27),
        due=dt.date(2026, 4, 28),
        days=60,
    )


def _wrong_total() -> Bill:
    bill = _joiners()
    kept = replace(
        bill,
        rows=bill.rows[:2],
        taxes=taxes_of(bill.rows[:2]),
        case="single",
        number="F-2026-064",
        date=dt.date(2026, 4, 29),
        due=dt.date(2026, 5, 29),
    )
    net, tax = kept.taxes[0].base, kept.taxes[0].amount
    return replace(kept, rows_sum=net, subtotal=net, tax_amount=tax, total=net + tax + 70)


def _free_of_charge() -> Bill:
    rows = (
        row("Musterfläche 2 m², kostenlos", "1", "psch.", "0.00", "19"),
        row("Beratung vor Ort, auf Kulanz", "1.5", "Std.", "0.00", "19"),
    )
    return _bill(rows, HANDWERK, WOHNBAU, language="de", number="RE-2026-0244", date=dt.date(2026, 5, 26))


def _old_rate() -> Bill:
    rows = (
        row("Noleggio pressa idraulica", "3", "giorni", "120.00", "21"),
        row("Trasporto e ritiro", "1", "a corpo", "90.00", "21"),
    )
    return _bill(rows, FERRO, COLLI, number="327/A", date=dt.date(2026, 3, 19), due=dt.date(2026, 4, 18))


def _wrong_digit() -> Bill:
    vat = AURORA.vat_number[:-1] + str((int(AURORA.vat_number[-1]) + 3) % 10)
    rows = (
        row("Migrazione del sito e della posta elettronica", "1", "a corpo", "1250.00"),
        row("Dominio e certificato, un anno", "2", "pz", "34.50"),
    )
    return _bill(
        rows,
        replace(AURORA, vat_number=vat, fiscal_code=""),
        FERRO,
        number="2026/0163",
        date=dt.date(2026, 5, 14),
        due=dt.date(2026, 6, 13),
    )


def _due_before_issue() -> Bill:
    rows = (
        row("Print server migration", "7.5", "hours", "88.00", "20"),
        row("Spare network switch, 24 ports", "2", "pcs", "164.50", "20"),
    )
    return _bill(
        rows,
        NORTHGATE,
        PRINTWORKS,
        language="en",
        currency="GBP",
        number="INV-20437",
        date=dt.date(2026, 7, 21),
        due=dt.date(2026, 6, 20),
    )


def examples() -> tuple[Example, ...]:
    """All shipped examples, in the order of their slugs."""
    return (
        Example(slug="it-servizi", shows="a clean invoice for services, one rate", bill=_services(), style=style("it"), layout=layouts.classic_right, words=ITALIAN_WORDS, seed=4),
        Example(slug="it-professionista", shows="a professional: pension fund contribution, withheld tax, net to pay", bill=_professional(), style=style("it", font="Libertinus Serif", size=10.5), layout=layouts.letter_prose, words=ITALIAN_WORDS | {"social": "Contributo Inarcassa {rate}", "fee_sum": "Compenso", "withholding": "Ritenuta d'acconto {rate}", "amount_due": "Netto a pagare"}, seed=2),
        Example(slug="it-ferramenta", shows="a bookkeeping program's framed form, two rates, sums in a band", bill=_hardware(), style=BOOKKEEPING, layout=layouts.boxed_bookkeeping, words=BOXED_WORDS, seed=3),
        Example(slug="it-fatturapa", shows="an electronic invoice of the Italian exchange system, two rates", bill=replace(_hardware(), number="313/A"), style=style("it")),
        Example(slug="it-fatturapa-nota-credito", shows="an electronic credit note (TD04)", bill=replace(_services(), kind="credit_note", number="2026/NC/003", date=dt.date(2026, 5, 20), due=None), style=style("it")),
        Example(slug="de-handwerk", shows="a German business letter for a window envelope, imprint at the foot", bill=_painters(), style=GERMAN, layout=layouts.window_letter, words=GERMAN_WORDS, seed=5),
        Example(slug="de-gutschrift", shows="a German credit note, amounts positive", bill=_credit(), style=GERMAN, layout=layouts.window_letter, words=GERMAN_WORDS, seed=7),
        Example(slug="fr-menuiserie", shows="a French invoice with two rates and a space between thousands", bill=_joiners(), style=FRENCH, layout=layouts.two_column_head, words=FRENCH_WORDS, seed=2),
        Example(slug="en-subscription", shows="a British subscription invoice in pounds", bill=_subscription(), style=STERLING, layout=layouts.software_service, words=ENGLISH_WORDS, seed=3),
        Example(slug="fr-total-faux", shows="net and tax do not add up to the printed total", bill=_wrong_total(), style=FRENCH, layout=layouts.classic_right, words=FRENCH_WORDS, seed=6, flags=("ARITHMETIC_MISMATCH",)),
        Example(slug="de-nullrechnung", shows="an invoice over nothing", bill=_free_of_charge(), style=GERMAN, layout=layouts.window_letter, words=GERMAN_WORDS, seed=9, flags=("INVALID_TOTAL",)),
        Example(slug="it-aliquota-errata", shows="a VAT rate (21 %) that Italy no longer has", bill=_old_rate(), style=BOOKKEEPING, layout=layouts.boxed_bookkeeping, words=BOXED_WORDS, seed=8, flags=("INVALID_IT_VAT_RATE",)),
        Example(slug="it-piva-errata", shows="the seller's VAT number has a wrong check digit", bill=_wrong_digit(), style=style("it", font="Source Sans Pro"), layout=layouts.bottom_band, words=ITALIAN_WORDS, seed=4, flags=("INVALID_PIVA_CHECKSUM",)),
        Example(slug="en-due-before-issue", shows="the payment is due before the invoice was issued", bill=_due_before_issue(), style=STERLING, layout=layouts.left_sums, words=ENGLISH_WORDS, seed=5, flags=("DATE_INCOHERENCE",)),
    )  # fmt: skip
