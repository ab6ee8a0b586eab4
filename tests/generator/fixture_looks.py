"""How the shipped examples look and speak."""

from typing import Final

from tests.generator.style import Style


def style(language: str, region: str = "", **more: object) -> Style:
    """An Italian, plain style with some traits changed."""
    facts: dict[str, object] = {
        "language": language, "region": region, "currency": "EUR", "numbers": "1.234,56", "dates": "dd/MM/yyyy", "money": "{n} {c}", "rate": "{r}%",
        "colon": ":", "font": "Roboto", "size": 9.5, "colour": "#1b4f72", "caps": False,
    }  # fmt: skip
    return Style(**(facts | more))  # type: ignore[arg-type]  # the facts are the fields of Style by name


STERLING: Final = style(
    "en",
    "GB",
    currency="GBP",
    numbers="1,234.56",
    dates="d MMMM yyyy",
    money="£{n}",
    font="Source Sans Pro",
    size=10.0,
    colour="#0e6655",
)
GERMAN: Final = style(
    "de", dates="dd.MM.yyyy", rate="{r} %", font="Source Sans Pro", size=10.0, colour="#922b21"
)
FRENCH: Final = style(
    "fr", numbers="1 234,56", rate="{r} %", font="Libertinus Serif", size=10.0, colour="#6c3483"
)
BOOKKEEPING: Final = style("it", money="{n}", size=8.5, colour="#444444")
ITALIAN_WORDS: Final = {
    "number": "Fattura n.",
    "date": "Data",
    "due": "Scadenza",
    "subtotal": "Imponibile",
    "tax": "IVA {rate}",
    "total": "Totale fattura",
    "vat": "P.IVA",
    "to": "Spett.le",
    "title_invoice": "Fattura",
    "terms": "Bonifico bancario {n} giorni data fattura",
}
BOXED_WORDS: Final = {
    "number": "Numero documento",
    "date": "Data documento",
    "due": "Scadenza",
    "subtotal": "Totale imponibile",
    "tax_total": "Totale imposta",
    "total": "Totale documento €",
    "title_invoice": "Fattura",
    "terms": "Bonifico bancario {n} giorni data fattura",
    "sum_base": "Imponibile",
    "to": "Cliente",
}
GERMAN_WORDS: Final = {
    "title_invoice": "Rechnung",
    "title_credit_note": "Gutschrift",
    "number": "Rechnungsnummer",
    "number_credit_note": "Gutschrift-Nr.",
    "date": "Datum",
    "due": "Zahlbar bis",
    "subtotal": "Nettobetrag",
    "tax": "zzgl. {rate} MwSt.",
    "total": "Gesamtbetrag",
    "vat": "USt-IdNr.",
}
FRENCH_WORDS: Final = {
    "title_invoice": "Facture",
    "number": "Facture n°",
    "date": "Date de facture",
    "subtotal": "Total HT",
    "tax": "TVA {rate}",
    "total": "Total TTC",
    "vat": "N° TVA",
}
ENGLISH_WORDS: Final = {
    "title_invoice": "Invoice",
    "terms": "by bank transfer",
    "number": "Invoice no.",
    "date": "Invoice date",
    "due": "Due date",
    "subtotal": "Subtotal",
    "tax": "VAT {rate}",
    "total": "Total",
    "vat": "VAT no.",
}
