"""Forms drawn by coordinates: line printers, typed-in forms, text in odd order, letters placed one by one."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from tests.generator.field.drawn_later import LATER
from tests.generator.field.drawn_parts import bank, block, facts, note
from tests.generator.field.families import FieldFamily
from tests.generator.field.form import Form, sums
from tests.generator.field.pen import Pen, wrapped

PER_PAGE: Final = 26


def courier_form(form: Form, pen: Pen) -> None:
    """A line printer's page: one font, columns by blanks, each line one run of text."""
    pen.font, lead, left = "Courier", 12.0, 40.0
    lines: list[str] = []
    seller, buyer = block(form, "vendor"), block(form, "buyer")
    lines += [x.upper() if i == 0 else x for i, x in enumerate(seller)]
    lines += ["", *(" " * 42 + x for x in buyer), ""]
    lines += [form.title().upper(), "-" * 84]
    shown = facts(form)
    for i in range(0, len(shown), 2):
        lines.append(
            "".join(f"{label[:20] + ':':<22}{value:<20}" for label, value in shown[i : i + 2]).rstrip()
        )
    lines += ["-" * 84, *_printed_rows(form), "-" * 84]
    lines += [f"{'':36}{label[:30]:<30}{text:>18}" for _, label, text in sums(form)]
    lines += ["", note(form), form.terms(), bank(form)]
    y = 50.0
    for line in lines:
        if y > 790:
            pen.turn_page()
            y = 50.0
        pen.text(left, y, line, 9.6)
        y += lead


def _printed_rows(form: Form) -> list[str]:
    heads = [form.w(f"c_{name}") for name in ("code", "desc", "qty", "price", "net")]
    lines = [
        f"{heads[0][:9]:<10}{heads[1]:<38.38}{heads[2]:>9.9}{heads[3]:>12.12}{heads[4]:>15.15}",
        "-" * 84,
    ]
    for row in form.rows:
        text = wrapped(row.desc + (f" -{row.disc}" if row.disc else ""), 36)
        lines.append(f"{row.code:<10}{text[0]:<38}{row.qty:>9}{row.price:>12}{row.amount:>15}")
        lines += [f"{'':10}{more}" for more in text[1:]]
    return lines


def preprinted(form: Form, pen: Pen) -> None:
    """A form from the printing house, filled in by another machine: small captions, typed values beside and below them."""
    rng = form.rng
    dx, dy = rng.uniform(-3, 6), rng.uniform(-1.5, 3)

    def typed(x: float, y: float, text: str, *, right: bool = False) -> None:
        pen.text(x + dx, y + dy, text, 9.5, right=right, font="Courier")

    pen.text(40, 50, form.v("vendor.name"), 16, bold=True)
    pen.text(40, 64, "  ".join(form.addr("vendor", 0)), 8)
    pen.text(
        40,
        75,
        f"{form.w('phone')} {form.v('vendor.phone')}"
        + (f"   {form.w('vat')} {form.vat('vendor')}" if form.bill.vendor.vat_number else ""),
        8,
    )
    pen.box(310, 95, 245, 80)
    pen.text(313, 103, form.w("bill_to"), 6)
    for i, line in enumerate(block(form, "buyer", vat=form.odds(0.5))):
        typed(322, 118 + 12 * i, line)
    pen.text(40, 120, form.title().upper(), 14, bold=True)
    shown = [*facts(form), (form.w("customer"), form.digits(5))]
    width = 515 / len(shown)
    for i, (label, value) in enumerate(shown):
        pen.box(40 + width * i, 190, width, 26)
        pen.text(42 + width * i, 197, label, 6)
        typed(44 + width * i, 210, value)
    _typed_table(form, pen, typed)


