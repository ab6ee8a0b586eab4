import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.intake.base64_text import Base64Text
from app.errors import RequestRefused

PLACES = st.lists(st.integers(0, 400), max_size=8)


def decode(pieces):
    text = Base64Text()
    return b"".join(text.feed(piece) for piece in pieces) + text.close()


@given(st.binary(max_size=300), PLACES)
def test_any_bytes_survive_however_the_text_is_cut(cut, data, places):
    assert decode(cut(base64.b64encode(data), places)) == data


@given(st.binary(max_size=200), PLACES, st.sampled_from(["/", "+", "="]))
def test_json_escapes_are_understood_however_the_text_is_cut(cut, data, places, character):
    text = base64.b64encode(data).decode().replace(character, f"\\u{ord(character):04x}")
    assert decode(cut(text.encode(), places)) == data


@given(st.binary(max_size=200), PLACES)
def test_escaped_slashes_and_line_breaks_are_understood_however_the_text_is_cut(cut, data, places):
    text = json.dumps(base64.encodebytes(data).decode())[1:-1].replace("/", "\\/")
    assert decode(cut(text.encode(), places)) == data


@given(st.binary(max_size=100), PLACES)
def test_the_prefix_of_a_data_url_is_skipped(cut, data, places):
    assert decode(cut(b"data:application/pdf;base64," + base64.b64encode(data), places)) == data


@pytest.mark.parametrize(
    "text",
    [
        b"AAA",
        b"A",
        b"AA=A",
        b"====",
        b"AAAA=",
        b"AA==AAAA",
        b"AA-_",
        b"A\\A=",
        b"\\u00zz",
        b"AAAA\\",
        b"\xc3\xa9AA",
        b"data:" + b"x" * 300,
    ],
)
def test_what_is_not_base64_is_refused(text):
    with pytest.raises(RequestRefused) as refused:
        decode([text])
    assert refused.value.problem_code == "invalid_base64"
