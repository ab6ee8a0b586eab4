"""Layouts kept for measuring: the reader is never improved by looking at these."""

from decimal import Decimal

from tests.generator.heading import (
    above,
    beside,
    heads,
    number_label,
    pairs,
    title,
    title_text,
    titled_number,
)
from tests.generator.items import draw_look, items
from tests.generator.paper import page_count, paper
from tests.generator.parties import (
    address_lines,
    buyer_block,
    contact_lines,
    id_lines,
    name,
    vendor_block,
)
from tests.generator.payment import bank_block, case_note, closing, imprint, payment, small_print
from tests.generator.sheet import Sheet
from tests.generator.totals import column, sums, tax_table
from tests.generator.typeset import (
    box,
    centred,
    grid,
    lines,
    paragraphs,
    right,
    rule,
    sized,
    space,
    strong,
    t,
)


def sidebar(sheet: Sheet) -> str:
    """A coloured strip at the left with the seller and the bank in white."""
    strip = "\n\n".join([
        sized(strong(name(sheet, "vendor")), sheet.style.size + 3), lines(address_lines(sheet, "vendor")), lines(contact_lines(sheet, "vendor")),
        lines(id_lines(sheet, "vendor")), lines(bank_block(sheet)),
    ])  # fmt: skip
    background = f'#place(top + left, rect(width: 5.2cm, height: 100%, fill: rgb("{sheet.style.colour}"), inset: 0.7cm)[#set text(fill: white, size: {sheet.style.size - 1}pt);#set par(leading: 0.5em);{strip}]);'
    return paper(sheet, paragraphs(
        sized(strong(title(sheet)), sheet.style.size + 12), above(sheet, pairs(sheet), 3), lines(buyer_block(sheet)), space(6),
        items(sheet, draw_look(sheet, order=("description", "quantity", "price", "amount"), zebra=False)), right(column(sheet, sums(sheet), width="70%")),
        case_note(sheet), payment(sheet, bank=False), closing(sheet),
    ), margin="(left: 6cm, right: 1.2cm, y: 1.5cm)", background=background)  # fmt: skip


def tax_matrix(sheet: Sheet) -> str:
    """Seller and buyer side by side, a wide table, and the taxes with net, tax and gross per rate and their total."""
    boxes = grid(
        ["1fr", "1fr"],
        [
            lines([strong(t(sheet.words("from"))), *vendor_block(sheet, bold=False)]),
            lines(buyer_block(sheet)),
        ],
    )
    heading = grid(
        ["1fr", "auto"],
        [sized(strong(titled_number(sheet)), sheet.style.size + 4), beside(sheet, list(pairs(sheet)))],
    )
    found = sums(sheet, tax_lines=False)
    look = draw_look(
        sheet, order=("pos", "description", "unit", "quantity", "price", "rate", "amount"), stroke="0.4pt"
    )
    return paper(sheet, paragraphs(
        heading, rule(), boxes, space(6), items(sheet, look), right(tax_table(sheet, gross=True, total_row=True)),
        column(sheet, found, width="60%"), case_note(sheet), payment(sheet), space(20),
        grid(["1fr", "1fr"], [t("............................"), right(t("............................"))]),
    ), footer=page_count(sheet))  # fmt: skip


def bilingual(sheet: Sheet) -> str:
    """Every label in two languages."""
    return paper(sheet, paragraphs(
        grid(["1fr", "1fr"], [lines(vendor_block(sheet)), beside(sheet, pairs(sheet))]), space(8), lines(buyer_block(sheet)),
        sized(strong(title(sheet)), sheet.style.size + 6), items(sheet, draw_look(sheet, order=("description", "quantity", "price", "amount"))),
        right(column(sheet, sums(sheet), width="75%")), case_note(sheet), payment(sheet), small_print(sheet) if sheet.odds(0.4) else "",
    ))  # fmt: skip


