"""The page itself: size, margins, font, running head and foot."""

from tests.generator.sheet import Sheet
from tests.generator.typeset import sized, t

PLAIN = "2cm"


def page_count(sheet: Sheet) -> str:
    """`Page 1 of 3` in the invoice's words, counted by the typesetter."""
    text = sheet.words("page")
    parts = text.replace("{n}", "\0n\0").replace("{m}", "\0m\0").split("\0")
    counters = {"n": '#counter(page).display("1");', "m": "#counter(page).final().first();"}
    return "#context [" + "".join(counters.get(p, t(p) if p else "") for p in parts) + "];"


def paper(  # noqa: PLR0913 - each names a property of a page
    sheet: Sheet, body: str, *, width: str = "210mm", height: str = "297mm", margin: str = "(x: 2cm, top: 1.6cm, bottom: 2.2cm)",
    header: str = "", footer: str = "", colour: str = "", background: str = "",
) -> str:  # fmt: skip
    """A whole Typst document."""
    style = sheet.style
    american = sheet.bill.country == "US" and width == "210mm"
    size = "width: 8.5in, height: 11in" if american else f"width: {width}, height: {height}"
    settings = [size, f"margin: {margin}"]
    if header:
        settings.append(f"header: [{sized(header, style.size - 1.5)}]")
    if footer:
        settings.append(f"footer: [{sized(footer, max(6.0, style.size - 2.0))}]")
    if background:
        settings.append(f"background: [{background}]")
    return (
        f"#set page({', '.join(settings)});\n"
        f'#set text(font: "{style.font}", size: {style.size}pt, hyphenate: false, lang: "{style.language}"{f", fill: rgb({chr(34)}{colour}{chr(34)})" if colour else ""});\n'
        f"#set par(leading: 0.5em, spacing: 0.9em);\n{body}\n"
    )
