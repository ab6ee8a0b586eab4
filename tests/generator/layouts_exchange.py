"""What Italian style sheets make of an electronic invoice: a long list of captions, or frames and tables."""

from decimal import Decimal

from babel.dates import format_date

from tests.generator.paper import page_count, paper
from tests.generator.parties import party
from tests.generator.sheet import Sheet
from tests.generator.typeset import (
    box,
    centred,
    grid,
    lines,
    paragraphs,
    right,
    sized,
    space,
    strong,
    t,
    table,
)

KINDS = {"invoice": ("TD01", "fattura"), "credit_note": ("TD04", "nota di credito")}


def _plain(sheet: Sheet, path: str, value: Decimal) -> str:
    """An amount as it stands in the XML: a dot, two places."""
    return sheet.put(path, f"{sheet.signed(value):.2f}")


def _entry(caption: str, value: str) -> str:
    return t(f"{caption}: ") + strong(value)


def _list(entries: list[tuple[str, str]]) -> str:
    return "#list(" + ", ".join(f"[{_entry(a, b)}]" for a, b in entries if b) + ");"


def _person(sheet: Sheet, role: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    who = party(sheet, role)
    sheet.printed.add(f"{role}.country")
    facts = [
        ("Identificativo fiscale ai fini IVA", sheet.put(f"{role}.vat_number", who.vat_number) if who.vat_number else ""),
        ("Codice fiscale", sheet.put(f"{role}.fiscal_code", who.fiscal_code) if who.fiscal_code and sheet.odds(0.7) else ""),
        ("Denominazione", sheet.put(f"{role}.name", who.name)),
    ]  # fmt: skip
    seat = [
        ("Indirizzo", sheet.put(f"{role}.address", who.address)), ("CAP", sheet.put(f"{role}.zip_code", who.zip_code)),
        ("Comune", sheet.put(f"{role}.city", who.city)), ("Provincia", sheet.put(f"{role}.province", who.province) if who.province else ""), ("Nazione", t(who.country)),
    ]  # fmt: skip
    return facts, seat


def _people(sheet: Sheet) -> list[str]:
    parts = []
    for role, caption in (
        ("vendor", "Dati del cedente / prestatore"),
        ("buyer", "Dati del cessionario / committente"),
    ):
        facts, seat = _person(sheet, role)
        regime = [("Regime fiscale", t("RF01 (ordinario)"))] if role == "vendor" else []
        parts += [
            strong(t(caption)),
            t("Dati anagrafici"),
            _list(facts + regime),
            t("Dati della sede"),
            _list(seat),
        ]
    return parts


def _sending(sheet: Sheet) -> list[tuple[str, str]]:
    return [
        ("Identificativo del trasmittente", t("IT01641790702")), ("Progressivo di invio", t("00" + sheet.bill.number[:3].replace("/", "0"))),
        ("Formato Trasmissione", t("FPR12")), ("Codice Destinatario", t(party(sheet, "buyer").sdi_code or "0000000")),
    ]  # fmt: skip


def _document(sheet: Sheet) -> list[tuple[str, str]]:
    bill = sheet.bill
    code, kind = KINDS[bill.kind]
    long_date = format_date(bill.date, "dd MMMM yyyy", locale="it")
    return [
        ("Tipologia documento", t(f"{code} ({kind})")), ("Valuta importi", t(bill.currency)), ("Data documento", t(f"{bill.date} ({long_date})")),
        ("Numero documento", sheet.put("invoice.number", bill.number)), ("Importo totale documento", _plain(sheet, "financials.total", bill.total)),
    ]  # fmt: skip


def _lines_of_goods(sheet: Sheet) -> list[str]:
    parts = []
    for i, row in enumerate(sheet.bill.rows):
        at = f"line_items[{i}]."
        parts.append(_list([
            ("Nr. linea", t(str(i + 1))), ("Descrizione bene/servizio", sheet.put(at + "description", row.description)), ("Quantità", _plain_quantity(sheet, at, row.quantity)),
            ("Unità di misura", sheet.put(at + "unit", row.unit)), ("Valore unitario", _plain(sheet, at + "unit_price", sheet.signed(row.unit_price))),
            ("Valore totale", _plain(sheet, at + "amount", row.amount)), ("IVA (%)", sheet.put(at + "tax_rate", f"{row.rate:.2f}")),
        ]))  # fmt: skip
    return parts


def _lines_of_tax(sheet: Sheet) -> list[str]:
    parts = []
    for i, tax in enumerate(sheet.bill.taxes):
        at = f"tax_breakdown[{i}]."
        parts.append(_list([
            ("Aliquota IVA (%)", sheet.put(at + "rate", f"{tax.rate:.2f}")), ("Totale imponibile/importo", _plain(sheet, at + "base", tax.base)),
            ("Totale imposta", _plain(sheet, at + "amount", tax.amount)), ("Esigibilità IVA", t("I (esigibilità immediata)")),
        ]))  # fmt: skip
    return parts


def _paying(sheet: Sheet) -> list[str]:
    bill = sheet.bill
    if not bill.due:
        return []
    return [strong(t("Dati relativi al pagamento")), _list([
        ("Condizioni di pagamento", t("TP02 (pagamento completo)")), ("Modalità", t("MP05 (bonifico)")), ("Data scadenza", sheet.put("invoice.due_date", bill.due.isoformat())),
        ("Importo", t(f"{sheet.signed(bill.total):.2f}")), ("Codice IBAN", sheet.put("vendor.iban", bill.vendor.iban)),
    ])]  # fmt: skip


def ministry_list(sheet: Sheet) -> str:
    """The tax office's own style sheet: headings and bulleted captions, amounts with a dot."""
    sheet.printed |= {
        "invoice.currency",
        "invoice.date",
        "financials.tax_rate",
        "financials.subtotal",
        "financials.tax_amount",
    }
    return paper(sheet, paragraphs(
        sized(strong(t("FATTURA ELETTRONICA")), 15), t("Versione FPR12"), strong(t("Dati relativi alla trasmissione")), _list(_sending(sheet)), *_people(sheet),
        strong(t("Dati generali del documento")), _list(_document(sheet)), strong(t("Dati relativi alle linee di dettaglio della fornitura")), *_lines_of_goods(sheet),
        strong(t("Dati di riepilogo per aliquota IVA e natura")), *_lines_of_tax(sheet), *_paying(sheet),
    ), footer=right(t("Versione prodotta con foglio di stile SdI www.fatturapa.gov.it")))  # fmt: skip


def _plain_quantity(sheet: Sheet, at: str, quantity: Decimal) -> str:
    return sheet.put(at + "quantity", f"{quantity:.2f}")


def _small(texts: tuple[str, ...]) -> list[str]:
    return [sized(t(text), 7) for text in texts]


def _framed(columns: list[str], head: tuple[str, ...], rows: list[list[str]], align: list[str]) -> str:
    return table(columns, _small(head), rows, align=align, stroke="0.4pt", inset="3pt")


def _frames(sheet: Sheet) -> str:
    found = []
    for role, caption in (
        ("vendor", "Cedente/prestatore (fornitore)"),
        ("buyer", "Cessionario/committente (cliente)"),
    ):
        facts, seat = _person(sheet, role)
        found.append(
            box(lines([strong(t(caption)), *(t(f"{a}: ") + b for a, b in facts + seat if b)]), stroke="0.5pt")
        )
    return grid(["1fr", "1fr"], found)


def _goods(sheet: Sheet) -> str:
    number, rows = sheet.style.number, []
    for i, r in enumerate(sheet.bill.rows):
        at = f"line_items[{i}]."
        rows.append([
            sheet.put(at + "code", r.code) if r.code else "", sheet.put(at + "description", r.description), sheet.put(at + "quantity", number(r.quantity)),
            sheet.put(at + "unit_price", number(r.unit_price)), sheet.put(at + "unit", r.unit), t(f"-{number(r.discount_percent)}%" if r.discount_percent else ""),
            sheet.put(at + "tax_rate", number(r.rate)), sheet.put(at + "amount", number(sheet.signed(r.amount))),
        ])  # fmt: skip
    head = (
        "Cod. articolo",
        "Descrizione",
        "Quantità",
        "Prezzo unitario",
        "UM",
        "Sconto o magg.",
        "%IVA",
        "Prezzo totale",
    )
    return _framed(
        ["auto", "1fr", *["auto"] * 6],
        head,
        rows,
        ["left", "left", "right", "right", "center", "right", "right", "right"],
    )


def _summary(sheet: Sheet) -> list[str]:
    bill, number, rows = sheet.bill, sheet.style.number, []
    for i, x in enumerate(bill.taxes):
        at = f"tax_breakdown[{i}]."
        base, tax = (
            sheet.put(at + "base", number(sheet.signed(x.base))),
            sheet.put(at + "amount", number(sheet.signed(x.amount))),
        )
        rows.append(
            [t("I (esigibilità immediata)"), sheet.put(at + "rate", number(x.rate)), "", "", base, tax]
        )
    head = (
        "esigibilità iva / riferimenti normativi",
        "%IVA",
        "Spese accessorie",
        "Arr.",
        "Totale imponibile",
        "Totale imposta",
    )
    total = strong(sheet.put("financials.total", number(sheet.signed(bill.total))))
    return [
        _framed(["2fr", "0.6fr", "1fr", "0.6fr", "1fr", "1fr"], head, rows, ["left", *["right"] * 5]),
        _framed(["1fr", "1fr", "1fr", "0.6fr", "1fr"], ("Importo bollo", "Sconto/Maggiorazione", "Valuta", "Arr.", "Totale documento"), [["", "", t(bill.currency), "", total]], [*["center"] * 4, "right"]),
    ]  # fmt: skip


def _transfer(sheet: Sheet) -> str:
    bill = sheet.bill
    if not bill.due:
        return ""
    row = [
        t("MP05 Bonifico"),
        sheet.put("vendor.iban", bill.vendor.iban),
        sheet.put("invoice.due_date", bill.due.strftime("%d-%m-%Y")),
        t(sheet.style.number(sheet.signed(bill.total))),
    ]
    return _framed(
        ["1fr", "1.6fr", "1fr", "1fr"],
        ("Modalità pagamento", "IBAN", "Data scadenza", "Importo"),
        [row],
        ["left", "left", "center", "right"],
    )


def software_house_print(sheet: Sheet) -> str:
    """The style sheet of the software houses: two frames of captions, then one table under another."""
    bill = sheet.bill
    code, kind = KINDS[bill.kind]
    sheet.printed |= {
        "invoice.currency",
        "financials.tax_rate",
        "financials.subtotal",
        "financials.tax_amount",
    }
    head = ("Tipologia documento", "Art. 73", "Numero documento", "Data documento", "Codice destinatario")
    row = [
        t(f"{code} {kind}"),
        "",
        sheet.put("invoice.number", bill.number),
        sheet.put("invoice.date", bill.date.strftime("%d-%m-%Y")),
        t(party(sheet, "buyer").sdi_code or "0000000"),
    ]
    meta = _framed(["2fr", "0.6fr", "1fr", "1fr", "1fr"], head, [row], ["center"] * 5)
    caption = centred(sized(strong(t("RIEPILOGHI IVA E TOTALI")), 8))
    return paper(sheet, paragraphs(
        _frames(sheet), space(6), meta, _goods(sheet), caption, *_summary(sheet), _transfer(sheet),
    ), margin="(x: 1.3cm, y: 1.2cm)", footer=right(page_count(sheet)))  # fmt: skip
