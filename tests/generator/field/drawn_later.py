"""More forms drawn by coordinates: tables written column after column, condensed lists of a bookkeeping program."""

from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Final

from tests.generator.field.drawn_parts import bank, block, facts, note
from tests.generator.field.form import Form, RowView, sums
from tests.generator.field.pen import Pen, wrapped

Drawn = Callable[[RowView], str]
FOOT: Final = 760.0


def columnwise(form: Form, pen: Pen) -> None:
    """All labels before all values, tables column after column, as report designers write them; labels above values."""
    pen.font = form.rng.choice(["Helvetica", "Times"])
    pen.text(555, 56, form.title(), 18, bold=True, right=True)
    pen.column(40, 100, block(form, "buyer"), 9.5, 12)
    shown = facts(form)
    width = 515 / max(3, len(shown))
    for i, (label, _) in enumerate(shown):
        pen.text(40 + width * i, 190, label, 7)
    pen.column(40, 50, block(form, "vendor"), 9, 11, bold_first=True)
    for i, (_, value) in enumerate(shown):
        pen.text(40 + width * i, 202, value, 9.5)
    found = list(sums(form))
    y = _by_columns(form, pen)
    for i, (_, label, _) in enumerate(found):
        pen.text(340, y + 14 * i, label, 9)
    for i, (kind, _, text) in enumerate(found):
        pen.text(555, y + 14 * i, text, 9, right=True, bold=kind != "plain")
    y += 14 * len(found) + 14
    pen.column(40, y, [x for x in (note(form), form.terms(), bank(form)) if x], 8.5, 13)


def _by_columns(form: Form, pen: Pen) -> float:
    """The rows, each column as a whole; gives the foot below the last."""
    rows = form.rows
    texts = [wrapped(row.desc + (f" (-{row.disc})" if row.disc else ""), 44) for row in rows]
    feet = [246.0]
    for text in texts:
        feet.append(feet[-1] + 11 * len(text) + 5)
    columns: tuple[tuple[float, str, Drawn], ...] = (
        (555, "c_net", lambda row: row.amount), (345, "c_qty", lambda row: row.qty), (460, "c_price", lambda row: row.price),
    )  # fmt: skip
    for x, name, value in columns:
        pen.text(x, 228, form.w(name), 8, bold=True, right=True)
        for foot, row in zip(feet, rows, strict=False):
            pen.text(x, foot, value(row), 9, right=True)
    pen.text(40, 228, form.w("c_desc"), 8, bold=True)
    pen.line(40, 233, 555, 233)
    for foot, text in zip(feet, texts, strict=False):
        pen.column(40, foot, text, 9, 11)
    return feet[-1] + 16


def condensed_print(form: Form, pen: Pen) -> None:
    """A bookkeeping program's list in narrow letters: values before their labels, every word a run of its own."""
    pen.font, pen.narrow = "Helvetica", form.rng.choice([68.0, 76.0, 84.0])
    for i, line in enumerate(block(form, "vendor")):
        pen.words(40, 46 + 10 * i, line, 12 if i == 0 else 8, bold=i == 0)
    for i, line in enumerate(block(form, "buyer")):
        pen.words(330, 100 + 11 * i, line, 9)
    pen.words(40, 150, form.title().upper(), 13, bold=True)
    for i, (label, value) in enumerate(facts(form)):
        pen.words(140, 168 + 11 * i, value, 9, bold=True)
        pen.words(40, 168 + 11 * i, f"{label}:", 8)
    y = _narrow_rows(form, pen)
    for kind, label, text in sums(form):
        pen.words(555, y, text, 9, right=True, bold=kind != "plain")
        pen.words(400, y, label, 8.5, bold=kind != "plain")
        y += 12
    for line in (note(form), form.terms(), bank(form)):
        y += 12
        pen.words(40, y, line, 8)


def _narrow_rows(form: Form, pen: Pen) -> float:
    heads = ("c_pos", "c_code", "c_desc", "c_qty", "c_unit", "c_price", "c_net")
    places = (40.0, 62.0, 118.0, 392.0, 398.0, 478.0, 555.0)
    flush = {"c_qty", "c_price", "c_net"}
    for name, x in zip(heads, places, strict=True):
        pen.words(x, 238, form.w(name), 7.5, right=name in flush, bold=True)
    pen.line(40, 242, 555, 242, 0.8)
    y = 254.0
    for row, cells in _cells(form):
        lines = wrapped(cells[2], 56)
        for name, x, text in zip(heads, places, (cells[0], cells[1], lines[0], *cells[3:]), strict=True):
            pen.words(x, y, text, 8.5, right=name in flush)
        for i, more in enumerate(lines[1:], 1):
            pen.words(118, y + 9.5 * i, more, 8.5)
        y += 9.5 * len(lines) + 2
        if row.disc:
            pen.words(118, y, f"- {row.disc}", 8)
            y += 10
        if y > FOOT:
            pen.turn_page()
            y = 60.0
    pen.line(40, y, 555, y, 0.8)
    return y + 14


def _cells(form: Form) -> Iterator[tuple[RowView, tuple[str, ...]]]:
    for row in form.rows:
        yield row, (str(row.pos), row.code, row.desc, row.qty, row.unit, row.price, row.amount)


LATER: Final = MappingProxyType({f.__name__: f for f in (columnwise, condensed_print)})
