from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from app.errors import Misconfigured
from app.model.document import FileType
from app.model.extraction import Extraction, Reading
from app.model.invoice import Financials, Invoice, InvoiceHeader, LineItem, Party
from app.validation import Context, Policy, Problem, Ruleset, Severity, need, rule, validate


def extraction(*invoices: Invoice) -> Extraction:
    return Extraction(readings=tuple(Reading(invoice=one) for one in invoices), file_type=FileType.PDF)


def report(invoice: Invoice, *rules, **context):
    return validate(extraction(invoice), Context(**context), Ruleset(rules=rules))


@rule("TOO_MUCH", severity="error", source="our house rules")
def _too_much(row: LineItem, context: Context) -> Iterator[Problem]:
    """A row must not cost more than ten."""
    if need(row.amount, "amount") > 10:
        yield Problem("amount", expected=Decimal(10), actual=row.amount, paths=("quantity", "$.invoice.date"))


@rule("BREAKS", severity="error", source="our house rules")
def _breaks(money: Financials) -> Iterator[Problem]:
    """Breaks at once."""
    yield Problem("total", actual=Decimal(1) / Decimal(0))


@rule("ALWAYS", severity="info", source="our house rules")
def _always(party: Party) -> Iterator[Problem]:
    """Always finds something."""
    yield Problem("name")


ROWS = Invoice(line_items=(LineItem(amount=Decimal(9)), LineItem(amount=Decimal(11)), LineItem()))


def test_paths_are_relative_to_what_the_rule_judges():
    (flag,) = report(ROWS, _too_much).validation_flags
    assert flag.path == "line_items[1].amount"
    assert flag.paths == ("line_items[1].amount", "line_items[1].quantity", "invoice.date")
    assert (flag.expected, flag.actual, flag.source) == (Decimal(10), Decimal(11), "our house rules")
    assert flag.message == "A row must not cost more than ten: expected 10, found 11."


def test_paths_of_a_second_invoice_in_the_file_say_so():
    found = validate(extraction(Invoice(), ROWS), Context(), Ruleset(rules=(_too_much,)))
    assert found.validation_flags[0].paths == (
        "results[1].line_items[1].amount", "results[1].line_items[1].quantity", "results[1].invoice.date",
    )  # fmt: skip


def test_a_rule_over_parties_sees_seller_and_buyer():
    assert [flag.path for flag in report(Invoice(), _always).validation_flags] == [
        "vendor.name",
        "buyer.name",
    ]


def test_a_rule_that_raises_is_a_finding_of_its_own_and_the_others_go_on():
    found = report(ROWS, _breaks, _too_much)
    assert [(flag.code, flag.severity) for flag in found.validation_flags] == [
        ("TOO_MUCH", Severity.ERROR), ("RULE_FAILED", Severity.WARNING),
    ]  # fmt: skip
    assert found.validation_flags[1].message == "The rule BREAKS could not be run (DivisionByZero)."
    assert found.validation.failed == ("TOO_MUCH", "RULE_FAILED")
    assert [skipped.reason for skipped in found.validation.skipped] == ["the rule itself failed"]


@rule("EXITS", severity="error", source="x")
def _exits(_money: Financials) -> Iterator[Problem]:
    """Ends the program."""
    raise SystemExit(3)


@rule("ENDLESS", severity="info", source="x")
def _endless(_money: Financials) -> Iterator[Problem]:
    """Finds ever more."""
    while True:
        yield Problem("total")


@rule("FORGETS", severity="info", source="x")
def _forgets(_money: Financials) -> Iterator[Problem]:
    """Gives nothing back, not even nothing."""


@rule("BABBLES", severity="info", source="x")
def _babbles(_money: Financials) -> Iterator[Problem]:
    """Gives back something else."""
    yield "total"


@rule("TAKES_OFFENCE", severity="info", source="x", when=lambda _extraction, _invoice: 1 / 0)
def _offended(_money: Financials) -> Iterator[Problem]:
    """Has a condition that breaks."""
    yield Problem("total")


@pytest.mark.parametrize("bad", [_exits, _forgets, _babbles, _offended], ids=lambda bad: bad.code)
def test_no_strangers_rule_takes_the_service_down(bad):
    found = report(ROWS, bad, _too_much)
    assert found.validation.failed == ("TOO_MUCH", "RULE_FAILED")
    assert [(skipped.code, skipped.reason) for skipped in found.validation.skipped] == [
        (bad.code, "the rule itself failed")
    ]


