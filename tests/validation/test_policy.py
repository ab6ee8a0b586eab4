import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Misconfigured
from app.model.document import FileType
from app.model.extraction import Extraction, Reading
from app.model.invoice import Invoice
from app.validation import (
    Acceptance,
    Context,
    Parameters,
    Policies,
    Policy,
    Ruleset,
    Severity,
    check_policy,
    read_policy,
    validate,
)

CODES = ("ARITHMETIC_MISMATCH", "OLD_INVOICE", "LOW_CONFIDENCE")

GOOD = """
off = ["OLD_INVOICE"]
[severity]
LOW_CONFIDENCE = "error"
[parameters]
tolerance = { EUR = 0.05 }
own_companies = ["IT12345678903"]
[accept]
maximum_total = 10000
proofs = ["ARITHMETIC_MISMATCH"]
"""


def mistakes(text):
    return [(mistake.path, mistake.message) for mistake in check_policy(text, CODES)]


def test_a_good_policy_is_read_whole():
    policy = read_policy(GOOD, CODES)
    assert policy.off == ("OLD_INVOICE",)
    assert policy.severity == {"LOW_CONFIDENCE": Severity.ERROR}
    assert policy.parameters.tolerance == {"EUR": Decimal("0.05")}
    assert policy.accept.maximum_total == 10000


def test_a_policy_may_be_json():
    policy = read_policy(
        '{"accept": {"maximum_total": 99.90}, "parameters": {"tolerance": {"EUR": 0.02}}}', CODES
    )
    assert policy.accept.maximum_total == Decimal("99.90")
    assert policy.parameters.tolerance == {"EUR": Decimal("0.02")}


def test_what_a_policy_does_not_say_stays_as_the_one_below_has_it():
    below = Policy(
        off=("LOW_CONFIDENCE",),
        severity={"OLD_INVOICE": Severity.INFO},
        parameters=Parameters(future_days=9, maximum_payment_days=30),
        accept=Acceptance(maximum_total=Decimal(5), minimum_confidence=0.5),
    )
    text = """
        severity = { LOW_CONFIDENCE = "error" }
        parameters = { future_days = 3 }
        accept = { maximum_total = 7 }
    """
    assert read_policy(text, CODES, below) == Policy(
        off=("LOW_CONFIDENCE",),
        severity={"OLD_INVOICE": Severity.INFO, "LOW_CONFIDENCE": Severity.ERROR},
        parameters=Parameters(future_days=3, maximum_payment_days=30),
        accept=Acceptance(maximum_total=Decimal(7), minimum_confidence=0.5),
    )
    assert read_policy("off = []", CODES, below).off == ()


def test_a_policy_that_cannot_be_applied_leaves_the_one_below_in_force_and_says_so():
    ruleset = Ruleset(rules=(), policy=Policy(accept=Acceptance(never=True)))
    context = Policies(ruleset).apply('off = ["GONE"]', Context())
    assert context.policy == ruleset.policy
    assert context.policy_problem == "The policy is wrong at off[0]: There is no rule GONE."
    extraction = Extraction(readings=(Reading(invoice=Invoice()),), file_type=FileType.XML)
    assert "POLICY_NOT_APPLIED" in validate(extraction, context, ruleset).validation.failed


def test_an_empty_policy_changes_nothing():
    assert read_policy("", CODES) == Policy()
    assert mistakes("") == []


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ('of = ["OLD_INVOICE"]', "of", "There is no such setting. Did you mean off?"),
        ('off = ["OLD_INVOICES"]', "off[0]", "There is no rule OLD_INVOICES. Did you mean OLD_INVOICE?"),
        ('off = ["arithmetic_mismatch"]', "off[0]", "There is no rule arithmetic_mismatch. Did you mean ARITHMETIC_MISMATCH?"),
        ('off = ["QQQ"]', "off[0]", "There is no rule QQQ."),
        ("off = [3]", "off[0]", "A code is a text."),
        ('off = "OLD_INVOICE"', "off", "This must be a list of codes."),
        ('severity = "error"', "severity", "This must be a table of codes and their severities."),
        ('[severity]\nOLD_INVOICE = "fatal"', "severity.OLD_INVOICE", '"fatal" will not do; this must be one of error, warning, info.'),
        ('[severity]\nOLD_INVOCE = "info"', "severity.OLD_INVOCE", "There is no rule OLD_INVOCE. Did you mean OLD_INVOICE?"),
        ("[parameters]\ntolerence = {}", "parameters.tolerence", "There is no such setting. Did you mean tolerance?"),
        ("[parameters]\nfuture_days = -1", "parameters.future_days", "-1 will not do; this must be a number of days, 0 to 36525."),
        ("[parameters]\ntolerance = { EUR = -0.01 }", "parameters.tolerance", '{"EUR":-0.01} will not do; this must be a table of amounts by currency.'),
        ("[parameters]\ntolerance = { EUR = nan }", "parameters.tolerance", '{"EUR":NaN} will not do; this must be a table of amounts by currency.'),
        ("[parameters]\nunusual_factor = 1", "parameters.unusual_factor", "1 will not do; this must be a number above 1."),
        ('[parameters]\nown_companies = "me"', "parameters.own_companies", '"me" will not do; this must be a list of texts.'),
        ("parameters = 3", "parameters", "This must be a table."),
        ("[accept]\nmaximum_total = 0", "accept.maximum_total", "0 will not do; this must be an amount above 0."),
        ("[accept]\nminimum_confidence = 1.5", "accept.minimum_confidence", "1.5 will not do; this must be a number from 0 to 1."),
        ('[accept]\nnever = "yes"', "accept.never", '"yes" will not do; this must be true or false.'),
        ('[accept]\nproofs = ["ARITHMETIC"]', "accept.proofs[0]", "There is no rule ARITHMETIC. Did you mean ARITHMETIC_MISMATCH?"),
        ('[accept]\nwitnesses = ["ARITHMETIC"]', "accept.witnesses[0]", "There is no rule ARITHMETIC. Did you mean ARITHMETIC_MISMATCH?"),
        ("[1, 2]", "", None),
        ('{"off": ', "", None),
    ],
)  # fmt: skip
def test_each_mistake_is_explained_where_it_stands(text, path, message):
    found = mistakes(text)
    assert [where for where, _ in found] == [path]
    assert message is None or found[0][1] == message


def test_all_mistakes_are_told_at_once():
    assert [path for path, _ in mistakes('off = ["X"]\n[accept]\nnevr = true\nnever = 1')] == [
        "off[0]", "accept.nevr", "accept.never",
    ]  # fmt: skip


def test_a_wrong_policy_is_refused_with_its_first_mistake():
    with pytest.raises(Misconfigured, match=r"wrong at off\[0\]: There is no rule OLD"):
        read_policy('off = ["OLD"]', CODES)


NAMES = st.sampled_from(
    [
        "off",
        "severity",
        "parameters",
        "accept",
        "tolerance",
        "maximum_total",
        "proofs",
        "witnesses",
        "never",
        "EUR",
    ]
) | st.text(max_size=4)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(CODES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, DOCUMENTS, max_size=5))
@settings(max_examples=300, deadline=None)
def test_any_document_is_either_read_or_explained(document):
    text = json.dumps(document)
    if not check_policy(text, CODES):
        assert isinstance(read_policy(text, CODES), Policy)


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_either_read_or_explained(text):
    if not check_policy(text, CODES):
        assert isinstance(read_policy(text, CODES), Policy)