def _typed_table(form: Form, pen: Pen, typed: Callable[..., None]) -> None:
    edges = [40, 95, 330, 385, 430, 485, 555]
    names = ("c_code", "c_desc", "c_qty", "c_unit", "c_price", "c_net")
    pen.box(40, 228, 515, 400)
    for edge in edges[1:-1]:
        pen.line(edge, 228, edge, 628)
    for edge, name in zip(edges, names, strict=False):
        pen.text(edge + 2, 237, form.w(name), 6.5)
    pen.line(40, 241, 555, 241)
    y = 256.0
    for row in form.rows:
        text = wrapped(row.desc + (f" -{row.disc}" if row.disc else ""), 40)
        typed(41, y, row.code)
        for i, more in enumerate(text):
            typed(97, y + 11 * i, more)
        typed(382, y, row.qty, right=True)
        typed(388, y, row.unit)
        typed(482, y, row.price, right=True)
        typed(550, y, row.amount, right=True)
        y += 11 * len(text) + 4
    found = [(label, text) for _, label, text in sums(form)]
    width = 515 / len(found)
    for i, (label, text) in enumerate(found):
        pen.box(40 + width * i, 636, width, 30)
        pen.text(42 + width * i, 643, label, 6)
        typed(40 + width * (i + 1) - 8, 660, text, right=True)
    pen.text(40, 690, note(form), 8)
    pen.text(40, 705, f"{form.w('terms_label')}: {form.terms()}", 8)
    pen.text(40, 720, bank(form), 8)


def odd_order(form: Form, pen: Pen) -> None:
    """Pieces written in no order: amounts first, labels last, a number in two runs, headings spaced out."""
    pieces: list[Callable[[], object]] = []
    spaced = form.rng.choice([0.0, 1.2, 2.4])

    def put(x: float, y: float, text: str, size: float = 9, **how: object) -> None:
        pieces.append(lambda: pen.text(x, y, text, size, **how))  # type: ignore[arg-type]

    put(40, 60, form.title().upper(), 20, bold=True, spacing=spaced)
    for i, line in enumerate(block(form, "vendor")):
        put(555, 50 + 11 * i, line, 8.5, right=True, bold=i == 0)
    put(40, 120, form.w("bill_to").upper(), 7, spacing=1)
    for i, line in enumerate(block(form, "buyer")):
        put(40, 134 + 12 * i, line, 9.5)
    for i, (label, value) in enumerate(facts(form)):
        put(430, 134 + 13 * i, label, 8.5, right=True)
        half = len(value) // 2
        pieces.append(
            lambda y=134 + 13 * i, a=value[:half], b=value[half:]: pen.text(
                pen.text(438, y, a, 8.5), y, b, 8.5
            )
        )  # type: ignore[misc]
    y = _odd_table(form, pen, put)
    for kind, label, text in sums(form):
        put(400, y, label, 9, right=True, bold=kind != "plain")
        put(555, y, text, 9, right=True, bold=kind != "plain")
        y += 14
    put(40, y + 10, note(form), 8)
    put(40, y + 24, form.terms(), 8)
    put(40, 800, bank(form), 7.5)
    form.rng.shuffle(pieces)
    for piece in pieces:
        piece()


def _odd_table(form: Form, pen: Pen, put: Callable[..., None]) -> float:
    for x, name, flush in (
        (40, "c_desc", False),
        (360, "c_qty", True),
        (440, "c_price", True),
        (555, "c_net", True),
    ):
        put(x, 228, form.w(name), 8, right=flush, bold=True)
    pen.line(40, 233, 555, 233, 0.8)
    y = 248.0
    for row in form.rows:
        text = wrapped(row.desc, 52)
        for i, more in enumerate(text):
            put(40, y + 11 * i, more)
        put(360, y, f"{row.qty} {row.unit}", right=True)
        put(440, y, row.price + (f" -{row.disc}" if row.disc else ""), right=True)
        put(555, y, row.amount, right=True)
        y += 11 * len(text) + 5
    return y + 14


