"""A parsed document written out piece by piece: none of its forms ever stands whole in memory."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from app.extraction.segments.assembled import assembled
from app.extraction.segments.chunks import cut
from app.extraction.segments.part import Part
from app.extraction.segments.written import Pictures, html_of, is_wanted, markdown_of, segment_of, thinned
from app.model.document import FileType
from app.model.segment import Chunk, Extra, ParsedDocument, Parsing, Segment, Target

RESULT: Final = "result.json"
MARKDOWN: Final = "document.md"
HTML: Final = "document.html"
_STYLE: Final = (
    "body{font:1rem/1.5 sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}"
    "td,th{border:1px solid #bbb;padding:.2rem .5rem;vertical-align:top}"
    "th{background:#eee;text-align:left}img{max-width:100%}aside{color:#555}"
    "header,footer{color:#888;font-size:.85rem}"
)
_encode: Final = msgspec.json.Encoder().encode


class Told(NamedTuple):
    """A document that was gone through, and what is to be told of it."""

    parts: Sequence[Part]
    file_type: FileType
    page_count: int
    wanted: Parsing
    pictures: Pictures

    @property
    def numbered(self) -> Iterator[tuple[int, Part]]:
        """The wanted parts; their numbers are those of the whole document."""
        return ((index, part) for index, part in enumerate(self.parts) if is_wanted(part, self.wanted))


def write(told: Told, target: Target) -> None:
    """Write the files of a parsed document into its folder."""
    folder = Path(target.folder)
    with (folder / MARKDOWN).open("w", encoding="utf-8") as file:
        file.writelines(markdown_pieces(told))
    if Extra.HTML in told.wanted.include:
        with (folder / HTML).open("w", encoding="utf-8") as file:
            file.writelines(html_pieces(told, target.filename))
    with (folder / RESULT).open("wb") as out:
        for piece in json_pieces(told, target):
            out.write(piece)


def whole(told: Told) -> ParsedDocument:
    """The document in memory, for those who want to look at it there."""
    return ParsedDocument(
        file_type=told.file_type,
        page_count=told.page_count,
        markdown="".join(markdown_pieces(told)),
        chunks=tuple(chunks(told)),
    )


def markdown_pieces(told: Told) -> Iterator[str]:
    """The whole document as Markdown, part by part."""
    between = ""
    for index, part in assembled(told.numbered):
        text = markdown_of(part, told.pictures.get(index))
        if text:
            yield between + text
            between = "\n\n"
    if between:
        yield "\n"


def html_pieces(told: Told, title: str | None = None) -> Iterator[str]:
    """The whole document as a page of HTML, part by part."""
    yield f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{escape(title or "Document")}</title>'
    yield f"<style>{_STYLE}</style></head><body>\n"
    for index, part in assembled(told.numbered):
        tag = {"header": "header", "footer": "footer", "sidebar": "aside"}.get(part.region)
        text = html_of(part, told.pictures.get(index))
        yield f"<{tag}>{text}</{tag}>\n" if tag else f"{text}\n"
    yield "</body></html>\n"


def chunks(told: Told) -> Iterator[Chunk]:
    """The chunks, with what was asked for of their segments."""

    def render(index: int, part: Part) -> Segment:
        return segment_of(index, part, told.pictures.get(index))

    for chunk in cut(told.numbered, told.wanted.chunk_size, told.wanted.overlap, render):
        kept = tuple(thinned(segment, told.wanted.include) for segment in chunk.segments)
        yield msgspec.structs.replace(chunk, segments=kept)


def json_pieces(told: Told, target: Target) -> Iterator[bytes]:
    """The `ParsedDocument` as JSON."""
    empty = ParsedDocument(
        document_id=target.document_id,
        filename=target.filename,
        file_type=told.file_type,
        page_count=told.page_count,
        markdown="",
        chunks=(),
    )
    head, _, _ = _encode(empty).partition(b'"markdown":')
    yield head + b'"markdown":"'
    for text in markdown_pieces(told):
        yield _encode(text)[1:-1]
    yield b'","chunks":['
    between = b""
    for chunk in chunks(told):
        yield between + _encode(chunk)
        between = b","
    yield b"]}"
