"""The names of the months in the languages that are read, from CLDR, with the spellings people add to it."""

import tomllib
from importlib import resources
from typing import Final

from app.extraction.page.text import fold


def month_names() -> dict[str, int]:
    """Month number by folded name or abbreviation, over all languages."""
    data = tomllib.loads(resources.files(__package__).joinpath("months.toml").read_text("utf-8"))
    return {
        fold(name): month
        for months in data.values()
        for month, names in enumerate(months, 1)
        for name in names.split()
    }


MONTHS: Final = month_names()
