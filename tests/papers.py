"""Invoices of invented companies on which something cannot be read with certainty, printed when asked for."""

from tests.generator.hostile import FONT
from tests.generator.typeset import to_pdf

UNNAMED = """#grid(columns: (1fr, 1fr), gutter: 8pt,
[#strong[Officina Larga S.r.l.]\\ Via Larga 3\\ 20122 Milano\\ P. IVA IT12345678903],
[Spett.le\\ Bottega Chiara S.p.A.\\ Corso Breve 8\\ 10121 Torino\\ P. IVA IT01234567897])
#v(20pt)
#text(size: 16pt)[Fattura]
#v(4pt)
Data: 12/03/2026
#v(4pt)
Pratica: PR-4471-26
#v(4pt)
Ordine: OR-900-1
#v(20pt)
#grid(columns: (3fr, 1fr, 1fr, 1fr), row-gutter: 8pt,
[Descrizione], [Quantità], [Prezzo], [Importo],
[Tavolo rotondo], [2], [40,00], [80,00],
[Sedia bassa], [1], [20,00], [20,00])
#v(20pt)
#grid(columns: (3fr, 1fr), row-gutter: 8pt,
[Imponibile], [100,00 €], [IVA 22%], [22,00 €], [Totale], [122,00 €])
#v(12pt)
IBAN IT60X0542811101000000123456
"""
"""All is printed plainly but the number, which no usual label names."""


def paper(body: str = UNNAMED, more: str = "") -> bytes:
    """A page with a body, and more below it."""
    return to_pdf(FONT + body + more)
