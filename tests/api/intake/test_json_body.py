import base64
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.intake.json_body import REST_LIMIT, JsonBody
from app.errors import RequestRefused

VALUES = st.text(max_size=20) | st.integers(-(2**53), 2**53) | st.booleans() | st.none()
NAMES = st.text(min_size=1, max_size=10).filter(lambda name: name not in ("file_base64", "metadata"))


def read(pieces, incoming):
    body = JsonBody(incoming)
    for piece in pieces:
        body.feed(piece)
    return body.close()


@given(
    st.binary(max_size=300),
    st.tuples(*[st.dictionaries(NAMES, VALUES, max_size=4)] * 2, st.sampled_from([None, 1])),
    st.lists(st.integers(0, 700), max_size=8),
)
def test_file_and_members_arrive_however_the_body_is_cut(gathered, cut, data, around, places):
    before, after, indent = around
    members = {**before, "file_base64": base64.b64encode(data).decode(), **after}
    incoming = gathered()
    read_members = read(cut(json.dumps(members, indent=indent).encode(), places), incoming)
    assert incoming.data == data
    assert read_members == {**before, **after}


def test_the_name_of_the_member_within_a_string_is_not_the_member(gathered):
    incoming = gathered()
    text = '"file_base64": "QUJD"'
    members = read([json.dumps({"external_id": text, "file_base64": "REVG"}).encode()], incoming)
    assert (incoming.data, members) == (b"DEF", {"external_id": text})


def test_metadata_keeps_its_own_spelling(gathered):
    members = read([b'{"metadata": {"amount": 1.10}, "file_base64": "QUJD"}'], gathered())
    assert members == {"metadata": msgspec.Raw(b'{"amount": 1.10}')}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed_json"),
        (b"null", "malformed_json"),
        (b"[]", "malformed_json"),
        (b'"file_base64"', "malformed_json"),
        (b"{}", "missing_file"),
        (b'{"file_base64": null}', "missing_file"),
        (b'{"file_base64": 5}', "malformed_json"),
        (b'{"file_base64": "QUJD', "malformed_json"),
        (b'{"file_base64": "QUJD"', "malformed_json"),
        (b'{"file_base64": "QUJD"} x', "malformed_json"),
        (b'{"file_base64": "QUJD", "file_base64": "QUJD"}', "malformed_json"),
        (b'{"x": {"file_base64": "QUJD"}}', "malformed_json"),
        (b'{"x": {"file_base64": "QUJD"}, "file_base64": "QUJD"}', "malformed_json"),
        (b'{"file\\u005fbase64": "\\u0001"}', "malformed_json"),
        (b'{"x": ' + b"[" * 5000 + b"]" * 5000 + b', "file_base64": "QUJD"}', "malformed_json"),
        (b'{"x": "' + b"x" * REST_LIMIT + b'"}', "file_too_large"),
        (b'{"file_base64": "QUJD", "x": "' + b"x" * REST_LIMIT + b'"}', "file_too_large"),
        (b'{"file_base64": "Q"}', "invalid_base64"),
        (b'{"x": "\xff", "file_base64": "QUJD"}', "malformed_json"),
    ],
)
def test_what_is_no_body_is_refused_by_its_code(gathered, body, code):
    with pytest.raises(RequestRefused) as refused:
        read([body], gathered())
    assert refused.value.problem_code == code