def test_a_rule_that_finds_ever_more_is_stopped():
    assert len(report(ROWS, _endless).validation_flags) == 1000


def test_a_rule_without_its_input_is_skipped_never_passed():
    found = report(Invoice(line_items=(LineItem(),)), _too_much)
    assert [(s.code, s.reason) for s in found.validation.skipped] == [("TOO_MUCH", "amount was not read")]
    assert "TOO_MUCH" not in found.validation.passed


def test_a_rule_over_rows_is_skipped_where_there_are_none():
    assert report(Invoice(), _too_much).validation.skipped[0].reason == "there is nothing to check"


def test_a_rule_passes_when_what_could_be_checked_was_right():
    assert "TOO_MUCH" in report(Invoice(line_items=ROWS.line_items[::2]), _too_much).validation.passed


def test_errors_are_listed_before_infos():
    found = report(ROWS, _always, _too_much)
    assert [flag.severity for flag in found.validation_flags] == ["error", "info", "info"]


def test_a_policy_switches_off_and_relevels_by_exact_code():
    policy = Policy(off=("ALWAYS",), severity={"TOO_MUCH": Severity.INFO})
    found = report(ROWS, _always, _too_much, policy=policy)
    assert [(flag.code, flag.severity) for flag in found.validation_flags] == [("TOO_MUCH", Severity.INFO)]
    assert "ALWAYS" not in [*found.validation.passed, *found.validation.failed]


def test_the_rulesets_own_policy_holds_where_the_context_has_none():
    ruleset = Ruleset(rules=(_always,), policy=Policy(off=("ALWAYS",)))
    assert not validate(extraction(ROWS), Context(), ruleset).validation_flags


@rule(
    "GREEK", severity="info", source="x", countries=("GR",), since=date(2020, 1, 1), until=date(2020, 12, 31)
)
def _greek(money: Financials) -> Iterator[Problem]:
    """Something Greek that held for a year."""
    yield Problem("total")


@pytest.mark.parametrize(
    ("vendor", "day", "reason"),
    [
        (Party(vat_number="EL123"), date(2020, 1, 1), None),
        (Party(country="GR"), date(2020, 12, 31), None),
        (
            Party(country="IT", vat_number="EL123"),
            date(2020, 5, 5),
            "it concerns sellers of GR; this one's country is IT",
        ),
        (Party(), date(2020, 5, 5), "it concerns sellers of GR; this one's country is not known"),
        (Party(country="GR"), None, "invoice.date was not read"),
        (Party(country="GR"), date(2019, 12, 31), "it applies to invoices since 2020-01-01"),
        (Party(country="GR"), date(2021, 1, 1), "it applied to invoices until 2020-12-31"),
    ],
)
def test_a_rule_keeps_to_its_countries_and_dates(vendor, day, reason):
    found = report(Invoice(vendor=vendor, invoice=InvoiceHeader(date=day)), _greek)
    assert [skipped.reason for skipped in found.validation.skipped] == ([reason] if reason else [])
    assert bool(found.validation_flags) == (reason is None)


def test_problems_of_loading_stand_in_every_report():
    found = validate(
        extraction(ROWS), Context(), Ruleset(rules=(), problems=("The package x is not installed.",))
    )
    assert [(flag.code, flag.message) for flag in found.validation_flags] == [
        ("RULES_NOT_LOADED", "The package x is not installed.")
    ]


def test_the_engine_passes_its_own_rules_when_all_went_well():
    assert report(ROWS).validation.passed == ("RULE_FAILED", "RULES_NOT_LOADED", "POLICY_NOT_APPLIED")


def untyped(money):
    """Says nothing of what it judges."""


def undocumented(money: Financials) -> Iterator[Problem]:
    yield Problem("total")


@pytest.mark.parametrize(
    ("code", "function"), [("lower", _too_much.check), ("FINE", untyped), ("FINE", undocumented)]
)
def test_a_rule_without_code_types_or_documentation_is_refused(code, function):
    with pytest.raises(Misconfigured):
        rule(code, severity="error", source="x")(function)


@rule("WHOLE_FILE", severity="info", source="our house rules")
def _whole_file(file: Extraction) -> Iterator[Problem]:
    """Always finds something about the file."""
    yield Problem("", actual=len(file.readings))


def test_a_rule_over_the_file_is_asked_once_however_many_invoices_it_holds():
    found = validate(extraction(Invoice(), Invoice()), Context(), Ruleset(rules=(_whole_file,)))
    assert [flag.code for flag in found.validation_flags] == ["WHOLE_FILE"]
