"""Till slips of eleven countries, with invented shops: what a till prints, and the truth about it.

Each kind is laid out as tills of its country do; names, goods, prices and ways of paying are drawn by seed.
`python -m tests.generator.slips OUT --count 5 --seed 1` prints so many of every kind as clean pictures and as photos.
"""

import argparse
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any, Final

from tests.generator.photo import photographed, rendered

CENT: Final = Decimal("0.01")
SIGNS: Final = MappingProxyType({"EUR": "€", "USD": "$", "GBP": "£", "SGD": "S$"})
Row = str | tuple[str, str]
"""Centred, or flush left and right; a string that begins with `<` is flush left."""


@dataclass
class Slip:
    """A slip on its way to paper."""

    rng: Random = field(compare=False)
    width: int
    """Characters a line."""
    rows: list[Row] = field(default_factory=list)
    truth: dict[str, Any] = field(default_factory=dict)
    large: set[int] = field(default_factory=set)
    """Numbers of rows in double size."""

    def head(self, names: tuple[str, ...], *below: str, large: bool | None = None) -> None:
        """The shop: its name over one or two lines, and what stands under it."""
        self.truth["vendor"] = {"name": " ".join(names)}
        if self.rng.random() < 0.4 if large is None else large:
            self.large |= set(range(len(self.rows), len(self.rows) + len(names)))
        self.rows += [*names, *below]

    def add(self, *rows: Row) -> None:
        """Rows one under the other."""
        self.rows += rows

    def rule(self) -> None:
        """A line of one sign across."""
        self.rows.append(self.rng.choice("-=*") * self.width)


@dataclass(frozen=True)
class Basket:
    """Goods with their prices, gross."""

    items: tuple[tuple[str, Decimal], ...]

    @property
    def total(self) -> Decimal:
        """What all cost."""
        return sum((price for _, price in self.items), Decimal(0))


def tax_in(gross: Decimal, rate: str) -> Decimal:
    """The tax that a gross price holds."""
    percent = Decimal(rate)
    return (gross * percent / (100 + percent)).quantize(CENT, ROUND_HALF_UP)


def tax_on(net: Decimal, rate: str) -> Decimal:
    """The tax that is added to a net price."""
    return (net * Decimal(rate) / 100).quantize(CENT, ROUND_HALF_UP)


def basket(rng: Random, goods: str, most: int = 8) -> Basket:
    """Some of the goods, none twice."""
    names = rng.sample(goods.split("/"), rng.randint(2, min(most, goods.count("/") + 1)))
    return Basket(tuple((name, Decimal(rng.randint(89, 2899)) / 100) for name in names))


def moment(rng: Random) -> dt.datetime:
    """A time of opening hours in some year."""
    day = dt.date(2019, 1, 1) + dt.timedelta(days=rng.randint(0, 2500))
    return dt.datetime(  # noqa: DTZ001  # a till prints the time of its own place
        day.year, day.month, day.day, rng.randint(8, 21), rng.randint(0, 59), rng.randint(0, 59)
    )


