"""The sheet being printed: gives texts to the layout and remembers which values now stand on the page."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from tests.generator.bill import Bill
from tests.generator.style import Style
from tests.generator.typeset import t
from tests.generator.wording import Wording


@dataclass
class Sheet:
    """One invoice on its way to paper."""

    bill: Bill
    style: Style
    words: Wording
    rng: Random
    printed: set[str] = field(default_factory=set)
    options: dict[str, str] = field(default_factory=dict)

    def put(self, path: str, text: str) -> str:
        """A value's text; its path now counts as printed."""
        self.printed.add(path)
        return t(text)

    def money(self, path: str, value: Decimal, *, bare: bool = False, negative: bool = False) -> str:
        """An amount; with its currency unless `bare`."""
        shown = -value if negative else value
        text = self.style.amount(shown, bare=bare)
        if text != self.style.number(shown):
            self.printed.add("invoice.currency")
        return self.put(path, text)

    def date(self, path: str, day: dt.date) -> str:
        """A date."""
        return self.put(path, self.style.date(day))

    def label(self, concept: str, **values: str) -> str:
        """A label with what this issuer puts behind it."""
        return t(self.words(concept, **values) + self.style.colon)

    def odds(self, chance: float) -> bool:
        """True so often."""
        return self.rng.random() < chance

    def signed(self, value: Decimal) -> Decimal:
        """An amount as printed: negative on some credit notes."""
        return -value if self.options.get("negative") else value
