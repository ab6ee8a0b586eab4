"""One seed, one invoice of the field: contents, page, print, truth."""

from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.generator.bill import Bill
from tests.generator.field import drawn
from tests.generator.field.deal import draw_deal
from tests.generator.field.families import FIELD, FOLDER, FieldFamily
from tests.generator.field.form import Form, follow, sums
from tests.generator.field.press import faces, pressed
from tests.generator.field.style import draw_field_style
from tests.generator.field.wording import FieldWording
from tests.generator.style import SYMBOLS
from tests.generator.truth import printed_truth

CURRENCY_WORDS: Final = {
    "EUR": ("Euro", "EURO"),
    "CHF": ("Fr.",),
    "PLN": ("PLN",),
    "INR": ("₹", "Rs."),
    "GBP": (),
    "USD": (),
}


@cache
def _pages() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def new_form(rng: Random, family: FieldFamily, language: str, country: str) -> Form:
    """The contents with the issuer's habits and words, ready for a template."""
    bill = draw_deal(rng, family, language, country)
    style = draw_field_style(rng, language, country, bill.currency, family.fonts)
    own = family.words.get(language, {})
    words = FieldWording(rng, language, own, avoid="VAT" if country in {"US", "CA"} else "\0")
    form = Form(bill=bill, style=style, words=words, rng=rng)
    if bill.kind == "credit_note" and rng.random() < 0.4:
        form.options["negative"] = "yes"
    return form


def page_values(form: Form) -> dict[str, Any]:
    """What a template may name."""
    names = (
        "v", "has", "m", "n", "d", "w", "lab", "title", "number_label", "terms", "addr", "vat", "iban", "rate", "num", "cash",
        "pick", "digits", "mark", "unsay", "odds", "taxed", "rows", "taxes", "bill", "style",
    )  # fmt: skip
    counted = form.w("page").replace("{n}", '" counter(page) "').replace("{m}", '" counter(pages) "')
    return {name: getattr(form, name) for name in names} | {
        "form": form, "vendor": form.bill.vendor, "buyer": form.bill.buyer, "day": form.style.date, "font": form.style.font,
        "size": form.style.size, "colour": form.style.colour, "pages": f'"{counted}"', "faces": faces(form.style.font),
        "lang": form.bill.language, "Decimal": Decimal, "sums": lambda **options: list(sums(form, **options)),
    }  # fmt: skip


def page_of(form: Form, family: FieldFamily) -> str:
    """The family's page, filled."""
    return _pages().get_template(f"{family.name}.html").render(**page_values(form))


def _mark_currency(form: Form, text: str) -> None:
    code = form.bill.currency
    if any(x in text for x in (code, SYMBOLS.get(code, code), *CURRENCY_WORDS.get(code, ()))):
        form.printed.add("invoice.currency")


def truth_of(form: Form, text: str) -> dict[str, Any]:
    """The truth of what was printed, with null where the page surely says nothing."""
    _mark_currency(form, text)
    follow(form)
    truth = printed_truth(form.bill, form.printed)
    if "tax_breakdown" in form.unsure:
        truth["tax_breakdown"] = []
    for path in ("vendor.vat_number", "vendor.iban", "buyer.vat_number", "invoice.po_number"):
        group, key = path.split(".")
        if path not in form.printed | form.unsure:
            truth[group][key] = None
    if "terms" not in form.printed and "invoice.due_date" not in form.printed | form.unsure:
        truth["invoice"]["due_date"] = None
    return truth


def field_invoice(
    seed: int, name: str, language: str | None = None, press: str = "packaged"
) -> tuple[bytes, dict[str, Any], Bill, dict[str, str]]:
    """The PDF, its truth, its contents and what else was drawn."""
    family = FIELD[name]
    rng = Random(f"field {seed}/{name}/{language}")
    places = [p for p in family.places if language is None or p.startswith(language)] or list(family.places)
    language, country = rng.choice(places).split(":")
    form = new_form(rng, family, language, country)
    if family.drawn:
        pdf, text = drawn.draw(form, family)
    else:
        text = page_of(form, family)
        pdf = pressed(text, press)
    truth = truth_of(form, text)
    options = {
        "country": country,
        "case": form.bill.case,
        "numbers": form.style.numbers,
        "dates": form.style.dates,
    }
    return pdf, truth, form.bill, options
