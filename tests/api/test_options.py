import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.options import EXTRACT_OPTIONS, PAGES, PARSE_OPTIONS, URL, Wish, presentable, understand
from app.errors import InvalidOption, RequestRefused
from app.model.job import JobType
from app.model.options import Mode

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from([*PARSE_OPTIONS, "modes", ""]), JSON, max_size=4),
    st.sampled_from(JobType),
)
def test_any_members_are_understood_or_refused_by_name(members, job_type):
    try:
        told = understand(members, job_type)
    except InvalidOption as refused:
        told = refused.option
        assert told in members or told == "…"
    except RequestRefused as refused:
        told = refused.problem_code
        assert told == "byok_key_missing"
    assert isinstance(told, Wish | str)


def test_nothing_given_is_deterministic_reading_of_all_pages():
    order = understand({}, JobType.EXTRACT).order
    assert (order.options.mode, order.options.pages, order.options.locale) == (Mode.DETERMINISTIC, (), None)


def test_what_was_left_empty_was_not_given():
    assert understand(dict.fromkeys(EXTRACT_OPTIONS, ""), JobType.EXTRACT) == understand({}, JobType.EXTRACT)


@pytest.mark.parametrize(
    ("text", "pages"), [("3", (3,)), ("1-3,5", (1, 2, 3, 5)), ("5,1-2,2", (1, 2, 5)), ("3-1", (1, 2, 3))]
)
def test_pages_are_numbers_and_ranges(text, pages):
    assert understand({"pages": text}, JobType.EXTRACT).order.options.pages == pages


@given(st.from_regex(PAGES, fullmatch=True).filter(lambda text: len(text) <= 200))
def test_all_documented_pages_are_understood(text):
    assert understand({"pages": text}, JobType.EXTRACT).order.options.pages


@given(st.from_regex(URL, fullmatch=True).filter(lambda text: len(text) <= 2048))
def test_all_documented_addresses_are_understood(text):
    assert understand({"callback_url": text}, JobType.EXTRACT).order.callback_url == text


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers(), max_size=5))
def test_metadata_is_given_back_as_it_came(metadata):
    text = json.dumps(metadata)
    for given_as in (text, msgspec.Raw(text.encode())):
        assert bytes(understand({"metadata": given_as}, JobType.EXTRACT).order.metadata) == text.encode()


def test_a_password_never_stands_in_the_order():
    wish = understand({"password": "open sesame"}, JobType.EXTRACT)
    assert wish.password == "open sesame"
    assert b"open sesame" not in msgspec.json.encode(wish.order)


@pytest.mark.parametrize(("locale", "language"), [("it", "it"), ("it-IT", "it"), ("DE_at", "de")])
def test_a_locale_is_taken_for_its_language(locale, language):
    assert understand({"locale": locale}, JobType.EXTRACT).order.options.locale == language


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        (None, None),
        ("", None),
        ("a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\b.pdf", "b.pdf"),
        ("a\r\n\x00b.pdf", "ab.pdf"),
        ("x" * 300, "x" * 255),
        ("/", None),
    ],
)
def test_a_name_is_shown_without_folders_and_control_characters(given_name, shown):
    assert presentable(given_name) == shown
