"""Postal addresses: the line with postcode and city in the forms of many countries, the country."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

import msgspec

from app.extraction.page.text.lines import fold, has_digit

_NAME: Final = r"[^\W\d_][^\d,;|()•·]{1,40}?"
_CITY: Final = rf"(?P<city>(?![a-zà-ÿ]){_NAME})"
_PREFIX: Final = r"(?:(?P<cc>[A-Z]{1,3})[- ]{1,3})?"
_BEFORE: Final = rf"(?P<city>{_NAME})"
_APART: Final = r"(?<![\d\w.-])"
_ENDS: Final = r"(?=$|[,;|(•·\d]| [-–—] )"
_EIRE: Final = r"(?:[AC-FHKNPRTV-Y]\d\d|D6W) ?[0-9AC-FHKNPRTV-Y]{4}"
_AFTER: Final = r"(?:[ ,]+\(?(?P<state>[A-Z]{2})\)?(?: (?P<cc2>[A-Z]{2}))?)?"


_US_STATES: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|"
    "Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|"
    "Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|"
    "Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|"
    "Virginia|Washington|West Virginia|Wisconsin|Wyoming|District of Columbia"
)
_INDIAN_STATES: Final = (
    "Andhra Pradesh|Assam|Bihar|Chhattisgarh|Delhi|Goa|Gujarat|Haryana|Himachal Pradesh|Jharkhand|Karnataka|"
    "Kerala|Madhya Pradesh|Maharashtra|Odisha|Punjab|Rajasthan|Tamil Nadu|Telangana|Uttar Pradesh|"
    "Uttarakhand|West Bengal"
)
_COUNTIES: Final = (
    r"[A-Z][a-z]+shire|(?:East|West|North|South) (?:Sussex|Yorkshire|Lothian)|Essex|Kent|Surrey|"
    r"Devon|Cornwall|Dorset|Somerset|Suffolk|Norfolk|Cumbria|Durham|Northumberland|Rutland|Middlesex|"
    r"Merseyside|Greater Manchester|West Midlands|"
    r"Tyne and Wear|Co\.? [A-Z][a-z]+|County [A-Z][a-z]+|Gwynedd|Powys|Dyfed|Gwent|Clwyd|Fife"
)
"""Of the British islands, which stand between a town and its postcode."""
_BEFORE_COUNTRY: Final = (
    r"P\.?R\.? ?China|China|India|Korea|South Korea|Thailand|Malaysia|Vietnam|Ukraine|Türkiye|Turkey"
)
"""Countries in whose addresses the postcode follows the town."""
_PROVINCES: Final = (
    "Ontario|Qu[ée]bec|Nova Scotia|New Brunswick|Manitoba|British Columbia|Prince Edward Island|Saskatchewan|"
    "Alberta|Newfoundland and Labrador"
)


class _Form(NamedTuple):
    """How a country writes postcode and city; what stands around the code takes long to look for."""

    code: re.Pattern[str]
    whole: re.Pattern[str]
    country: str | None


def _form(before: str, code: str, after: str, country: str | None) -> _Form:
    return _Form(re.compile(code), re.compile(before + code + after), country)


_FORMS: Final = (
    _form(_APART, r"(?P<zip>\d{4} ?[A-Z]{2})[ ,]+", _CITY + _ENDS, "NL"),
    _form(_APART + _PREFIX, r"(?P<zip>\d\d-\d{3})[ ,]+", _CITY + _ENDS, "PL"),
    _form(_APART + _PREFIX, r"(?P<zip>\d{4}-\d{3})[ ,]+", _CITY + _ENDS, "PT"),
    _form(
        rf"(?P<city>{_NAME})(?:, (?:{_COUNTIES}))?,? ",
        r"(?P<zip>[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})(?![\w-])",
        "",
        "GB",
    ),
    _form(
        _BEFORE + ",? ",
        rf"\(?(?:{_PROVINCES})\)?,? (?P<zip>[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d)(?![\w-])",
        "",
        "CA",
    ),
    _form(_BEFORE + ",? (?:[A-Z]{2} )?", r"(?P<zip>[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d)(?![\w-])", "", "CA"),
    _form(_BEFORE + ",? ", r"(?P<state>[A-Z]{2}),? (?P<zip>\d{5}(?:-\d{4})?)(?![\w-])", "", "US"),
    _form(_BEFORE + ",? ", rf"(?P<state>{_US_STATES}),? (?P<zip>\d{{5}}(?:-\d{{4}})?)(?![\w-])", "", "US"),
    _form(_BEFORE + ",? ", r"(?P<state>NSW|VIC|QLD|WA|SA|TAS|ACT|NT),? (?P<zip>\d{4})(?![\w-])", "", "AU"),
    _form(_BEFORE + r",? (?:" + _INDIAN_STATES + r")[ ,-]+", r"(?P<zip>\d{3} ?\d{3})(?![\w-])", "", "IN"),
    _form(_BEFORE + "[ ,-]+", r"(?P<zip>\d{3} ?\d{3})", rf"[ ,-]+(?:{_INDIAN_STATES})(?![\w-])", "IN"),
    _form(_BEFORE, r" \((?P<zip>\d{4,5})\)", "", None),
    _form(_BEFORE + ",? ", r"(?P<zip>\d{3}-\d{4})", r"(?=,? \(?(?:Japan|JAPAN)\W*$)", "JP"),
    _form("(?P<city>Singapore),? ", r"(?P<zip>\d{6})(?![\w-])", "", "SG"),
    _form(_BEFORE, r",? (?P<zip>\d{5,6})", rf"(?=,? \(?(?:{_BEFORE_COUNTRY})\W*$)", None),
    _form(rf"(?P<city>{_NAME}(?: \d{{1,2}})?),? ", rf"(?P<zip>{_EIRE})(?![\w-])", "", "IE"),
    _form(_APART, r"(?P<zip>\d{3} \d\d) ", _CITY + _ENDS, None),
    _form(
        rf"(?<![\d\w./-]){_PREFIX}",
        r"(?P<zip>\d{4,5})(?: - | +)",
        rf"{_CITY}{_AFTER}(?=$|[,;|(•·)\d]| [-–—/|] )",
        None,
    ),
    _form(_BEFORE, r", (?P<zip>\d{4}-\d{3}|\d\d-\d{3}|\d{4,6})(?![\w-])", "", None),
)
_ROAD: Final = re.compile(
    r" (?:road|rd|street|st|avenue|ave|lane|ln|drive|dr|boulevard|blvd|way|court|ct|highway|hwy|parkway|pkwy|"
    r"terrace|circle)\.?(?: (?:ste|suite|unit|apt|floor|fl|room|rm|bldg)\.?)?$"
)
"""How a street ends in English, whose number stands before it."""
_BRITISH: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}")
_IRISH: Final = re.compile(_EIRE)
_COUNTY: Final = re.compile(r"(?:Co\.?|County) [A-Z]")
_DUTCH: Final = re.compile(r"\d{4} ?[A-Z]{2}")
_ONLY_CODE: Final = re.compile(
    rf"(?:[A-Z]{{1,2}}-)?\d{{4,5}}|\d\d-\d{{3}}|\d{{4}}-\d{{3}}|{_DUTCH.pattern}|{_BRITISH.pattern}|{_EIRE}"
)
_CITY_ALONE: Final = re.compile(r"[^\W\d_][^\d,;:|()@]{1,30}")
_ANY_CODE: Final = re.compile("|".join(re.sub(r"\?P<\w+>", "?:", form.code.pattern) for form in _FORMS))
_PLATES: Final = {
    "D": "DE", "A": "AT", "F": "FR", "I": "IT", "E": "ES", "P": "PT", "B": "BE", "L": "LU", "CH": "CH",
    "NL": "NL", "PL": "PL", "DK": "DK", "S": "SE", "SE": "SE", "N": "NO", "FIN": "FI", "CZ": "CZ",
    "FL": "LI", "DE": "DE", "AT": "AT", "FR": "FR", "IT": "IT", "ES": "ES", "PT": "PT", "BE": "BE",
    "LU": "LU", "GB": "GB", "IE": "IE", "HU": "HU", "H": "HU", "SK": "SK", "SI": "SI", "HR": "HR",
    "RO": "RO", "BG": "BG", "GR": "GR", "EE": "EE", "LT": "LT", "LV": "LV", "LI": "LI", "US": "US",
}  # fmt: skip
_COUNTRY_ONLY: Final = frozenset({"IT", "DE", "ES", "NL", "PL", "DK", "SE", "GB", "IE", "HU", "SK", "HR"})
"""Country codes that abbreviate no Italian province; after a city they can only be the country."""
_STATES: Final = frozenset({"georgia"})  # of the USA, when a postcode follows
_ITALIAN_ZIP: Final = 5  # digits
_LONGEST_STREET: Final = 70  # characters; longer is prose
_STREET_FIRST: Final = re.compile(
    r"^\W*(?:via|viale|v\.le|piazza|p\.zza|corso|c\.so|largo|vicolo|strada|loc|localita|rue|avenue|av|bd|boulevard|place|chemin|"
    r"allee|impasse|route|quai|calle|c/|avda|avenida|plaza|paseo|carrer|rua|praca|travessa|estrada|largo|ul|ulica|aleja|"
    r"po box|p\.o|postfach|pol\. ind|poligono|pct|bp|"
    r"z(?:a|i|ac|ae)(?= [dl])|zon[ea] (?:ind|art|com|d.act|port)\w*)[. ]|"
    r"^\W*(?:al|os|pl)\. "
)
_STREET_NAME: Final = re.compile(
    r"(?:via|viale|piazza|piazzale|rue|avenue|boulevard|plaza|calle|avenida|avda|rua|praca|ulica|ul|"
    r"zone? ind\w*|zona ind\w*|zone (?:artisanale|commerciale|d.activites?|portuaire)|"
    r"z(?:a|i|ac|ae)(?: des?| du| la)?|poligono|pol\. ind)[. ]"
)
_STREET: Final = re.compile(
    r"\b(?:rue|avenue|av|bd|boulevard|place|chemin|street|st|road|rd|lane|drive|dr|ave|way|suite|floor|building|court|square|"
    r"blvd|highway|box|unit|park|estate|level|industrie\w*)\b|"
    r"(?:strass?e|str\.?|weg|platz|allee|gasse|ring|damm|ufer|straat|street|laan|plein|dijk|kade|gracht|"
    r"markt|singel|hof|steig|graben)(?=\W|$|\d)"
)


class CityLine(msgspec.Struct, frozen=True, gc=False):
    """A postcode and a city found in a text."""

    start: int
    end: int
    zip_code: str
    city: str
    province: str | None
    country: str | None
    """By prefix, or by the shape of the postcode where one country has it."""


def find_city(text: str) -> CityLine | None:
    """The postcode and city of a text."""
    if not has_digit(text) or not _ANY_CODE.search(text):
        return None
    for form in _FORMS:
        match = form.whole.search(text) if form.code.search(text) else None
        if match:
            groups = match.groupdict()
            plate = groups.get("cc") or groups.get("cc2")
            if plate is None and groups.get("state") in _COUNTRY_ONLY:
                plate, groups["state"] = groups["state"], None
            known = _PLATES.get(plate or "", None) or form.country or _by_province(match, groups)
            start = min(match.start("city"), match.start("zip"))
            if _is_house(match["city"], form.country) or _ONLY_CODE.fullmatch(match.group().strip()):
                continue
            return CityLine(
                start, match.end(), match["zip"], match["city"].strip(" .-"), groups.get("state"), known
            )
    return None


def _is_house(city: str, country: str | None) -> bool:
    """Whether what follows a number is the name of a street, whose number it is: `12345 Sunny Road`."""
    return country is None and bool(_ROAD.search(fold(city.strip())))


LONGEST_POSTCODE: Final = 10
"""Characters, with the letters of a country before it."""


def is_postcode(text: str) -> bool:
    """Whether a text is a postcode and nothing else, or might be: `92200`, `E1 8JP`, `1234 AB`."""
    return _ONLY_CODE.fullmatch(text) is not None


def stands_under_town(code: str) -> bool:
    """Whether a postcode is of a kind that stands under its town: a British or an Irish one."""
    return bool(_BRITISH.fullmatch(code) or _IRISH.fullmatch(code))


def names_county(text: str) -> bool:
    """Whether a line between a town and its postcode names the county: `Co. Dublin`."""
    return _COUNTY.match(text) is not None


def split_city(code: str, city: str) -> CityLine | None:
    """A postcode (`is_postcode`) and the town that stands on a line of its own."""
    if not _CITY_ALONE.fullmatch(city):
        return None
    kinds = ((_BRITISH, "GB"), (_IRISH, "IE"), (_DUTCH, "NL"))
    country = next((country for kind, country in kinds if kind.fullmatch(code)), None)
    return CityLine(0, len(code), code, city.strip(" .,-"), None, country)


def _by_province(match: re.Match[str], groups: dict[str, str | None]) -> str | None:
    """Italy, where a province in brackets follows the city: `36061 Bassano del Grappa (VI)`."""
    bracketed = groups.get("state") and match.string[match.end("state") :][:1] == ")"
    return "IT" if bracketed and len(match["zip"]) == _ITALIAN_ZIP else None


def looks_like_street(text: str) -> bool:
    """A street with a number, or a text that begins as streets do."""
    if len(text) > _LONGEST_STREET:
        return False
    folded = fold(text)
    if _STREET_FIRST.match(folded):
        return True
    return has_digit(text) and bool(_STREET.search(folded))


def names_street(text: str) -> bool:
    """Whether a text is the name of a street or an industrial estate, without its number."""
    return bool(_STREET_NAME.match(fold(text)))


@cache
def country_names() -> dict[str, str]:
    """ISO 3166-1 alpha-2 code by the folded name of a country."""
    data = tomllib.loads(resources.files(__package__).joinpath("countries.toml").read_text("utf-8"))
    return {name: code for code, names in data.items() for name in names}


def country_of(text: str) -> str | None:
    """The country that a text is the name of, or ends with after a comma or in brackets."""
    names = country_names()
    for part in (text, *re.split(r"[,(]", text)[-1:]):
        words = re.findall(r"[a-z0-9]+", fold(part))
        key = " ".join(word for word in words if not word.isdigit())
        if key in names and (len(words) == len(key.split()) or key not in _STATES):
            return names[key]
    return None


def trailing_code(text: str) -> str | None:
    """The country's code at the end of an address on one line: `00100 Roma IT`."""
    code = re.search(r"\d.*[^\W\d_]{2} ([A-Z]{2})$", text.strip())
    return code[1] if code and code[1] in _COUNTRY_ONLY else None
