"""How the field's issuers print numbers, dates and money: wider habits than the first families'."""

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Final

from tests.generator.style import Style, draw_style

MORE_DATES: Final = {
    "en": ("dd-MMM-yy", "d MMM yyyy", "yyyy-MM-dd", "EEEE, d MMMM yyyy", "dd/MM/yyyy"), "de": ("dd.MM.yyyy", "d. MMM yyyy", "dd.MM.yy", "yyyy-MM-dd"),
    "fr": ("dd/MM/yyyy", "d MMM yyyy", "dd.MM.yyyy", "dd/MM/yy"), "it": ("dd/MM/yyyy", "dd-MM-yy", "d MMM yyyy", "d/M/yyyy"),
    "es": ("dd/MM/yyyy", "d/M/yyyy", "dd-MMM-yyyy", "dd.MM.yyyy"), "pt": ("yyyy-MM-dd", "dd/MM/yyyy", "dd-MM-yyyy", "dd.MM.yyyy"),
    "nl": ("dd-MM-yyyy", "d-M-yyyy", "d MMM yyyy", "dd/MM/yyyy"), "pl": ("dd.MM.yyyy", "yyyy-MM-dd", "dd-MM-yyyy", "dd/MM/yyyy"),
}  # fmt: skip
MONEY: Final = {
    "EUR": ("{n} €", "€ {n}", "{n} EUR", "EUR {n}", "{n}€", "€{n}", "{n} Euro", "{n}"), "GBP": ("£{n}", "£ {n}", "GBP {n}", "{n} GBP", "£{n}"),
    "USD": ("${n}", "$ {n}", "USD {n}", "${n} USD", "US${n}"), "CHF": ("CHF {n}", "{n} CHF", "Fr. {n}", "{n}"), "PLN": ("{n} zł", "{n} PLN", "{n}", "PLN {n}"),
    "AUD": ("${n}", "${n}", "A${n}", "${n} AUD"), "CAD": ("${n}", "${n}", "CA${n}", "${n} CAD"), "INR": ("Rs. {n}", "INR {n}", "{n}", "Rs {n}"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class IndianStyle(Style):
    """Groups of two after the first three: 1,23,456.00."""

    def number(self, value: Decimal, places: int | None = 2) -> str:
        """A number grouped in lakh and crore."""
        plain = super().number(value, places).replace(",", "")
        sign, body = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
        whole, point, rest = body.partition(".")
        head, tail = whole[:-3], whole[-3:]
        groups = []
        while head:
            groups.insert(0, head[-2:])
            head = head[:-2]
        return sign + ",".join([*groups, tail]) + point + rest


def draw_field_style(
    rng: Random, language: str, country: str, currency: str, fonts: tuple[str, ...]
) -> Style:
    """The habits of an issuer in the field."""
    style = draw_style(rng, language, country, currency)
    dates = style.dates
    if country not in {"US", "CA", "IN", "AU"} and rng.random() < 0.4:
        dates = rng.choice(MORE_DATES[language])
    money = style.money
    if currency in {"AUD", "CAD", "INR"} or (currency in MONEY and rng.random() < 0.5):
        money = rng.choice(MONEY[currency])
    numbers = style.numbers
    if country == "CH" and language in {"fr", "it"} and rng.random() < 0.4:
        numbers = "1 234.56"
    made = replace(
        style,
        dates=dates,
        money=money,
        numbers=numbers,
        font=rng.choice(fonts),
        size=rng.choice([8.0, 8.5, 9.0, 9.5, 10.0]),
    )
    return IndianStyle(**vars(made)) if country == "IN" else made
