"""More layouts that may be looked at while the reader is being improved."""

from tests.generator.companies import countries
from tests.generator.heading import (
    beside,
    heads,
    pairs,
    title,
    titled_number,
)
from tests.generator.items import draw_look, items, items_with_sums
from tests.generator.paper import page_count, paper
from tests.generator.parties import (
    address_lines,
    buyer_block,
    contact_lines,
    id_lines,
    name,
    vendor_block,
    zip_city,
)
from tests.generator.payment import bank_block, case_note, closing, payment, small_print
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
    table,
)


def sums_in_table(sheet: Sheet) -> str:
    """The sums are the last rows of the table of goods."""
    found = sums(sheet)
    below = [
        (strong(t(one.label)) if one.main else t(one.label), strong(one.shown) if one.main else one.shown)
        for one in found
    ]
    look = draw_look(
        sheet,
        order=sheet.rng.choice(
            [
                ("description", "quantity", "price", "amount"),
                ("pos", "description", "quantity", "unit", "price", "amount"),
                ("code", "description", "quantity", "price", "rate", "amount"),
            ]
        ),
        stroke="0.4pt",
    )
    return paper(sheet, paragraphs(
        grid(["1fr", "1fr"], [lines(vendor_block(sheet)), right(beside(sheet, pairs(sheet)))]), space(10), lines(buyer_block(sheet)),
        sized(strong(title(sheet)), sheet.style.size + 5), items_with_sums(sheet, look, below), case_note(sheet), payment(sheet), closing(sheet),
    ), footer=centred(page_count(sheet)) if sheet.odds(0.4) else "")  # fmt: skip


def three_addresses(sheet: Sheet) -> str:
    """Seller's mark above; buyer, place of delivery and references in three columns."""
    who = sheet.bill.buyer or sheet.bill.vendor
    elsewhere = countries()[who.country]
    zip_code, city, province = sheet.rng.choice(elsewhere["places"])
    street = sheet.rng.choice(elsewhere["streets"]).format(n=16, m=18)
    ship = lines(
        [
            strong(t(sheet.words("ship_to"))),
            t(who.name),
            t(street),
            t(elsewhere["zip_city"].format(zip=zip_code, city=city, province=province)),
        ]
    )
    top = grid(
        ["1fr", "auto"],
        [
            lines(vendor_block(sheet)),
            sized(strong(title(sheet)), sheet.style.size + 9, colour=sheet.style.colour),
        ],
        align=["left", "right"],
    )
    return paper(sheet, paragraphs(
        top, rule(), grid(["1fr", "1fr", "1fr"], [lines(buyer_block(sheet)), ship, beside(sheet, pairs(sheet))]), space(4), items(sheet, draw_look(sheet)),
        grid(["1.2fr", "1fr"], [paragraphs(payment(sheet), case_note(sheet)), column(sheet, sums(sheet), width="100%", ruled=sheet.odds(0.5))]), closing(sheet),
        small_print(sheet) if sheet.odds(0.5) else "",
    ), footer=right(page_count(sheet)))  # fmt: skip


def footer_only_seller(sheet: Sheet) -> str:
    """The head has a drawn mark only; who sells is said in the sender's line and at the foot."""
    who = sheet.bill.vendor
    mark = f'#circle(radius: 16pt, fill: rgb("{sheet.style.colour}"));'
    sender = (
        sized(t(f"{who.name} - {who.address} - {who.zip_code} {who.city}"), 6.5) if sheet.odds(0.6) else ""
    )
    foot = sized(centred(lines([
        t(f"{who.name} · ") + sheet.put("vendor.address", who.address) + t(f" · {zip_city(sheet, 'vendor')}"), t(" · ").join(contact_lines(sheet, "vendor")),
        t(" · ").join(id_lines(sheet, "vendor")), t(" · ").join(bank_block(sheet)),
    ])), max(6.0, sheet.style.size - 2))  # fmt: skip
    sheet.printed.add("vendor.name")
    return paper(sheet, paragraphs(
        right(mark), lines([sender, *buyer_block(sheet, heading=False)]), space(14), sized(strong(titled_number(sheet)), sheet.style.size + 4),
        beside(sheet, pairs(sheet)), items(sheet, draw_look(sheet)), right(column(sheet, sums(sheet))), case_note(sheet), payment(sheet, bank=False), closing(sheet),
    ), margin="(x: 2.2cm, top: 1.4cm, bottom: 3cm)", footer=foot)  # fmt: skip


