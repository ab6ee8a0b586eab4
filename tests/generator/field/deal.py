"""What the field's invoices are about: parties, rows and sums, with cases the first families do not have."""

from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any, Final

from tests.generator.bill import ZERO, Bill, Tax, cents
from tests.generator.companies import Company, countries
from tests.generator.field.families import FieldFamily
from tests.generator.sample import GENERAL, MORE, Wish, draw_bill

HUNDRED: Final = Decimal(100)
NUMBERS: Final = (
    "RE-{y}-{s:04d}", "{y}/{s:06d}", "FA{yy}{m:02d}-{s:04d}", "{s}", "A/{y}/{s:05d}", "SI-{s:06d}", "V-{yy}-{s:04d}", "F-{y}.{s:03d}",
    "{yy}VF{s:05d}", "00{s:05d}{s:03d}", "INV/{y}/{m:02d}/{s:04d}", "RG{s:06d}", "{s}/{yy}/E", "61000{s:05d}", "{s:03d}/{y}", "{y}{m:02d}{s:03d}",
    "{s:04d}", "B{yy}-{s:03d}", "{yy}/{s:04d}", "SO{s:05d}", "{s}-{yy}", "FV {s}/{m:02d}/{y}", "FT {y}A/{s}", "HR-{s:04d}", "Q{s:04d}K",
    "{s:03d}.{y}", "2-{s:05d}", "ES{yy}{m:02d}{s:05d}", "1{s:07d}", "{y}-{m:02d}-{s:03d}",
)  # fmt: skip
BRANDS: Final = (
    "Nordlicht", "Blue Harbour", "Kopernikus", "Atelier Vingt", "Tramontana", "Café Central", "Pixelwerk", "Verde Vivo", "Hôtel du Parc",
    "Casa Ribera", "The Paper Mill", "Quatre Mains", "Solaris", "Bakkerij Zonneveld", "Dom Ogrodnika", "O Moinho", "Copper & Oak", "Sonnenhof",
    "Alpenblick", "LUMEN", "Kreativraum", "Trattoria del Molo", "StudioSette", "Grupo Norte", "Agua Clara", "Open Fields", "Webmanufaktur",
)  # fmt: skip
TRANSFORMED: Final = {"shipping": "single", "shipping_multi": "multi", "gross_multi": "gross"}


def draw_number(rng: Random, bill: Bill) -> str:
    """An invoice number in one of the field's many forms."""
    pattern = rng.choice(NUMBERS)
    return pattern.format(
        s=rng.randint(2, 9899), y=bill.date.year, yy=f"{bill.date.year % 100:02d}", m=bill.date.month
    )


def renamed(rng: Random, company: Company) -> Company:
    """The company, now and then under a name without a legal form."""
    if company.person or rng.random() > 0.25:
        return company
    facts = countries()[company.country]
    brand = rng.choice(BRANDS)
    name = rng.choice([
        brand, f"{brand} {company.city}", f"{rng.choice(facts['trades'])} {rng.choice(facts['surnames'])}", f"{brand} {rng.choice(facts['trades'])}",
        f"{brand} {rng.choice(facts['forms']).format(surname=rng.choice(facts['surnames']))}", f"{rng.choice(facts['surnames'])} & {rng.choice(facts['surnames'])}",
    ])  # fmt: skip
    return replace(company, name=name)


def choose_case(rng: Random, family: FieldFamily, country: str) -> str:
    """A tax case that the family shows and the country knows."""
    if country == "US":
        weights = {"sales_tax": 6, "untaxed": 3, "shipping": 2, "prepaid": 1, "credit_note": 1}
    else:
        weights = {**GENERAL, **MORE.get(country, {}), "shipping": 3, "shipping_multi": 1, "gross": 1}
    allowed = {k: n for k, n in family.cases.items() if k in weights} if family.cases else weights
    allowed = allowed or {"single": 1}
    return rng.choices(list(allowed), list(allowed.values()))[0]


def _added(taxes: tuple[Tax, ...], plus: Decimal) -> tuple[Tax, ...]:
    first, *others = taxes
    base = first.base + plus
    return (replace(first, base=base, amount=cents(base * first.rate / HUNDRED)), *others)


def with_shipping(rng: Random, bill: Bill) -> Bill:
    """Carriage charged below the rows, taxed at the main rate."""
    cost = Decimal(rng.choice(["4.90", "5.95", "7.50", "12.00", "15.00", "24.90", "35.00", "9.99"]))
    taxes = _added(bill.taxes, cost)
    base, tax = sum((x.base for x in taxes), ZERO), sum((x.amount for x in taxes), ZERO)
    return replace(bill, taxes=taxes, subtotal=base, tax_amount=tax, total=base + tax, shipping=cost)


def draw_deal(rng: Random, family: FieldFamily, language: str, country: str) -> Bill:
    """An invoice's contents for a family, in a language, issued in a country."""
    case = choose_case(rng, family, country)
    wish = Wish(
        rows=family.rows, private_buyer=family.private_buyer, goods=tuple(family.goods.get(language, ()))
    )
    bill = draw_bill(rng, language, country, TRANSFORMED.get(case, case), wish)
    if case.startswith("shipping"):
        bill = with_shipping(rng, bill)
    changed: dict[str, Any] = {
        "case": case,
        "number": draw_number(rng, bill),
        "vendor": renamed(rng, bill.vendor),
        "buyer": renamed(rng, bill.buyer) if bill.buyer else None,
    }
    if family.kind and bill.kind == "invoice":
        changed["kind"] = family.kind
    return replace(bill, **changed)
