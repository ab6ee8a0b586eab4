import pytest
from babel import Locale

from app.extraction.page.text.lines import fold
from app.extraction.page.text.months import MONTHS


@pytest.mark.parametrize("language", ["it", "en", "de", "fr", "es", "pt", "nl", "pl"])
def test_every_name_of_a_month_in_cldr_is_known(language):
    months = Locale(language).months
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in months[form][width].items():
                assert MONTHS[fold(name.rstrip("."))] == number, name
