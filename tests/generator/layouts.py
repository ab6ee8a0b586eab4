"""Layouts that may be looked at while the reader is being improved."""

from tests.generator.heading import (
    above,
    beside,
    heads,
    inline,
    number_label,
    pairs,
    title,
    title_text,
    titled_number,
)
from tests.generator.items import carried, draw_look, items
from tests.generator.paper import page_count, paper
from tests.generator.parties import (
    address_lines,
    buyer_block,
    contact_lines,
    id_lines,
    id_pairs,
    name,
    own_number,
    party,
    vendor_block,
    zip_city,
)
from tests.generator.payment import bank_block, case_note, closing, imprint, payment, small_print
from tests.generator.sheet import Sheet
from tests.generator.totals import band, column, inset_labels, sums, tax_table
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


def classic_right(sheet: Sheet) -> str:
    """Seller at the top left, buyer right, heading, table, sums at the right."""
    top = grid(["1fr", "1fr"], [lines(vendor_block(sheet)), lines(buyer_block(sheet))])
    head = sized(strong(title(sheet)), sheet.style.size + 8)
    return paper(sheet, paragraphs(
        top, space(14), head, beside(sheet, pairs(sheet)), space(6), items(sheet, draw_look(sheet)),
        right(column(sheet, sums(sheet))), case_note(sheet), payment(sheet), closing(sheet), small_print(sheet) if sheet.odds(0.5) else "",
    ), footer=centred(page_count(sheet)) if sheet.odds(0.6) else "")  # fmt: skip


def window_letter(sheet: Sheet) -> str:
    """A business letter for a window envelope: sender in one small line, information block at the right, imprint below."""
    who = sheet.bill.vendor
    sender = sized(t(" · ".join([who.name, who.address, f"{who.zip_code} {who.city}"])), 6.5)
    window = lines([sender, "", *buyer_block(sheet, heading=False, ids=False)])
    info = beside(sheet, [*pairs(sheet), *own_number(sheet)])
    logo = right(sized(strong(name(sheet, "vendor")), sheet.style.size + 7, colour=sheet.style.colour))
    foot = imprint(
        sheet,
        4,
        blocks=[
            vendor_block(sheet, ids=False, contact=False),
            contact_lines(sheet, "vendor") or [t(who.web)],
            [*id_lines(sheet, "vendor"), t(sheet.words("capital"))],
            bank_block(sheet),
        ],
    )
    head = sized(strong(titled_number(sheet) if sheet.odds(0.5) else title(sheet)), sheet.style.size + 3)
    return paper(sheet, paragraphs(
        logo, space(10), grid(["1.2fr", "1fr"], [window, info]), space(18), head, t(sheet.words("greeting")) if sheet.odds(0.5) else "",
        items(sheet, draw_look(sheet)), right(column(sheet, sums(sheet), width="55%")), case_note(sheet), payment(sheet, bank=False), closing(sheet),
    ), margin="(x: 2.2cm, top: 1.4cm, bottom: 3.4cm)", footer=foot)  # fmt: skip


def boxed_bookkeeping(sheet: Sheet) -> str:
    """The framed form of bookkeeping programs: small labels in boxes, full grid, tax table and sums as a band below."""
    vendor = lines(vendor_block(sheet))
    buyer = box(lines(buyer_block(sheet)), stroke="0.6pt")
    meta = above(
        sheet, [(sheet.words("title_" + sheet.bill.kind), strong(title(sheet))), *pairs(sheet)], 4, boxed=True
    )
    look = draw_look(sheet, stroke="0.4pt", zebra=False)
    bottom = grid(["1fr", "1fr"], [tax_table(sheet, heading=True), payment(sheet)])
    return paper(sheet, paragraphs(
        grid(["1fr", "1fr"], [vendor, buyer]), meta, items(sheet, look), space(10), case_note(sheet), bottom,
        band(sheet, sums(sheet, tax_lines=False)), small_print(sheet),
    ), margin="(x: 1.2cm, y: 1.2cm)", footer=right(page_count(sheet)))  # fmt: skip


