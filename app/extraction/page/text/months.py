"""The names of the months in the languages that are read, from CLDR, with the spellings people add to it."""

import tomllib
from importlib import resources
from typing import Final

from app.extraction.page.text.lines import fold


def month_names() -> dict[str, int]:
    """Month number by folded name or abbreviation, over all languages."""
    data = tomllib.loads(resources.files(__package__).joinpath("months.toml").read_text("utf-8"))
    names: dict[str, int] = {}
    for months in data.values():
        for month, written in enumerate(months, 1):
            for name in written.split():
                names.setdefault(fold(name), month)  # the languages that are read stand first
    return names


MONTHS: Final = month_names()
