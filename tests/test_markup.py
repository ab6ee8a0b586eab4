import codecs

import pytest

from app import markup
from app.errors import Unreadable


def test_the_root_of_a_document_is_returned_without_comments_and_instructions():
    root = markup.parse(b"<a><!-- x --><b/><?y z?></a>")
    assert [child.tag for child in root] == ["b"]


def test_a_document_is_kept_whole_where_its_signature_needs_that():
    root = markup.parse(b"<a><!-- x --><b/><?y z?></a>", whole=True)
    assert len(root) == 3


@pytest.mark.parametrize(
    "declaration",
    [
        b"<!DOCTYPE a>",
        b"<!DOCTYPE a SYSTEM 'http://example.invalid/a.dtd'>",
        b"<!-- hello --><!DOCTYPE a>",
        b"<?x y?>\n <!DOCTYPE a [<!ENTITY b 'c'>]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_a_document_type_is_refused_in_every_encoding(declaration, encoding):
    text = declaration.decode() + "<a/>"
    with pytest.raises(Unreadable, match="DOCTYPE"):
        markup.parse(text.encode(encoding))


def test_the_word_doctype_inside_a_text_harms_nobody():
    assert markup.parse(b"<a><![CDATA[<!DOCTYPE html>]]></a>").text == "<!DOCTYPE html>"


def test_an_entity_bomb_is_refused_before_it_is_parsed():
    entities = "".join(f"<!ENTITY e{i} '{f'&e{i - 1};' * 10}'>" for i in range(1, 30))
    with pytest.raises(Unreadable, match="DOCTYPE"):
        markup.parse(f"<!DOCTYPE a [<!ENTITY e0 'x'>{entities}]><a b='&e29;'>&e29;</a>".encode())


def test_an_entity_that_nobody_declared_is_refused():
    with pytest.raises(Unreadable, match="not well-formed"):
        markup.parse(b"<a>&secret;</a>")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"Bad XML",
        b"<a>",
        b"<a><b></a>",
        b"<a></a><b></b>",
        b"<",
        b"\x00\x01\x02",
        b"<a>\x00</a>",
    ],
)
def test_what_is_not_well_formed_is_unreadable(data):
    with pytest.raises(Unreadable):
        markup.parse(data)


@pytest.mark.parametrize("cut", [1, 20, 60, 99])
def test_a_document_cut_short_is_unreadable(cut):
    data = b"<invoice><line>" + b"x" * 100 + b"</line></invoice>"
    with pytest.raises(Unreadable, match=r"cut short|broken"):
        markup.parse(data[: len(data) * cut // 100])


def test_bytes_outside_the_announced_encoding_are_named_as_such():
    with pytest.raises(Unreadable, match="character encoding"):
        markup.parse('<?xml version="1.0" encoding="UTF-8"?><a>perché</a>'.encode("latin-1"))


@pytest.mark.parametrize("name", [b"x-martian", b"utf\x00-8"])
def test_an_encoding_that_does_not_exist_is_named_as_such(name):
    with pytest.raises(Unreadable, match="encoding that does not exist"):
        markup.parse(b'<?xml version="1.0" encoding="' + name + b'"?><a>perch\xe9</a>')


@pytest.mark.parametrize("name", ["utf-16", "UTF-16", "utf-16le", "unicode"])
def test_a_declaration_of_utf_16_on_narrow_bytes_is_forgiven(name):
    assert markup.parse(f'<?xml version="1.0" encoding="{name}"?><a>perché</a>'.encode()).text == "perché"


def test_byte_order_marks_may_come_twice():
    assert markup.parse(codecs.BOM_UTF8 * 2 + b"<?xml version='1.0'?><a/>").tag == "a"


def test_odd_utf_16_is_unreadable():
    with pytest.raises(Unreadable, match="character encoding"):
        markup.parse(codecs.BOM_UTF16_LE + "<a/>".encode("utf-16-le") + b"\x00\xd8x")


@pytest.mark.parametrize("read", [markup.parse, lambda data: list(markup.parse_streaming(data, ("{*}a",)))])
def test_two_hundred_thousand_nested_elements_are_unreadable(read):
    with pytest.raises(Unreadable):
        read(b"<b>" * 200_000 + b"</b>" * 200_000)


def test_streamed_elements_come_in_order_and_the_root_last():
    data = b"<r><a>1</a><x><a>2</a></x></r>"
    assert [(one.tag, one.text) for one in markup.parse_streaming(data, ("{*}a",))] == [
        ("a", "1"), ("a", "2"), ("r", None),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"<r><a>1</a>", b"<r><a>1</b></r>", b"<r>\xff</r>"])
def test_a_broken_stream_never_reaches_its_root(data):
    seen = []
    with pytest.raises(Unreadable):
        seen.extend(one.tag for one in markup.parse_streaming(data, ("{*}a",)))
    assert "r" not in seen
