"""How one issuer prints: numbers, dates, fonts; drawn once per invoice, independent of the layout."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

from babel.dates import format_date

from tests.generator.companies import countries

SYMBOLS: Final = {
    "EUR": "€",
    "GBP": "£",
    "USD": "$",
    "CHF": "CHF",
    "PLN": "zł",
    "AUD": "$",
    "CAD": "$",
    "INR": "₹",
}
FONTS: Final = (
    "Roboto",
    "Roboto",
    "Source Sans Pro",
    "Source Sans Pro",
    "Libertinus Serif",
    "New Computer Modern",
    "DejaVu Sans Mono",
)
COLOURS: Final = ("#1b4f72", "#922b21", "#196f3d", "#444444", "#000000", "#6c3483", "#b9770e", "#0e6655")


@dataclass(frozen=True, kw_only=True)
class Style:
    """The printing habits of one issuer."""

    language: str
    region: str
    currency: str
    numbers: str
    """A sample: `1.234,56`."""
    dates: str
    """A date pattern of Unicode's locale data."""
    money: str
    """Where the currency stands: a pattern with `{n}` and `{c}`, or only `{n}`."""
    rate: str
    """How a tax rate stands: `{r}%`, `{r} %`, `{r},00%`."""
    colon: str
    """What follows a label."""
    font: str
    size: float
    colour: str
    caps: bool
    """Are column heads in capitals?"""

    def number(self, value: Decimal, places: int | None = 2) -> str:
        """A number with its thousands and decimal signs; `places` None leaves its own digits."""
        shown = value if places is None else value.quantize(Decimal(1).scaleb(-places))
        thousands, point = self.numbers[1], self.numbers[-3]
        grouped = thousands if not thousands.isdigit() else ""
        text = f"{abs(shown):,f}".replace(",", "\0").replace(".", point).replace("\0", grouped)
        return ("-" if shown < 0 else "") + text

    def amount(self, value: Decimal, *, bare: bool = False, places: int = 2) -> str:
        """Money as this issuer prints it, `bare` without its currency."""
        text = self.number(value, places)
        if bare:
            return text
        symbol = SYMBOLS[self.currency] if "{c}" in self.money else self.currency
        sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
        return sign + self.money.replace("{c}", symbol).replace("{i}", self.currency).replace("{n}", text)

    def quantity(self, value: Decimal, *, padded: bool) -> str:
        """A quantity; `padded` to two places as bookkeeping programs do."""
        return self.number(value, 2 if padded else None)

    def percent(self, rate: Decimal) -> str:
        """A rate in percent, as in running text."""
        point = self.numbers[-3]
        plain = f"{rate.normalize():f}".replace(".", point)
        padded = f"{rate:.2f}".replace(".", point)
        return self.rate.replace("{r}", plain).replace("{p}", padded)

    def date(self, day: dt.date) -> str:
        """A date in this issuer's form."""
        return format_date(
            day, self.dates, locale=f"{self.language}_{self.region}" if self.region else self.language
        )


def _money_pattern(rng: Random, currency: str, country: str) -> str:
    if currency == "GBP":
        return rng.choice(["£{n}", "£{n}", "{n}", "{n} GBP"])
    if currency == "USD":
        return rng.choice(["${n}", "${n}", "$ {n}", "USD {n}", "${n} USD"])
    if currency == "CHF":
        return rng.choice(["CHF {n}", "{n}", "{n} CHF"])
    if currency == "PLN":
        return rng.choice(["{n} zł", "{n} PLN", "{n}", "{n} zł"])
    if country in {"NL", "IT", "IE"}:
        return rng.choice(["€ {n}", "€ {n}", "{n}", "€{n}", "{n} €", "EUR {n}"])
    return rng.choice(["{n} €", "{n} €", "{n}", "{n} EUR", "{n}€"])


def draw_style(rng: Random, language: str, country: str, currency: str) -> Style:
    """The habits of an invented issuer in a country, writing in a language."""
    facts = countries()[country]
    numbers = rng.choice(facts["numbers"])
    if "1 2" in numbers and rng.random() < 0.6:
        numbers = numbers.replace(" ", rng.choice(["\u202f", "\u00a0"]))
    dates = rng.choice(facts["dates"])
    return Style(
        language=language, region=country if country in {"GB", "US", "IE", "CH", "AT"} else "", currency=currency,
        numbers=numbers, dates=dates, money=_money_pattern(rng, currency, country),
        rate=rng.choice(["{r}%", "{r}%", "{r} %", "{p}%", "{p} %"]), colon=rng.choice([":", ":", "", ""]),
        font=rng.choice(FONTS), size=rng.choice([8.0, 8.5, 9.0, 9.5, 10.0, 10.5]), colour=rng.choice(COLOURS),
        caps=rng.random() < 0.2,
    )  # fmt: skip
