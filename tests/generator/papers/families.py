"""Kinds of documents, each with its own way of setting pages."""

from collections.abc import Callable
from random import Random

from tests.generator.papers.pieces import Paper, Piece, Sheet, Writer
from tests.generator.typeset import t

FONTS = ("Source Sans Pro", "Roboto")


def report(random: Random) -> Paper:
    """One column, numbered headings, lists, tables, headers and footers."""
    sheet = _begun("report", random, "margin: 2.2cm", numbered=True)
    sheet.heading(
        title := sheet.writer.title(), 1, f'#align(center)[#text(size: 2em, weight: "bold")[{t(title)}]]'
    )
    for chapter in range(1, 4):
        sheet.section(1, f"{chapter}")
        sheet.text(3, 6)
        sheet.text(2, 5)
        for part in range(1, random.randint(2, 3)):
            sheet.section(2, f"{chapter}.{part}")
            sheet.text()
            sheet.items(random.randint(2, 5), numbered=random.random() < 0.5)
            sheet.text()
        if random.random() < 0.7:
            sheet.table(random.randint(3, 6), random.randint(3, 8))
            sheet.text(1, 3)
    return sheet.paper()


def article(random: Random) -> Paper:
    """Two or three columns of justified text under a title over all of them."""
    columns = random.choice([2, 2, 3])
    sheet = _begun("article", random, "margin: 1.6cm", size=(8.0, 9.5), numbered=True, justified=True)
    title = sheet.writer.title()
    sheet.heading(title, 1, f'#align(center)[#text(size: 2em, weight: "bold")[{t(title)}]]')
    sheet.raw(f"#columns({columns}, gutter: {random.choice(['14pt', '18pt', '24pt'])})[")
    for chapter in range(1, 6):
        sheet.section(1, f"{chapter}")
        for _ in range(random.randint(2, 4)):
            sheet.text(4, 8)
        if columns == 2 and random.random() < 0.5:
            sheet.table(3, random.randint(3, 5), words=1)
            sheet.text(3, 5)
    sheet.raw("]")
    return sheet.paper()


def contract(random: Random) -> Paper:
    """Bold clauses, numbered paragraphs, a page number at the foot."""
    sheet = _begun(
        "contract",
        random,
        "margin: 2.5cm",
        footer='[#align(center)[#context counter(page).display("- 1 -")]]',
    )
    title = sheet.writer.title().upper()
    sheet.heading(title, 1, f'#align(center)[#text(size: 1.5em, weight: "bold")[{t(title)}]]')
    for clause in range(1, random.randint(5, 8)):
        name = f"Art. {clause} {sheet.writer.title()}"
        sheet.heading(name, 2, f"#strong[{t(name)}]")
        for _ in range(random.randint(1, 3)):
            sheet.text(2, 4)
    return sheet.paper()


def manual(random: Random) -> Paper:
    """Small pages, notes in the margin, steps, tables of words."""
    sheet = _begun(
        "manual", random, "margin: (left: 4.4cm, right: 1.4cm, y: 1.6cm)", paper="a5", numbered=True
    )
    for chapter in range(1, 5):
        sheet.section(1, f"{chapter}")
        note = sheet.writer.words(8, 14).capitalize()
        sheet.pieces.append(Piece("aside", note))
        sheet.raw(f'#place(left, dx: -3.4cm, box(width: 2.8cm, text(size: 7pt, style: "italic")[{t(note)}]))')
        sheet.text(3, 5)
        sheet.items(random.randint(3, 5), numbered=True)
        sheet.text(2, 4)
        if chapter % 2:
            rows = [(f"P{n:02d}", sheet.writer.words(3, 12).capitalize()) for n in range(1, 5)]
            heads = (sheet.writer.title(), sheet.writer.title())
            sheet.pieces += [Piece("row", cells=row) for row in (heads, *rows)]
            cells = ", ".join(f"[{t(it)}]" for row in (heads, *rows) for it in row)
            sheet.raw(f"#table(columns: 2, stroke: .5pt, {cells})")
    return sheet.paper()


def menu(random: Random) -> Paper:
    """Centred headings over dishes and prices, led by dots or not."""
    sheet = _begun("menu", random, "margin: 1.5cm", paper="a5", size=(9.5, 11.5), header=False)
    title = sheet.writer.title()
    sheet.heading(title, 1, f"#align(center)[#text(size: 2em)[{t(title)}]]")
    led = random.choice(["#box(width: 1fr, repeat[.])", "#h(1fr)"])
    for _ in range(3):
        name = sheet.writer.title()
        sheet.heading(name, 2, f'#align(center)[#text(size: 1.3em, weight: "bold")[{t(name)}]]')
        dishes = [
            (sheet.writer.words(2, 5).capitalize(), sheet.writer.amount())
            for _ in range(random.randint(3, 6))
        ]
        sheet.pieces += [Piece("row", cells=dish) for dish in dishes]
        sheet.raw(" \\\n".join(f"{t(dish)} {led} {t(price)}" for dish, price in dishes))
    return sheet.paper()


