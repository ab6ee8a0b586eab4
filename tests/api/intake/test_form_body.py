import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.intake.form_body import FormBody
from app.errors import RequestRefused

EDGE = "edge-of-the-form"


def form(*parts, end=True):
    lines = []
    for name, filename, data in parts:
        name_of_file = f'; filename="{filename}"' if filename is not None else ""
        lines.append(
            f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"{name_of_file}\r\n\r\n'.encode()
            + data
            + b"\r\n"
        )
    return b"".join(lines) + (f"--{EDGE}--\r\n".encode() if end else b"")


def read(pieces, gathered, most_files=3):
    body = FormBody(EDGE, gathered, most_files)
    for piece in pieces:
        body.feed(piece)
    body.close()
    return body


@given(st.binary(max_size=300), st.text(max_size=30), st.lists(st.integers(0, 700), max_size=8))
def test_files_and_fields_arrive_however_the_body_is_cut(gathered, cut, data, text, places):
    body = read(cut(form(("locale", None, text.encode()), ("file", "a.pdf", data)), places), gathered)
    assert [(name, file.data) for name, file in body.files] == [("a.pdf", data)]
    assert body.fields == {"locale": text}


def test_a_file_without_a_name_is_a_file(gathered):
    assert read([form(("file", None, b"abc"))], gathered).files[0][1].data == b"abc"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed_multipart"),
        (b"nonsense", "malformed_multipart"),
        (form(("file", "a", b"abc"), end=False), "malformed_multipart"),
        (form(("file", "a", b"abc"))[:-30], "malformed_multipart"),
        (b"--edge-of-the-form\r\nNo colon here\r\n\r\nabc", "malformed_multipart"),
        (f"--{EDGE}\r\nContent-Type: text/plain\r\n\r\nabc\r\n--{EDGE}--".encode(), "malformed_multipart"),
        (f"--{EDGE}\r\nX: ".encode() + b"x" * 10_000, "malformed_multipart"),
        (form(("locale", None, b"\xff")), "malformed_multipart"),
        (form(("document", "a.pdf", b"abc")), "missing_file"),
        (form(*[("file", "a", b"abc")] * 4), "too_many_files"),
        (form(("locale", None, b"x" * 70_000)), "file_too_large"),
    ],
)
def test_what_is_no_form_is_refused_by_its_code(gathered, body, code):
    with pytest.raises(RequestRefused) as refused:
        read([body], gathered)
    assert refused.value.problem_code == code


@pytest.mark.parametrize("boundary", ["", "a\nb"])
def test_a_form_without_a_usable_boundary_is_refused(gathered, boundary):
    with pytest.raises(RequestRefused):
        FormBody(boundary, gathered, 1)