def software_service(sheet: Sheet) -> str:
    """A subscription service's invoice: large title, label and value beside, three-column head, no rules."""
    head = grid(
        ["1fr", "auto"],
        [
            sized(strong(title(sheet)), sheet.style.size + 10),
            sized(strong(name(sheet, "vendor")), sheet.style.size + 4, colour=sheet.style.colour),
        ],
        align=["left", "right"],
    )
    parties = grid(["1fr", "1fr"], [lines(vendor_block(sheet)), lines(buyer_block(sheet))])
    found = sums(sheet)
    due = sheet.bill.amount_due if sheet.bill.amount_due is not None else sheet.bill.total
    lead = ""
    if sheet.bill.due and sheet.odds(0.5):
        lead = sized(
            strong(
                t(sheet.style.amount(sheet.signed(due)) + f" - {sheet.words('due')} ")
                + sheet.date("invoice.due_date", sheet.bill.due)
            ),
            sheet.style.size + 4,
        )
    return paper(sheet, paragraphs(
        head, beside(sheet, pairs(sheet), bold_label=True), space(8), parties, space(8), lead,
        items(sheet, draw_look(sheet, order=("description", "quantity", "price", "rate", "amount") if sheet.odds(0.5) else ("description", "quantity", "price", "amount"), stroke="(x, y) => if y == 0 { (bottom: 0.6pt) } else { none }", zebra=False)),
        right(column(sheet, found, width="50%", ruled=True)), case_note(sheet), payment(sheet), closing(sheet),
    ), footer=page_count(sheet))  # fmt: skip


def two_column_head(sheet: Sheet) -> str:
    """References in two tables side by side under a centred title."""
    found = pairs(sheet)
    half = (len(found) + 1) // 2
    meta = grid(
        ["1fr", "1fr"], [beside(sheet, found[:half]), beside(sheet, found[half:]) if found[half:] else ""]
    )
    boxes = grid(
        ["1fr", "1fr"],
        [
            box(
                lines([strong(t(sheet.words("from"))), *vendor_block(sheet, bold=False)]),
                stroke="0.4pt + gray",
            ),
            box(lines(buyer_block(sheet)), stroke="0.4pt + gray"),
        ],
    )
    return paper(sheet, paragraphs(
        centred(sized(strong(title(sheet)), sheet.style.size + 8)), rule(), meta, rule(), boxes, space(6), items(sheet, draw_look(sheet)),
        grid(["1fr", "1fr"], [payment(sheet), column(sheet, sums(sheet), width="100%")]), case_note(sheet), small_print(sheet),
    ), footer=centred(page_count(sheet)) if sheet.odds(0.5) else "")  # fmt: skip


def receipt_slip(sheet: Sheet) -> str:
    """A till receipt: narrow, centred head, everything one under the other."""
    who = sheet.bill.vendor
    head = centred(
        lines(
            [
                strong(name(sheet, "vendor")),
                sheet.put("vendor.address", who.address),
                t(zip_city(sheet, "vendor")),
                *id_lines(sheet, "vendor"),
            ]
        )
    )
    rows = []
    for i, row in enumerate(sheet.bill.rows):
        rows.append(sheet.put(f"line_items[{i}].description", row.description))
        rows.append("")
        rows.append(
            t("  ")
            + sheet.put(f"line_items[{i}].quantity", sheet.style.quantity(row.quantity, padded=False))
            + t(" x ")
            + sheet.put(f"line_items[{i}].unit_price", sheet.style.number(row.unit_price))
        )
        rows.append(sheet.put(f"line_items[{i}].amount", sheet.style.number(row.amount)))
    body = grid(["1fr", "auto"], rows, align=["left", "right"], gap=(4, 3))
    number = lines(
        [
            title(sheet),
            t(sheet.words(number_label(sheet)) + " ") + sheet.put("invoice.number", sheet.bill.number),
            sheet.date("invoice.date", sheet.bill.date) + t("  14:37"),
        ]
    )
    return paper(sheet, paragraphs(
        head, number, rule(0.3), body, rule(0.3), column(sheet, list(sums(sheet)), width="100%"),
        tax_table(sheet) if sheet.odds(0.5) else "", t(f"{sheet.words('pay_card')} ************4471"), centred(closing(sheet)),
    ), width="80mm", height="auto", margin="5mm")  # fmt: skip