def handed(rng: Random, total: Decimal) -> Decimal:
    """Cash that covers a total in round notes."""
    step = rng.choice((5, 10, 20, 50))
    return (total // step + 1) * step + Decimal("0.00")


def comma(value: Decimal) -> str:
    """With a comma, as most of Europe writes."""
    return f"{value:.2f}".replace(".", ",")


def point(value: Decimal) -> str:
    """With a point."""
    return f"{value:.2f}"


def finish(slip: Slip, when: dt.datetime, currency: str, total: Decimal, **sums: Decimal) -> None:
    """The rest of the truth: what is printed, and nothing else."""
    slip.truth["invoice"] = {"date": when.date().isoformat(), "type": "receipt"}
    text = " ".join(row if isinstance(row, str) else " ".join(row) for row in slip.rows)
    if currency in text or SIGNS.get(currency, currency) in text:
        slip.truth["invoice"]["currency"] = currency
    slip.truth["financials"] = {"total": total, **sums}


def us_store(rng: Random) -> Slip:
    """A shop in the USA: sales tax on top, a card, the day written month first."""
    slip, when = Slip(rng, 38), moment(rng)
    goods = basket(
        rng,
        "OAT MILK 64OZ/SOURDOUGH LOAF/AVOCADO EACH/PAPER TOWELS 6PK/CHEDDAR SHARP/COLD BREW 4CT/BATTERY AA 8PK/DISH SOAP",
    )
    name = rng.choice(
        (
            ("CEDAR HILL MARKET",),
            ("Lakeview Provisions",),
            ("BLUE MESA HARDWARE", "& GARDEN LLC"),
            ("Pine & Anchor Grocery Co.",),
        )
    )
    slip.head(name, "4120 W PINE ST", rng.choice(("DULUTH, MN 55806", "BEND, OR 97701")), "(218) 555-0142")
    slip.add(
        "",
        f"<STORE 0{rng.randint(100, 999)}  REG 0{rng.randint(1, 9)}  CASHIER {rng.choice(('DANA', 'MIKE', 'SELF'))}",
    )
    for item, price in goods.items:
        slip.add((item, point(price) + rng.choice((" T", " F", ""))))
    tax = tax_on(goods.total, "8.25")
    total = goods.total + tax
    slip.add(("SUBTOTAL", point(goods.total)), ("TAX 8.250%", point(tax)), ("TOTAL", "$" + point(total)))
    if rng.random() < 0.5:
        slip.add(
            (rng.choice(("VISA ****4471", "MASTERCARD ****0913", "DEBIT ****2210")), point(total)),
            ("CHANGE DUE", "0.00"),
            "<AUTH CODE 08841C",
        )
    else:
        cash = handed(rng, total)
        slip.add(("CASH", point(cash)), ("CHANGE", point(cash - total)))
    slip.add(
        "",
        f"# ITEMS SOLD {len(goods.items)}",
        when.strftime("%m/%d/%Y %I:%M %p"),
        "THANK YOU FOR SHOPPING WITH US",
        "Returns within 30 days with receipt",
    )
    finish(slip, when, "USD", total, subtotal=goods.total, tax_amount=tax)
    return slip


def us_diner(rng: Random) -> Slip:
    """A restaurant in the USA: a bill with lines for a tip that nobody has filled in."""
    slip, when = Slip(rng, 36), moment(rng)
    goods = basket(
        rng,
        "2 Burger Deluxe/1 Caesar Salad/2 Iced Tea/1 Key Lime Pie/1 Clam Chowder/1 Draft IPA/1 Kids Pasta",
    )
    slip.head(
        rng.choice((("The Copper Kettle",), ("ROSALIE'S KITCHEN & BAR",), ("Dockside Diner Inc.",))),
        "88 Harbor Ave",
        "Portland, ME 04101",
        "207-555-0119",
    )
    slip.add(
        "",
        (f"Server: {rng.choice(('Amy', 'Jorge', 'Lou'))}", when.strftime("%m/%d/%y")),
        (f"Table {rng.randint(1, 40)}/1", when.strftime("%I:%M %p")),
        (f"Guests: {rng.randint(1, 6)}", f"#{rng.randint(10000, 99999)}"),
    )
    slip.rule()
    slip.add(*((item, point(price)) for item, price in goods.items))
    tax = tax_on(goods.total, "8")
    total = goods.total + tax
    slip.add("", ("Subtotal", point(goods.total)), ("Tax", point(tax)), "", ("Total", point(total)), "")
    slip.add(
        "Suggested Tip",
        *(
            (
                f"{share}%: (Tip {point(goods.total * share / 100)}",
                f"Total {point(total + goods.total * share / 100)})",
            )
            for share in (18, 20)
        ),
    )
    slip.add("", "<Tip: ______________", "<Total: ____________", "Thank you! Come see us again.")
    finish(slip, when, "USD", total, subtotal=goods.total, tax_amount=tax)
    return slip


def german_till(rng: Random) -> Slip:
    """A German till: prices with tax, letters for its rates, a table of them, the signature unit's lines."""
    slip, when = Slip(rng, 40), moment(rng)
    goods = basket(
        rng,
        "BIO VOLLMILCH 3,8%/DINKELBROT 750G/EIER FREILAND 10ER/KAFFEE CREMA/SPUELMITTEL/BANANEN/MINERALWASSER 6X1L/BUTTER",
    )
    name = rng.choice(
        (
            ("Kornblume Naturmarkt GmbH",),
            ("LINDENHOF FRISCHEMARKT",),
            ("Drogerie Sommerfeld e.K.",),
            ("Bäckerei Ahrens", "GmbH & Co. KG"),
        )
    )
    slip.head(name, "Lindenstraße 14", "04109 Leipzig", "Tel.: 0341 / 5550142", "UID Nr.: DE136695976")
    slip.add(("", "EUR"))
    letters = [rng.choice("AB") for _ in goods.items]
    slip.add(
        *(
            (item, f"{comma(price)} {letter}")
            for (item, price), letter in zip(goods.items, letters, strict=True)
        )
    )
    slip.rule()
    slip.add(
        (
            rng.choice(("SUMME", "SUMME EUR", "Zu zahlen", "Gesamtbetrag")),
            ("EUR " if rng.random() < 0.5 else "") + comma(goods.total),
        )
    )
    if rng.random() < 0.5:
        cash = handed(rng, goods.total)
        slip.add(("Geg. BAR", comma(cash)), ("Rückgeld BAR", "-" + comma(cash - goods.total)))
    else:
        slip.add((rng.choice(("Geg. Kartenzahlung", "girocard", "EC-Cash")), comma(goods.total)))
    slip.add("", ("Steuer %  Netto   Steuer", "Brutto"))
    taxes = Decimal(0)
    for letter, rate in (("A", "19"), ("B", "7")):
        gross = sum(
            (price for (_, price), own in zip(goods.items, letters, strict=True) if own == letter), Decimal(0)
        )
        if gross:
            tax = tax_in(gross, rate)
            taxes += tax
            slip.add((f"{letter}= {rate},0%  {comma(gross - tax)}  {comma(tax)}", comma(gross)))
    slip.add(
        "",
        (when.strftime("%d.%m.%Y"), f"{when:%H:%M}  Bon-Nr.:{rng.randint(1000, 9999)}"),
        (f"Markt:0{rng.randint(100, 999)} Kasse:{rng.randint(1, 9)}", f"Bed.:{rng.randint(100000, 999999)}"),
    )
    slip.add(
        f"<TSE-Signaturzähler: {rng.randint(10000, 900000)}",
        f"<TSE-Start: {when:%Y-%m-%dT%H:%M:%S}.000",
        "Vielen Dank für Ihren Einkauf",
    )
    finish(slip, when, "EUR", goods.total, tax_amount=taxes)
    return slip


def italian_document(rng: Random) -> Slip:
    """An Italian `documento commerciale`: the layout that the revenue agency sets for electronic tills."""
    slip, when = Slip(rng, 40), moment(rng)
    goods = basket(
        rng,
        "PANE CASERECCIO/CAFFE ESPRESSO/PROSCIUTTO CRUDO/LATTE INTERO 1L/CORNETTO/OLIO EXTRAVERG./PILE STILO AA/QUADERNO A4",
    )
    slip.head(
        rng.choice(
            (
                ("PANIFICIO BELLAVISTA SNC",),
                ("BAR DEL PONTE",),
                ("FERRAMENTA GALLIANI S.R.L.",),
                ("Cartoleria La Matita",),
            )
        ),
        "di Galliani Piero & C." if rng.random() < 0.3 else "Via Garibaldi 12",
        "40124 BOLOGNA (BO)",
        "P.IVA 01234567897",
        large=False,
    )
    slip.add("", "DOCUMENTO COMMERCIALE", "di vendita o prestazione", ("DESCRIZIONE    IVA", "Prezzo(€)"))
    slip.add(*((f"{item:<18.18} 22%", comma(price)) for item, price in goods.items))
    tax = tax_in(goods.total, "22")
    slip.add("", ("TOTALE COMPLESSIVO", comma(goods.total)), ("di cui IVA", comma(tax)), "")
    if rng.random() < 0.5:
        cash = handed(rng, goods.total)
        slip.add(
            ("Pagamento contante", comma(cash)),
            ("Importo pagato", comma(cash)),
            ("Resto", comma(cash - goods.total)),
        )
    else:
        slip.add(
            ("Pagamento elettronico", comma(goods.total)),
            ("Non riscosso", "0,00"),
            ("Importo pagato", comma(goods.total)),
        )
    slip.add(
        "",
        when.strftime("%d/%m/%Y %H:%M"),
        f"DOCUMENTO N. {rng.randint(1, 1999):04}-{rng.randint(1, 300):04}",
        "RT 99MEY012345",
        "ARRIVEDERCI E GRAZIE",
    )
    finish(slip, when, "EUR", goods.total, tax_amount=tax)
    return slip


def french_ticket(rng: Random) -> Slip:
    """A French `ticket de caisse`: TTC, the card, the table of TVA under it."""
    slip, when = Slip(rng, 40), moment(rng)
    goods = basket(
        rng,
        "BAGUETTE TRADITION/CAFE NOISETTE/FROMAGE COMTE/YAOURT X4/TARTE CITRON/EAU MINERALE/SAVON MARSEILLE/JUS POMME",
    )
    slip.head(
        rng.choice(
            (
                ("BOULANGERIE DES TILLEULS",),
                ("SARL AU PETIT MARCHE",),
                ("Café de la Halle",),
                ("LIBRAIRIE VERNET SAS",),
            )
        ),
        "27 rue des Carmes",
        "31000 TOULOUSE",
        "Tél : 05 61 55 01 42",
        "SIRET 732 829 320 00074",
    )
    slip.add("", *((f"1 x {item}", comma(price)) for item, price in goods.items))
    slip.rule()
    tax = tax_in(goods.total, "10")
    slip.add(
        (
            rng.choice(("TOTAL TTC", "TOTAL A PAYER", "NET A PAYER", "TOTAL")),
            comma(goods.total) + rng.choice((" €", " EUR", "")),
        )
    )
    if rng.random() < 0.5:
        slip.add((rng.choice(("CB EMV", "CARTE BANCAIRE", "CB SANS CONTACT")), comma(goods.total)))
    else:
        cash = handed(rng, goods.total)
        slip.add(
            ("ESPECES", comma(cash)), (rng.choice(("RENDU", "Monnaie rendue")), comma(cash - goods.total))
        )
    slip.add(
        "",
        ("TAUX     HT     TVA", "TTC"),
        (f"10,00%  {comma(goods.total - tax)}  {comma(tax)}", comma(goods.total)),
        f"<Nombre d'articles : {len(goods.items)}",
    )
    slip.add(
        "",
        f"Le {when:%d/%m/%Y} à {when:%H:%M}",
        f"Ticket {rng.randint(1000, 99999)}  Caisse 01",
        "MERCI DE VOTRE VISITE",
    )
    finish(slip, when, "EUR", goods.total)
    return slip


def spanish_ticket(rng: Random) -> Slip:
    """A Spanish `factura simplificada`: base and cuota, what was handed over and given back."""
    slip, when = Slip(rng, 40), moment(rng)
    goods = basket(
        rng, "CAFE CON LECHE/BOCADILLO JAMON/TORTILLA/ZUMO NARANJA/AGUA 50CL/CROISSANT/MENU DEL DIA/CERVEZA"
    )
    slip.head(
        rng.choice((("BODEGAS ALMENDRO S.L.",), ("Cafetería El Molino",), ("FERRETERIA CASTELLANOS",))),
        "C/ Mayor, 45",
        "28013 MADRID",
        "CIF: B12345674",
        "Tfno: 915550142",
    )
    slip.add(
        "",
        "FACTURA SIMPLIFICADA",
        (f"Nº: T{rng.randint(1, 9)}/{rng.randint(1000, 9999)}", f"{when:%d/%m/%Y} {when:%H:%M}"),
        f"<Le atendió: {rng.choice(('LUCIA', 'ANDRES'))}",
    )
    slip.add(("UDS DESCRIPCION", "IMPORTE"), *((f"1   {item}", comma(price)) for item, price in goods.items))
    tax = tax_in(goods.total, "10")
    slip.add(
        "", (rng.choice(("TOTAL", "TOTAL A PAGAR", "TOTAL EUR")), comma(goods.total) + rng.choice((" €", "")))
    )
    if rng.random() < 0.6:
        cash = handed(rng, goods.total)
        slip.add(
            (rng.choice(("ENTREGADO", "EFECTIVO")), comma(cash)),
            (rng.choice(("CAMBIO", "SU CAMBIO")), comma(cash - goods.total)),
        )
    else:
        slip.add(("TARJETA", comma(goods.total)))
    slip.add(
        "",
        ("IVA      BASE", "CUOTA"),
        (f"10%    {comma(goods.total - tax)}", comma(tax)),
        "IVA INCLUIDO - GRACIAS POR SU VISITA",
    )
    finish(slip, when, "EUR", goods.total)
    return slip


def dutch_receipt(rng: Random) -> Slip:
    """A Dutch till: paid with PIN, or rounded to five cents in cash."""
    slip, when = Slip(rng, 38), moment(rng)
    goods = basket(
        rng, "HALFVOLLE MELK/VOLKOREN BROOD/OUDE KAAS/STROOPWAFELS/APPELSAP/KOFFIE FILTER/DROP 250G/TOMATEN"
    )
    slip.head(
        rng.choice((("De Groene Tafel B.V.",), ("BAKKERIJ VAN DER LINDEN",), ("IJzerhandel Kuipers",))),
        "Hoofdstraat 8",
        "3511 AB Utrecht",
        "Tel. 030-5550142",
    )
    slip.add(
        "",
        *((item, comma(price)) for item, price in goods.items),
        (f"AANTAL ARTIKELEN: {len(goods.items)}", ""),
    )
    total = goods.total
    if rng.random() < 0.5:
        total = (goods.total * 20).quantize(Decimal(1), ROUND_HALF_UP) / 20
        cash = handed(rng, total)
        slip.add(
            ("SUBTOTAAL", comma(goods.total)),
            ("AFRONDING", comma(total - goods.total)),
            ("TOTAAL", comma(total)),
            ("CONTANT", comma(cash)),
            ("WISSELGELD", comma(cash - total)),
        )
    else:
        slip.add(("TOTAAL", comma(total)), ("PIN", comma(total)))
    tax = tax_in(goods.total, "9")
    slip.add(
        "",
        ("BTW    GRONDSLAG", "BEDRAG"),
        (f"9%      {comma(goods.total - tax)}", comma(tax)),
        "",
        (f"{when:%d-%m-%Y}", f"{when:%H:%M}"),
        f"Kassa 2  Bon {rng.randint(100, 9999)}",
        "Bedankt en tot ziens",
    )
    finish(slip, when, "EUR", total)
    return slip


def british_till(rng: Random) -> Slip:
    """A British till: the pound sign, VAT told in one line."""
    slip, when = Slip(rng, 36), moment(rng)
    goods = basket(
        rng,
        "Semi Skimmed Milk/Wholemeal Loaf/Crumpets 6pk/Earl Grey 80s/Cheddar Mature/Shortbread/Orange Juice/AA Batteries",
    )
    slip.head(
        rng.choice((("Thistle & Thyme Ltd",), ("HARGREAVES IRONMONGERS",), ("The Corner Larder",))),
        "22 Castle Street",
        "Hereford HR1 2NW",
        "VAT No: 434 0314 94",
    )
    slip.add("", (f"{when:%d/%m/%Y}", f"{when:%H:%M:%S}"), f"<Till 03  Trans {rng.randint(1000, 9999)}")
    slip.add(*((item, "£" + point(price)) for item, price in goods.items), "")
    slip.add((rng.choice(("TOTAL", "Total to pay", "BALANCE DUE")), "£" + point(goods.total)))
    if rng.random() < 0.5:
        cash = handed(rng, goods.total)
        slip.add(("Cash", "£" + point(cash)), ("Change", "£" + point(cash - goods.total)))
    else:
        slip.add((rng.choice(("Visa Debit", "Contactless", "Card")), "£" + point(goods.total)))
    slip.add(f"<VAT @ 20% included: £{point(tax_in(goods.total, '20'))}", "Thank you for your custom")
    finish(slip, when, "GBP", goods.total)
    return slip


def polish_paragon(rng: Random) -> Slip:
    """A Polish `paragon fiskalny`: SPRZEDAŻ OPODATKOWANA, PTU, SUMA PLN."""
    slip, when = Slip(rng, 40), moment(rng)
    goods = basket(
        rng, "CHLEB RAZOWY/MASŁO 200G/KAWA ZIARNISTA/JOGURT NATURALNY/SER GOUDA/SOK JABŁKOWY/HERBATA/BUŁKA"
    )
    slip.head(
        rng.choice((("JARZĘBINA Sp. z o.o.",), ("SKLEP SPOŻYWCZY POD LIPĄ",), ("Piekarnia Nowak s.c.",))),
        "ul. Klonowa 5",
        "30-552 Kraków",
        "NIP 5252445767",
    )
    slip.add(
        "",
        (f"{when:%Y-%m-%d}", f"{rng.randint(100, 9999)}"),
        "PARAGON FISKALNY",
        *((f"{item} 1 x{comma(price)}", f"{comma(price)}A") for item, price in goods.items),
    )
    slip.rule()
    tax = tax_in(goods.total, "23")
    slip.add(
        ("SPRZEDAŻ OPODATKOWANA A", comma(goods.total)),
        ("PTU A 23%", comma(tax)),
        ("SUMA PTU", comma(tax)),
        ("SUMA PLN", comma(goods.total)),
        "",
    )
    if rng.random() < 0.5:
        cash = handed(rng, goods.total)
        slip.add(("GOTÓWKA PLN", comma(cash)), ("RESZTA PLN", comma(cash - goods.total)))
    else:
        slip.add(("KARTA", comma(goods.total)))
    slip.add(f"{rng.randint(10000, 99999)} #Kasa 1  Kasjer nr 3   {when:%H:%M}", "DZIĘKUJEMY")
    finish(slip, when, "PLN", goods.total, tax_amount=tax)
    return slip


def swiss_till(rng: Random) -> Slip:
    """A Swiss till: francs, cash rounded to five centimes."""
    slip, when = Slip(rng, 40), moment(rng)
    goods = basket(
        rng, "Gipfeli/Rivella 50cl/Raclettekäse/Bündnerfleisch/Café crème/Birchermüesli/Ovomaltine/Zopf 500g"
    )
    total = (goods.total * 20).quantize(Decimal(1), ROUND_HALF_UP) / 20
    slip.head(
        rng.choice((("Dorfladen Rosenegg AG",), ("BÄCKEREI WINKELRIED",), ("Konditorei Sonne GmbH",))),
        "Bahnhofstrasse 9",
        "8400 Winterthur",
        "CHE-109.322.551 MWST",
    )
    slip.add(
        "",
        (f"{when:%d.%m.%Y} {when:%H:%M}", f"Bon {rng.randint(100, 9999)}"),
        ("Artikel", "CHF"),
        *((item, point(price)) for item, price in goods.items),
        "",
    )
    if total != goods.total:
        slip.add(("Zwischensumme", point(goods.total)), ("Rundung", f"{total - goods.total:+.2f}"))
    slip.add((rng.choice(("Total CHF", "TOTAL", "Total")), point(total)))
    cash = handed(rng, total)
    slip.add(("Bar", point(cash)), ("Rückgeld", point(cash - total)))
    slip.add("", ("MWST 2.6%", f"{point(tax_in(goods.total, '2.6'))}"), "Herzlichen Dank")
    finish(slip, when, "CHF", total)
    return slip


def singapore_receipt(rng: Random) -> Slip:
    """A café in Singapore: service charge, GST, rounding."""
    slip, when = Slip(rng, 38), moment(rng)
    goods = basket(rng, "Kaya Toast Set/Laksa/Teh Tarik/Iced Kopi/Mee Goreng/Chendol/Satay 10pc")
    slip.head(
        rng.choice(
            (("Lotus & Lime Pte Ltd",), ("HOCK SENG EATING HOUSE",), ("Bamboo Court Cafe Pte. Ltd.",))
        ),
        "71 Keong Saik Road",
        "Singapore 089152",
        "GST Reg No: M90312345X",
    )
    slip.add(
        "",
        "TAX INVOICE",
        (f"Receipt: {rng.randint(10000, 99999)}", f"Table {rng.randint(1, 30)}"),
        f"<{when:%d/%m/%Y %H:%M}  Cashier: {rng.choice(('MEI', 'RAVI'))}",
    )
    slip.add(*((item, point(price)) for item, price in goods.items))
    slip.rule()
    service = tax_on(goods.total, "10")
    tax = tax_on(goods.total + service, "9")
    exact = goods.total + service + tax
    total = (exact * 20 // 1) / 20 + Decimal("0.00")
    slip.add(
        ("Subtotal", point(goods.total)),
        ("Service Charge 10%", point(service)),
        ("GST 9%", point(tax)),
        ("Rounding", f"{total - exact:.2f}"),
        ("TOTAL", "S$" + point(total)),
    )
    if rng.random() < 0.4:
        slip.add(("NETS", point(total)))
    else:
        cash = handed(rng, total)
        slip.add(("CASH", point(cash)), ("CHANGE", point(cash - total)))
    slip.add("Thank you, please come again")
    finish(slip, when, "SGD", total, tax_amount=tax)
    return slip


KINDS: Final[MappingProxyType[str, Callable[[Random], Slip]]] = MappingProxyType({
    kind.__name__: kind
    for kind in (
        us_store, us_diner, german_till, italian_document, french_ticket, spanish_ticket, dutch_receipt, british_till,
        polish_paragon, swiss_till, singapore_receipt,
    )
})  # fmt: skip


def slip_of(kind: str, seed: int) -> Slip:
    """The slip of a seed."""
    return KINDS[kind](Random(f"{kind}/{seed}"))


def save(kind: str, seed: int, out: Path) -> None:
    """One slip as a clean picture and as a photo, each with its truth."""
    slip = slip_of(kind, seed)
    page = rendered(slip.rows, slip.width, slip.large, seed)
    for way, picture in (("clean", page), ("photo", photographed(page, seed))):
        path = out / way / kind / f"{seed}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, quality=92 if way == "clean" else 60)
        path.with_suffix(".truth.json").write_text(
            json.dumps({**slip.truth, "_meta": {"template": kind}}, default=float)
        )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for kind in KINDS:
        for seed in range(arguments.seed, arguments.seed + arguments.count):
            save(kind, seed, arguments.out)
    print(f"{len(KINDS) * arguments.count} slips, clean and photographed, in {arguments.out}")


if __name__ == "__main__":
    main()
