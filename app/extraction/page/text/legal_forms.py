"""The endings by which a company's name is known for one."""

import re
from typing import Final

_FORMS: Final = re.compile(
    r"(?:(?<=\s)|(?<=[,)]))(?:"
    r"(?:Tic\. )?Ltd\. Şti\.|"
    r"(?i:S\.? ?A\.?(?:P\.?I\.?)? de C\.? ?V\.?|S\.? de R\.? ?L\.?(?: de C\.? ?V\.?)?)|"
    r"g?G\.?m\.?b\.?H\.?|m\.?b\.?H\.?|Ges\.?m\.?b\.?H\.?|AG|A\.G\.|SE|KGaA|KG|K\.G\.|OHG|"
    r"UG \(haftungsbeschr[äa]nkt\)|UG|GbR|"
    r"e\. ?K\.?|e\.K|e\. ?U\.|e\. ?V\.?|e\.?G\.?|a\. ?G\.?|PartG(?: ?mbB)?|"
    r"S\.? ?p\.? ?A\.?|S\.? ?r\.? ?l\.?s?\.?|S\.?n\.?c\.?|S\.?a\.?s\.?|S\.?S\.?|"
    r"s\.p\.a\.?|s\.r\.l\.?s?\.?|s\.n\.c\.?|s\.a\.s\.?|s\.s\.|S\.R\.L\.?S?\.?|SRLS|S\.N\.C\.?|S\.A\.S\.U?\.?|"
    r"Soc\. Coop\.?|Societ[àa] Cooperativa|Cooperativa|"
    r"(?:(?:Soc\.|Societ[àa]) ?(?:Agr|Coop|Cons)[a-z]*\.? )?a r\.? ?l\.?|Soc\. Agr\.?|Societ[àa] Agricola|"
    r"Ltd\.?|Limited|LIMITED|LLC|L\.L\.C\.|Inc\.?|Incorporated|Corp\.?|Corporation|PLC|plc|LLP|PLLC|Co\.|Company|Pty|"
    r"LP|C\.I\.C\.|LTÉE|Ltée|Enr\.|Partnership|DAC|CLG|Teoranta|"
    r"S\.?A\.?R\.?L\.?|S[àa]rl|S\.à r\.l\.|S(?:agl|AGL)|SPRL|ASBL|VZW|E\.U\.R\.L\.|SELARL|"
    r"S\.?A\.?|SAS|SASU|EURL|SNC|SCOP|SCI|"
    r"B\.?V\.?(?:B\.?A\.?)?|N\.?V\.?|V\.?O\.?F\.?|C\.?V\.?|"
    r"S\. ?L\. ?[LP]\.|S\.?L\.?U?\.?|S\.?A\.?U\.?|S\.? ?Coop\.?|Lda\.?|LDA|Unipessoal|S\.G\.P\.S\.|"
    r"Spółka z o\.? ?o\.?|Spółka (?:akcyjna|jawna|komandytow[ao](?:-akcyjna)?|partnerska|cywilna)|"
    r"[Ss]p\.? ?z\.? ?o\.? ?o\.?|"
    r"[Ss]p\. ?[jkpc]\.?|Sp ?\.z o\. ?o\.|[Ss]\.[Kk]\.[Aa]\.|s\.c\.|P\.S\.A\.|"
    r"S\.c\.? ?[ar]\.?(?: ?r)?\.? ?l\.?|SCARL|S\.[Tt]\.[Pp]\.|S\.?[Aa]\.?[Pp]\.?[Aa]\.|A\.S\.D\.|ONLUS|"
    r"eGbR|KlG|SELAS|EARL|GAEC|SCEA|SCM|SCRL|SComm|CommV|CVBA|BVBA|U\.A\.|"
    r"S\.C\.P\.|C\.B\.|S\.L\.N\.E\.|Ltda\.?|LTDA|P\.C\.|L\.P\.|L\.L\.P\.|"
    r"Aktiebolag|Handelsbolag|I/S|K/S|P/S|Oyj|v\.o\.s\.|k\.s\.|Nyrt\.?|Bt\.|"
    r"d\.d\.|j\.d\.o\.o\.|spol\. s r\. ?o\.|Tmi|Ky|Rt\.|OÜ|UAB|EOOD|OOD|"
    r"ΕΠΕ|Ε\.Π\.Ε\.|ΙΚΕ|Ι\.Κ\.Ε\.|Ο\.Ε\.|ΑΕ|"
    r"A\.Ş\.|(?:Tic\. )?Ltd\. Şti\.|"
    r"A/S|ApS|AB|Oy|OYJ|AS|ASA|s\.r\.o\.|a\.s\.|Kft\.?|Zrt\.?|d\.o\.o\.|A\.E\.|Α\.Ε\.|S\.C\.|SRL|"
    r"(?i:(?:Sdn\.? ?)?Bhd\.?|S/B|(?:Pte|Pvt|Private|Pty|Co)\.?,? ?(?:Ltd\.?|Limited))|K\.K\.|Tbk\.?|"
    r"SOC\. ?COOP\.?(?: SOCIALE)?|SOCIET[AÀ]'? COOPERATIVA|"
    r"SP\. Z ?O\. ?O\.|SPÓŁKA Z O\. ?O\.|GMBH|LTD|INC|SPA|SNC|SAS"
    r")(?: di [^,;]{2,30}? & C\.?|,? (?:unipersonale|a socio unico|in liquidazione|"
    r"uninominale|Holding))?(?=$|[\s,;:|·•()–-]|\.(?!\w))"
)


_PLATE: Final = re.compile(r"[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}")
"""The number of a vehicle, which may end like a company: `FX 467 LP`."""


def legal_form_end(text: str) -> int | None:
    """Where the legal form of the company named in a text ends; `None` without one."""
    end = None
    if _PLATE.fullmatch(text.strip()):
        return None
    for match in _FORMS.finditer(text):
        between = text[end : match.start()].strip(" &.,+") if end is not None else ""
        if end is None or between in {"", "Co", "co", "CO", "und", "et"}:
            end = match.end()
        else:
            break
    return end


def has_legal_form(text: str) -> bool:
    """Whether a text names a company by its legal form."""
    return legal_form_end(text) is not None


def is_legal_form(text: str) -> bool:
    """Whether a text is a legal form with no name before it."""
    padded = f"x {text.strip()}"
    first = _FORMS.search(padded)
    return first is not None and first.start() == len("x ") and legal_form_end(padded) == len(padded)