def coloured_head(sheet: Sheet) -> str:
    """A coloured band with the seller in white, references as a one-row table."""
    mark = lines(
        [sized(strong(name(sheet, "vendor")), sheet.style.size + 6), *address_lines(sheet, "vendor")]
    )
    top = box(
        f"#set text(fill: white);{grid(['1fr', 'auto'], [mark, sized(strong(title(sheet)), sheet.style.size + 10)], align=['left', 'right'])}",
        fill=sheet.style.colour,
        inset="12pt",
    )
    foot = imprint(
        sheet,
        3,
        blocks=[
            id_lines(sheet, "vendor") or [t(sheet.words("capital"))],
            contact_lines(sheet, "vendor") or [t(sheet.bill.vendor.web)],
            bank_block(sheet),
        ],
    )
    return paper(sheet, paragraphs(
        top, lines(buyer_block(sheet)), heads(sheet, pairs(sheet)), items(sheet, draw_look(sheet, zebra=True, stroke="none")),
        right(column(sheet, sums(sheet))), case_note(sheet), payment(sheet, bank=False), closing(sheet),
    ), footer=foot, margin="(x: 1.8cm, top: 1.2cm, bottom: 3cm)")  # fmt: skip


def utility_bill(sheet: Sheet) -> str:
    """A dense bill: a summary with the amount in a frame, meters and contract numbers, the rows on the next page."""
    bill = sheet.bill
    meter = {
        "it": ["POD IT001E48372615", "Consumo annuo 2.714 kWh", "Potenza impegnata 3,0 kW"],
        "de": ["Zählernummer 1ESY1160339412", "Verbrauch 2.714 kWh", "Zählerstand 48.221,0"],
    }.get(bill.language, ["Meter 1160339412", "2 714 kWh", "48221.0 - 45507.0"])
    found = sums(sheet)
    due = bill.amount_due if bill.amount_due is not None else bill.total
    side = [
        sized(strong(t(sheet.words("amount_due"))), sheet.style.size),
        sized(strong(t(sheet.style.amount(sheet.signed(due)))), sheet.style.size + 8),
    ]
    if bill.due:
        side.append(t(sheet.words("due") + " ") + sheet.date("invoice.due_date", bill.due))
    first = paragraphs(
        grid(["1fr", "1fr"], [lines(vendor_block(sheet)), lines(buyer_block(sheet, ids=True))]), space(8), strong(titled_number(sheet)),
        grid(["1.4fr", "1fr"], [beside(sheet, pairs(sheet)), box(lines(side), stroke="1pt", inset="8pt")]), lines([t(m) for m in meter]),
        column(sheet, found, width="70%", ruled=True), case_note(sheet), payment(sheet), small_print(sheet),
    )  # fmt: skip
    return paper(
        sheet, first + "\n#pagebreak();\n" + items(sheet, draw_look(sheet)), footer=right(page_count(sheet))
    )


def freelancer(sheet: Sheet) -> str:
    """A plain page of one person: no rules, one column, sums under the last column."""
    vendor = right(lines(vendor_block(sheet)))
    return paper(sheet, paragraphs(
        vendor, lines(buyer_block(sheet, heading=sheet.odds(0.4))), space(16), sized(strong(titled_number(sheet)), sheet.style.size + 2),
        beside(sheet, pairs(sheet, noise=False), bold_label=False), items(sheet, draw_look(sheet, order=("description", "quantity", "price", "amount"), stroke="none", zebra=False)),
        rule(0.4), column(sheet, sums(sheet), width="100%"), case_note(sheet), payment(sheet), closing(sheet), t(sheet.bill.vendor.name),
    ), margin="(x: 2.8cm, y: 2.2cm)")  # fmt: skip


def statement_service(sheet: Sheet) -> str:
    """A monthly bill with what was owed before and what has been paid since, services without quantities."""
    bill = sheet.bill
    before = Decimal(sheet.rng.randint(2000, 90000)) / 100
    history = grid(["1fr", "auto"], [
        t(sheet.words("previous")), t(sheet.style.amount(before)), t(sheet.words("paid_since")), t(sheet.style.amount(-before)),
    ], align=["left", "right"])  # fmt: skip
    look = draw_look(
        sheet,
        order=("description", "amount") if len(bill.taxes) == 1 else ("description", "rate", "amount"),
        zebra=False,
    )
    account = beside(sheet, pairs(sheet))
    return paper(sheet, paragraphs(
        grid(["1fr", "1fr"], [sized(strong(name(sheet, "vendor")), sheet.style.size + 8, colour=sheet.style.colour), box(account, fill="#f2f2f2")]),
        lines(buyer_block(sheet, heading=sheet.odds(0.5))), sized(strong(title(sheet)), sheet.style.size + 3), history, items(sheet, look),
        column(sheet, sums(sheet), width="100%", ruled=True), case_note(sheet), payment(sheet), rule(0.3),
        sized(lines([*address_lines(sheet, "vendor"), *id_lines(sheet, "vendor"), *contact_lines(sheet, "vendor")]), sheet.style.size - 2),
    ))  # fmt: skip