def letter_prose(sheet: Sheet) -> str:
    """A letter that says in sentences what other invoices put into fields."""
    bill = sheet.bill
    sentence = sheet.words("sentence")
    values = {
        "{title}": title(sheet),
        "{number}": sheet.put("invoice.number", bill.number),
        "{date}": sheet.date("invoice.date", bill.date),
    }
    pieces = sentence.replace("{", "\0{").replace("}", "}\0").split("\0")
    parts = [values.get(piece) or (t(piece) if piece else "") for piece in pieces]
    top = paragraphs(
        lines(vendor_block(sheet)),
        space(12),
        lines(buyer_block(sheet, heading=False)),
        right(t(f"{bill.vendor.city}, ") + sheet.date("invoice.date", bill.date)),
    )
    pay = payment(sheet)
    return paper(sheet, paragraphs(
        top, strong(titled_number(sheet)), t(sheet.words("greeting")), "".join(parts),
        items(sheet, draw_look(sheet, order=("description", "quantity", "price", "amount"), stroke="none", zebra=False)),
        right(column(sheet, sums(sheet), width="60%")), case_note(sheet), pay, closing(sheet), t(bill.vendor.name),
    ), margin="(x: 3cm, y: 2.5cm)")  # fmt: skip


def multi_page_carry(sheet: Sheet) -> str:
    """Many rows over several pages, each with the sum so far."""
    head = grid(["1fr", "1fr"], [lines(vendor_block(sheet, contact=False)), lines(buyer_block(sheet))])
    running = grid(
        ["1fr", "auto"],
        [t(f"{sheet.bill.vendor.name} - {title_text(sheet)} {sheet.bill.number}"), page_count(sheet)],
        align=["left", "right"],
    )
    look = draw_look(sheet)
    tail = (
        grid(["1fr", "1fr"], [tax_table(sheet), column(sheet, sums(sheet, tax_lines=False), width="100%")])
        if sheet.odds(0.5)
        else right(column(sheet, sums(sheet)))
    )
    return paper(sheet, paragraphs(
        head, space(8), sized(strong(title(sheet)), sheet.style.size + 4), beside(sheet, pairs(sheet)), carried(sheet, look, sheet.rng.randint(12, 18)),
        tail, case_note(sheet), payment(sheet), small_print(sheet),
    ), header=running if sheet.odds(0.6) else "", footer=page_count(sheet))  # fmt: skip


def _captions(sheet: Sheet, role: str) -> str:
    """A party as captions with their values."""
    found = [(label, value) for label, value in id_pairs(sheet, role)]
    found.append((sheet.words("caption_name"), name(sheet, role)))
    found.append((sheet.words("caption_street"), sheet.put(f"{role}.address", party(sheet, role).address)))
    found.append((sheet.words("caption_city"), t(zip_city(sheet, role))))
    return lines([t(f"{label}: ") + value for label, value in found])


