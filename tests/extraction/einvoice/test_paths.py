import pytest

from app.extraction.einvoice.paths import (
    compiled,
    described,
    entrance,
    finder,
    first_of,
    joined,
    nodes,
    tagged,
    texts,
)

NODE = {
    "a": [{"b": "1"}, {"b": "2", "c": "x"}],
    "n": {"": "9", "@unit": "KG"},
    "tax": [{"id": {"": "VA1", "@scheme": "VA"}}, {"id": {"": "FC1", "@scheme": "FC"}}, {"id": "bare"}],
    "empty": "",
}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a/b", "1"),
        ("a/c", "x"),
        ("n", "9"),
        ("n/@unit", "KG"),
        ("empty", None),
        ("empty | n", "9"),
        ("missing/b | a/b", "1"),
        ("n/b", None),
        ("tax/id[@scheme=FC]", "FC1"),
        ("tax/id[@scheme=FC,VA]", "VA1"),
        ("tax/id[@scheme!=VA]", "FC1"),
        ("tax/id[@scheme=]", "bare"),
        ("a[c=x]/b", "2"),
        ("", None),
    ],
)
def test_a_path_finds_its_first_text(path, text):
    assert finder(path)(NODE) == text


def test_a_path_that_makes_no_sense_fails_when_the_table_is_built():
    with pytest.raises(ValueError, match="Not a path"):
        compiled("a[b")


def test_texts_finds_all_of_them():
    assert list(texts("a/b | n")(NODE)) == ["1", "2", "9"]


def test_nodes_gives_leaves_as_elements_too():
    assert list(nodes("a/b")(NODE)) == [{"": "1"}, {"": "2"}]


def test_joined_leaves_out_what_is_not_there():
    assert joined("a/b", "missing", "n", separator="-")(NODE) == "1-9"
    assert joined("missing")(NODE) is None


def test_first_of_takes_the_first_that_has_a_text():
    assert first_of(finder("empty"), joined("n", "a/c"))(NODE) == "9 x"


def test_tagged_elements_say_which_name_they_have():
    assert [(one["#"], one.get("b")) for one in tagged("a", "n")(NODE)] == [
        ("a", "1"),
        ("a", "2"),
        ("n", None),
    ]


@pytest.mark.parametrize(
    ("name", "description", "read"),
    [
        ("Chair", "Oak, brown", "Chair: Oak, brown"),
        ("Chair", "Chair", "Chair"),
        ("Chair", "[F-7] Chair", "[F-7] Chair"),
        ("Chair of oak", "Chair", "Chair of oak"),
        ("Chair", "Chairs of oak", "Chair: Chairs of oak"),
        ("", "Oak", "Oak"),
        ("Chair", "", "Chair"),
    ],
)
def test_an_item_is_described_once(name, description, read):
    assert described("Name", "Text")({"Name": name, "Text": description}) == read


@pytest.mark.parametrize(
    ("path", "child"),
    [
        ("a", "a"),
        ("a/b | a/c", "a"),
        ("a[b=1]/c", "a"),
        ("a | b", None),
        ("a | ", None),
        ("", None),
        ("@x", "@x"),
    ],
)
def test_a_path_is_entered_through_one_child_or_anywhere(path, child):
    assert entrance(path) == child