def remittance_slip(sheet: Sheet) -> str:
    """Sums over the table, a slip to send back with the money below; letter-spaced capitals as title."""
    bill = sheet.bill
    due = bill.amount_due if bill.amount_due is not None else bill.total
    spaced = f"#text(size: {sheet.style.size + 6}pt, tracking: 3pt)[{t(title_text(sheet).upper())}];"
    slip = box(grid(["1fr", "1fr"], [
        lines([t(bill.vendor.name), t(f"{sheet.words(number_label(sheet))} {bill.number}")]), right(lines([t(sheet.words("amount_due")), strong(t(sheet.style.amount(sheet.signed(due))))])),
    ]), stroke='(dash: "dashed", thickness: 0.5pt)')  # fmt: skip
    return paper(sheet, paragraphs(
        centred(lines(vendor_block(sheet))), rule(), grid(["1fr", "1fr"], [lines(buyer_block(sheet)), lines([spaced, beside(sheet, pairs(sheet))])]), space(6),
        right(column(sheet, sums(sheet))), items(sheet, draw_look(sheet)), case_note(sheet), payment(sheet), space(20), slip,
    ))  # fmt: skip


def dot_leaders(sheet: Sheet) -> str:
    """References and sums joined to their labels by dots, as on a menu."""

    def dotted(label: str, value: str) -> str:
        return f"{label}#box(width: 1fr, repeat[.]);{value}"

    meta = lines([dotted(t(label), value) for label, value in pairs(sheet)])
    found = lines(
        [
            dotted(
                strong(t(one.label)) if one.main else t(one.label),
                strong(one.shown) if one.main else one.shown,
            )
            for one in sums(sheet)
        ]
    )
    return paper(sheet, paragraphs(
        right(lines(vendor_block(sheet))), lines(buyer_block(sheet)), space(8), sized(strong(title(sheet)), sheet.style.size + 5),
        f"#block(width: 55%)[{meta}];", items(sheet, draw_look(sheet)), right(f"#block(width: 60%)[{found}];"), case_note(sheet), payment(sheet), closing(sheet),
    ))  # fmt: skip


def market_place(sheet: Sheet) -> str:
    """A shop on somebody's platform: seller in a line of small print, order and dispatch data, the total twice."""
    bill = sheet.bill
    facts = beside(sheet, pairs(sheet), flush=sheet.odds(0.5))
    total = lines(
        [
            sized(t(sheet.words("amount_due")), sheet.style.size),
            sized(
                strong(
                    t(
                        sheet.style.amount(
                            sheet.signed(bill.amount_due if bill.amount_due is not None else bill.total)
                        )
                    )
                ),
                sheet.style.size + 4,
            ),
        ]
    )
    sold = lines(
        [
            t(f"{sheet.words('from')}{sheet.style.colon} ") + name(sheet, "vendor"),
            *address_lines(sheet, "vendor"),
            *id_lines(sheet, "vendor"),
        ]
    )
    return paper(sheet, paragraphs(
        grid(["1fr", "auto"], [sized(strong(title(sheet)), sheet.style.size + 8), box(total, fill="#efefef", width="auto")]), rule(),
        grid(["1fr", "1fr"], [lines(buyer_block(sheet)), facts]), sized(sold, sheet.style.size - 1), rule(),
        items(sheet, draw_look(sheet, stroke="(x, y) => (bottom: 0.3pt + gray)")), grid(["1fr", "1fr"], [tax_table(sheet, total_row=sheet.odds(0.5)), column(sheet, sums(sheet, tax_lines=False), width="100%")]),
        case_note(sheet), payment(sheet), small_print(sheet),
    ), footer=centred(t(f"{bill.vendor.name} - {bill.vendor.web}")))  # fmt: skip