def style_sheet_print(sheet: Sheet) -> str:
    """What a style sheet makes of an electronic invoice: captions with values in two frames, then tables."""
    frames = grid(["1fr", "1fr"], [
        box(lines([strong(t(sheet.words("from"))), _captions(sheet, "vendor")]), stroke="0.5pt"), box(lines([strong(t(sheet.words("to"))), _captions(sheet, "buyer")]), stroke="0.5pt"),
    ])  # fmt: skip
    code = (
        {"invoice": "TD01 ", "credit_note": "TD04 "}[sheet.bill.kind] if sheet.bill.language == "it" else ""
    )
    meta = heads(sheet, [(sheet.words("caption_kind"), t(code) + title(sheet)), *pairs(sheet, noise=False)])
    return paper(sheet, paragraphs(
        frames, meta, items(sheet, draw_look(sheet, stroke="0.4pt")), tax_table(sheet, heading=True, order=("rate", "base", "tax")),
        band(sheet, sums(sheet, tax_lines=False)), case_note(sheet), payment(sheet),
    ), margin="(x: 1.5cm, y: 1.5cm)")  # fmt: skip


def bottom_band(sheet: Sheet) -> str:
    """The buyer left, seller's mark right, references in a row, sums in cells across the page."""
    mark = right(
        lines(
            [
                sized(strong(name(sheet, "vendor")), sheet.style.size + 5, colour=sheet.style.colour),
                *address_lines(sheet, "vendor"),
                *id_lines(sheet, "vendor"),
                *contact_lines(sheet, "vendor"),
            ]
        )
    )
    top = grid(["1fr", "1fr"], [paragraphs(space(50), lines(buyer_block(sheet))), mark])
    found = sums(sheet)
    return paper(sheet, paragraphs(
        top, space(8), sized(strong(title(sheet)), sheet.style.size + 6), above(sheet, pairs(sheet), 4), items(sheet, draw_look(sheet)), space(8),
        box(inset_labels(sheet, found, min(len(found), 6)), fill="#eeeeee"), case_note(sheet), payment(sheet), closing(sheet),
    ), footer=centred(t(sheet.words("capital"))))  # fmt: skip


def left_sums(sheet: Sheet) -> str:
    """Everything at the left: sums under the table, bank at the right."""
    top = lines(buyer_block(sheet))
    head = sized(strong(title(sheet)), sheet.style.size + 12, colour=sheet.style.colour)
    return paper(sheet, paragraphs(
        head, inline(sheet, pairs(sheet, noise=False)), space(6), grid(["1fr", "1fr"], [top, lines([strong(t(sheet.words("from"))), *vendor_block(sheet)])]),
        space(6), items(sheet, draw_look(sheet)), grid(["1fr", "1fr"], [column(sheet, sums(sheet), width="100%"), payment(sheet)]), case_note(sheet),
        small_print(sheet) if sheet.odds(0.5) else "",
    ))  # fmt: skip


def payment_part(sheet: Sheet) -> str:
    """An invoice above, a payment slip to tear off below that repeats account, amount and parties."""
    bill = sheet.bill
    due = bill.amount_due if bill.amount_due is not None else bill.total
    body = paragraphs(
        grid(["1fr", "1fr"], [lines(vendor_block(sheet)), lines(["", "", *buyer_block(sheet, heading=False)])]), space(10),
        sized(strong(title(sheet)), sheet.style.size + 4), beside(sheet, pairs(sheet)), items(sheet, draw_look(sheet)),
        right(column(sheet, sums(sheet))), case_note(sheet), payment(sheet, bank=False),
    )  # fmt: skip
    slip_left = lines(
        [
            strong(t(sheet.words("pay_label"))),
            *bank_block(sheet),
            t(bill.vendor.name),
            t(f"{bill.vendor.zip_code} {bill.vendor.city}"),
        ]
    )
    buyer = party(sheet, "buyer")
    slip_right = lines(
        [
            t(bill.currency + "   ") + t(sheet.style.number(due)),
            t(buyer.name),
            t(f"{buyer.zip_code} {buyer.city}"),
            t(f"{sheet.words(number_label(sheet))} {bill.number}"),
        ]
    )
    slip = paragraphs(rule(0.3), grid(["1fr", "2fr"], [sized(slip_left, 7), sized(slip_right, 8)]))
    return paper(sheet, body, margin="(x: 1.8cm, top: 1.5cm, bottom: 4.4cm)", footer=slip)
