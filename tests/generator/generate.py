"""One seed, one invoice: truth, layout and print."""

from dataclasses import dataclass, field, replace
from random import Random
from types import MappingProxyType
from typing import Any, Final

from tests.generator.bill import Bill
from tests.generator.families import FAMILIES, Family
from tests.generator.field import FIELD, field_invoice
from tests.generator.sample import Wish, draw_bill, draw_case, draw_country
from tests.generator.sheet import Sheet
from tests.generator.style import SYMBOLS, draw_style
from tests.generator.truth import printed_truth
from tests.generator.typeset import to_pdf
from tests.generator.wording import LANGUAGES, Wording

EXCHANGE: Final = Wish(language="it", cases=("single", "multi", "credit_note"), private_buyer=0.0)
WISHES: Final = MappingProxyType({
    "receipt_slip": Wish(rows=(1, 6), cases=("single", "gross", "multi", "sales_tax"), private_buyer=1.0, discounts=0.0),
    "multi_page_carry": Wish(rows=(20, 60)),
    "utility_bill": Wish(rows=(3, 9), cases=("single", "multi", "sales_tax", "credit_note")),
    "ministry_list": EXCHANGE,
    "software_house_print": EXCHANGE,
    "freelancer": Wish(rows=(1, 4)),
    "letter_prose": Wish(rows=(1, 3)),
    "software_service": Wish(rows=(1, 5)),
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Generated:
    """A printed invoice with its truth."""

    seed: int
    pdf: bytes
    truth: dict[str, Any]
    """In the shape of `result`; only what stands on the page."""
    family: str
    language: str
    options: dict[str, str] = field(default_factory=dict)
    """What else was drawn: country, tax case, font …"""


def generate(seed: int, family: str | None = None, language: str | None = None) -> Generated:
    """The invoice of a seed, of any family and language or of the ones named."""
    if family in FIELD:
        return _from_the_field(seed, family, language)
    rng = Random(f"{seed}/{family}/{language}")
    family = family or rng.choice(list(FAMILIES))
    wish = WISHES.get(family, Wish())
    language = wish.language or language or rng.choice(LANGUAGES)
    country = "IT" if wish is EXCHANGE else draw_country(rng, language)
    case = draw_case(rng, country, wish)
    bill = _fitted(draw_bill(rng, language, country, case, wish), family)
    second = rng.choice([x for x in ("en", "de", "fr") if x != language]) if family == "bilingual" else None
    sheet = Sheet(
        bill=bill,
        style=draw_style(rng, language, country, bill.currency),
        words=Wording(rng, language, second, avoid="VAT" if country == "US" else "\0"),
        rng=rng,
    )
    if bill.kind == "credit_note" and rng.random() < 0.4:
        sheet.options["negative"] = "yes"
    pdf = to_pdf(printed_source(sheet, FAMILIES[family]))
    options = {
        "country": country,
        "case": case,
        "font": sheet.style.font,
        "numbers": sheet.style.numbers,
        "dates": sheet.style.dates,
    }
    return Generated(
        seed=seed,
        pdf=pdf,
        truth=printed_truth(bill, sheet.printed),
        family=family,
        language=language,
        options=options,
    )


def _from_the_field(seed: int, family: str, language: str | None) -> Generated:
    """An invoice of one of the later families, which print themselves."""
    pdf, truth, bill, options = field_invoice(seed, family, language)
    return Generated(seed=seed, pdf=pdf, truth=truth, family=family, language=bill.language, options=options)


def printed_source(sheet: Sheet, family: Family) -> str:
    """The layout's source; a currency that stands anywhere on the page counts as printed."""
    source = family(sheet)
    if SYMBOLS[sheet.bill.currency] in source or sheet.bill.currency in source:
        sheet.printed.add("invoice.currency")
    return source


def _fitted(bill: Bill, family: str) -> Bill:
    """A till receipt names no buyer and no order."""
    if family != "receipt_slip":
        return bill
    return replace(bill, buyer=None, kind="receipt", due=None, po_number="")