def glyph_letter(form: Form, pen: Pen) -> None:
    """A letter whose every glyph has its own place, blanks being gaps only."""
    pen.font = "Times"
    y = 70.0
    for i, line in enumerate([*block(form, "vendor"), f"{form.w('phone')} {form.v('vendor.phone')}"]):
        pen.glyphs(330, y, line, 10, bold=i == 0)
        y += 13
    y = 160.0
    for line in block(form, "buyer", vat=form.odds(0.4)):
        pen.glyphs(70, y, line, 10.5)
        y += 14
    pen.glyphs(520, 250, f"{form.bill.vendor.city}, {form.d('invoice.date')}", 10.5, right=True)
    pen.glyphs(
        70,
        285,
        f"{form.title()} {form.number_label() if form.odds(0.4) else ''} {form.v('invoice.number')}".replace(
            "  ", " "
        ),
        12,
        bold=True,
    )
    y = 315.0
    for x, name, flush in (
        (70, "c_desc", False),
        (385, "c_qty", True),
        (450, "c_price", True),
        (525, "c_net", True),
    ):
        pen.glyphs(x, y, form.w(name), 9.5, right=flush)
    pen.line(70, y + 4, 525, y + 4, 0.4)
    for row in form.rows:
        text = wrapped(row.desc + (f" -{row.disc}" if row.disc else ""), 50)
        for i, more in enumerate(text):
            pen.glyphs(70, y + 18 + 12 * i, more, 10)
        for x, shown in ((385, row.qty), (450, row.price), (525, row.amount)):
            pen.glyphs(x, y + 18, shown, 10, right=True)
        y += 12 * len(text) + 6
    y += 30
    for kind, label, text in sums(form):
        pen.glyphs(420, y, label, 10, right=True, bold=kind != "plain")
        pen.glyphs(525, y, text, 10, right=True, bold=kind != "plain")
        y += 14
    for line in (
        note(form),
        form.terms() + (f" ({form.w('due')}: {form.d('invoice.due_date')})" if form.bill.due else ""),
        bank(form),
    ):
        y += 16
        pen.glyphs(70, y, line, 9.5)


def tab_stops(form: Form, pen: Pen) -> None:
    """A word processor's page: labels and values at tab stops, sums with leaders of dots, everything in running lines."""
    pen.font = form.rng.choice(["Helvetica", "Times"])
    y = 60.0
    for i, line in enumerate(block(form, "vendor", vat=False)):
        pen.text(57, y, line, 13 if i == 0 else 9, bold=i == 0)
        y += 15 if i == 0 else 11
    y = pen.column(57, y + 20, [f"{form.w('bill_to')}:", *block(form, "buyer")], 10, 13)
    pen.text(57, y + 24, form.title(), 15, bold=True)
    y += 46
    for label, value in facts(form):
        pen.text(57, y, f"{label}:", 10)
        pen.text(170, y, value, 10)
        y += 13
    y += 14
    for row in form.rows:
        text = wrapped(f"{row.qty} {row.unit} {row.desc}", 58)
        for i, more in enumerate(text):
            pen.text(57, y + 11 * i, more, 9.5)
        pen.text(430, y, row.price_m + (f" -{row.disc}" if row.disc else ""), 9.5, right=True)
        pen.text(540, y, row.amount_m, 9.5, right=True)
        y += 11 * len(text) + 4
    y += 10
    for kind, label, text in sums(form):
        dots = "." * max(4, 78 - len(label) - len(text))
        pen.text(57, y, f"{label} {dots} {text}", 10, bold=kind != "plain")
        y += 14
    for line in (
        note(form),
        form.terms(),
        bank(form),
        f"{form.w('vat')} {form.vat('vendor')}" if form.bill.vendor.vat_number else "",
    ):
        y += 14
        pen.text(57, y, line, 9)


FORMS: Final = MappingProxyType(
    {f.__name__: f for f in (courier_form, preprinted, odd_order, glyph_letter, tab_stops)} | dict(LATER)
)


def draw(form: Form, family: FieldFamily) -> tuple[bytes, str]:
    """The drawn form as PDF, with all its text."""
    pen = Pen(form.rng)
    FORMS[family.name](form, pen)
    return pen.finished()