def grey_labels(sheet: Sheet) -> str:
    """References in a ruled table of two pairs a line, label cells grey; the currency said once."""
    found = pairs(sheet)
    if len(found) % 2:
        found.append((sheet.words("page").split(" ")[0], page_count(sheet)))
    rows = [[t(a), va, t(b), vb] for (a, va), (b, vb) in zip(found[::2], found[1::2], strict=True)]
    meta = table(
        ["auto", "1fr", "auto", "1fr"],
        [],
        rows,
        align=["left"] * 4,
        stroke="0.3pt + gray",
        fill="(x, y) => if calc.even(x) { luma(230) } else { none }",
    )
    notice = t(sheet.words("all_in", c=sheet.bill.currency))
    return paper(sheet, paragraphs(
        grid(["1fr", "1fr"], [lines(buyer_block(sheet)), right(lines(vendor_block(sheet)))]), space(6), sized(strong(title(sheet)), sheet.style.size + 6),
        meta, sized(notice, sheet.style.size - 1), items(sheet, draw_look(sheet)), grid(["1fr", "1fr"], [tax_table(sheet, heading=sheet.odds(0.5)), column(sheet, sums(sheet, tax_lines=False), width="100%")]),
        case_note(sheet), payment(sheet), small_print(sheet) if sheet.odds(0.4) else "",
    ))  # fmt: skip


def margin_column(sheet: Sheet) -> str:
    """A narrow column in small print at the right margin says who sells; the letter runs beside it."""
    size = max(6.5, sheet.style.size - 2)
    margin = sized(paragraphs(
        strong(name(sheet, "vendor")), lines(address_lines(sheet, "vendor")), lines(contact_lines(sheet, "vendor")),
        lines(id_lines(sheet, "vendor")), lines(bank_block(sheet)), t(sheet.words("capital")),
    ), size)  # fmt: skip
    body = paragraphs(
        lines(buyer_block(sheet, heading=sheet.odds(0.3))), space(16), sized(strong(title(sheet)), sheet.style.size + 5), beside(sheet, pairs(sheet)),
        items(sheet, draw_look(sheet, order=("description", "quantity", "price", "amount"))), right(column(sheet, sums(sheet), width="75%")),
        case_note(sheet), payment(sheet, bank=False), closing(sheet),
    )  # fmt: skip
    return paper(
        sheet,
        grid(["1fr", "3.6cm"], [body, margin], gap=(18, 0)),
        margin="(left: 2.2cm, right: 0.9cm, y: 1.8cm)",
    )


def paid_by_card(sheet: Sheet) -> str:
    """What a web shop mails after payment: one column, the sum first, what was paid and how."""
    bill = sheet.bill
    paid = t(f"{sheet.words('pay_label')}{sheet.style.colon} {sheet.words('pay_card')}  **** 4242")
    head = sized(strong(t(sheet.style.amount(sheet.signed(bill.total)))), sheet.style.size + 10)
    card = box(paragraphs(
        centred(sized(strong(name(sheet, "vendor")), sheet.style.size + 3)), centred(head), centred(title(sheet)), rule(0.3), beside(sheet, pairs(sheet)), paid,
        grid(["1fr", "1fr"], [lines(vendor_block(sheet, bold=False)), lines(buyer_block(sheet))]),
        items(sheet, draw_look(sheet, order=("description", "quantity", "price", "amount"), stroke="(x, y) => (bottom: 0.3pt + gray)", zebra=False)),
        column(sheet, sums(sheet), width="100%"), case_note(sheet), small_print(sheet),
    ), stroke="0.5pt + gray", inset="18pt", radius="6pt")  # fmt: skip
    return paper(sheet, card, margin="(x: 3.2cm, y: 2cm)")


def two_tables_head(sheet: Sheet) -> str:
    """Parties as a two-column table with a head row, references under them as another, sums beside the tax table."""
    parties = table(
        ["1fr", "1fr"], [strong(t(sheet.words("from"))), strong(t(sheet.words("to")))],
        [[lines(vendor_block(sheet, bold=False)), lines(buyer_block(sheet, heading=False))]], align=["left", "left"], stroke="0.5pt", fill="(x, y) => if y == 0 { luma(225) } else { none }",
    )  # fmt: skip
    found = pairs(sheet)
    cut = (len(found) + 1) // 2
    meta = [heads(sheet, found[:cut])] + ([heads(sheet, found[cut:])] if found[cut:] else [])
    return paper(sheet, paragraphs(
        right(sized(strong(title(sheet)), sheet.style.size + 8)), parties, *meta, items(sheet, draw_look(sheet)),
        grid(["1fr", "1fr"], [tax_table(sheet, gross=sheet.odds(0.5), total_row=sheet.odds(0.4)), column(sheet, sums(sheet, tax_lines=False), width="100%", ruled=True)]),
        case_note(sheet), payment(sheet), small_print(sheet) if sheet.odds(0.3) else "",
    ), footer=page_count(sheet))  # fmt: skip
