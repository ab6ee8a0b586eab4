"""Whatever stands in a document, reading it ends in an extraction or in a reason a person understands."""

import contextlib
import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import JobFailure
from app.jobs.view import encode

FIXTURES = sorted((Path(__file__).resolve().parents[3] / "fixtures" / "einvoice").glob("*.xml"))
_TEXTS = re.compile(rb">([^<>]+)<")
_odd = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<>&"), max_size=30),
    st.sampled_from(
        ["1e99", "-1e-99", "NaN", "9" * 39, "0", "-0.00", "2026-13-45", "0000-00-00", "IT", ",", "1,1,1"]
    ),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=st.sampled_from(FIXTURES), data=st.data())
def test_any_text_in_any_place_is_survived(document, data, extracted):
    content = document.read_bytes()
    places = [match.span(1) for match in _TEXTS.finditer(content)]
    for _ in range(data.draw(st.integers(1, 4))):
        start, end = data.draw(st.sampled_from(places))
        new = data.draw(_odd).encode()[: end - start].decode("utf-8", "ignore").encode()
        content = content[:start] + new.ljust(end - start) + content[end:]
    with contextlib.suppress(JobFailure):
        encode(extracted(content))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=st.sampled_from(FIXTURES), data=st.data())
def test_any_damage_to_the_bytes_is_survived(document, data, extracted):
    content = bytearray(document.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 50))] = data.draw(st.binary(max_size=10))
        if not content:
            break
    with contextlib.suppress(JobFailure):
        extracted(bytes(content))