def prices(random: Random) -> Paper:
    """A long table over several pages, with heads on each or on the first alone."""
    sheet = _begun("prices", random, "margin: 1.8cm", size=(8.5, 9.5))
    title = sheet.writer.title()
    sheet.heading(title, 1, f'#text(size: 1.8em, weight: "bold")[{t(title)}]')
    heads = ("Codice", "Articolo", "Conf.", "Prezzo")
    rows = [
        (
            f"{random.choice('ABC')}{random.randint(100, 999)}-{n}",
            sheet.writer.words(2, 6).capitalize(),
            str(random.choice([1, 10, 100])),
            sheet.writer.amount(),
        )
        for n in range(random.randint(60, 90))
    ]
    sheet.pieces += [Piece("row", cells=row) for row in (heads, *rows)]
    again = random.choice(["true", "false"])
    stroke = random.choice([".4pt", "none", "(x, y) => (bottom: .3pt)"])
    cells = ", ".join(f"[{t(it)}]" for row in rows for it in row)
    head = ", ".join(f"[*{it}*]" for it in heads)
    sheet.raw(
        f"#table(columns: (auto, 1fr, auto, auto), align: (left, left, right, right), stroke: {stroke}, "
        f"table.header(repeat: {again}, {head}), {cells})"
    )
    return sheet.paper()


def form(random: Random) -> Paper:
    """Labels with values beside them, then a table whose heads span columns."""
    sheet = _begun("form", random, "margin: 2cm", header=False)
    title = sheet.writer.title()
    sheet.heading(title, 1, f'#text(size: 1.7em, weight: "bold")[{t(title)}]')
    fields = [
        (sheet.writer.title() + ":", sheet.writer.words(1, 4).capitalize())
        for _ in range(random.randint(4, 7))
    ]
    sheet.pieces += [Piece("pair", f"{label} {value}") for label, value in fields]
    cells = ", ".join(f"[{t(it)}]" for field in fields for it in field)
    sheet.raw(f"#grid(columns: (auto, 1fr), row-gutter: 7pt, column-gutter: 14pt, {cells})")
    heads = [sheet.writer.title() for _ in range(5)]
    rows = [
        (sheet.writer.word(), sheet.writer.words(2, 6), *(sheet.writer.amount() for _ in range(2)))
        for _ in range(4)
    ]
    sheet.pieces.append(
        Piece("row", cells=(heads[0], heads[1], f"{heads[2]} {heads[3]}", f"{heads[2]} {heads[4]}"))
    )
    sheet.pieces += [Piece("row", cells=row) for row in rows]
    body = ", ".join(f"[{t(it)}]" for row in rows for it in row)
    sheet.raw(
        f"#table(columns: (auto, 1fr, auto, auto), stroke: .5pt, table.header(table.cell(rowspan: 2)[*{t(heads[0])}*], "
        f"table.cell(rowspan: 2)[*{t(heads[1])}*], table.cell(colspan: 2)[*{t(heads[2])}*], [*{t(heads[3])}*], "
        f"[*{t(heads[4])}*]), {body})"
    )
    sheet.text(2, 3)
    return sheet.paper()


def letter(random: Random) -> Paper:
    """Addresses side by side, a subject, paragraphs, a closing."""
    sheet = _begun("letter", random, "margin: 2.4cm", header=False)
    blocks = [
        [
            sheet.writer.title(),
            f"{sheet.writer.title()} {random.randint(1, 99)}",
            f"{random.randint(10000, 99999)} {sheet.writer.word().capitalize()}",
        ]
        for _ in range(2)
    ]
    sheet.pieces += [Piece("address", "\n".join(block)) for block in blocks]
    printed = ", ".join("[" + " #linebreak() ".join(t(line) for line in block) + "]" for block in blocks)
    sheet.raw(f"#grid(columns: (1fr, 6cm), {printed})\n#v(1cm)")
    subject = sheet.writer.title()
    sheet.heading(subject, 1, f"#strong[{t(subject)}]")
    for _ in range(random.randint(3, 5)):
        sheet.text(3, 5)
    return sheet.paper()


FAMILIES: dict[str, Callable[[Random], Paper]] = {
    it.__name__: it for it in (report, article, contract, manual, menu, prices, form, letter)
}


def _begun(  # noqa: PLR0913 - how pages are set
    family: str,
    random: Random,
    page: str,
    *,
    paper: str = "a4",
    size: tuple[float, float] = (9.0, 12.0),
    numbered: bool = False,
    header: bool = True,
    footer: str = "",
    justified: bool | None = None,
) -> Sheet:
    writer = Writer(random)
    sheet = Sheet(family, writer)
    house, issue = writer.title(), writer.title()
    runs = header and random.random() < 0.8
    head = f", header: [{t(house)} #h(1fr) {t(issue)}]" if runs else ""
    foot = footer or "context [Pag. #counter(page).display() / #counter(page).final().first()]"
    if runs:
        sheet.running(house, issue)
    justify = random.random() < 0.6 if justified is None else justified
    sheet.raw(f'#set page(paper: "{paper}", {page}{head}, footer: {foot})')
    sheet.raw(
        f'#set text(font: "{random.choice(FONTS)}", size: {random.uniform(*size):.1f}pt, lang: "it", hyphenate: true)\n'
        f"#set par(justify: {str(justify).lower()}, leading: {random.uniform(0.5, 0.75):.2f}em, "
        f"spacing: {random.uniform(0.9, 1.3):.2f}em)\n"
        "#set list(marker: [•])"
    )
    if numbered:
        sheet.raw('#set heading(numbering: "1.1")')
    return sheet
