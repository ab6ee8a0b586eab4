import sys
from importlib.metadata import entry_points
from textwrap import dedent

import pytest

from app.errors import Misconfigured
from app.validation import Ruleset, catalogue, load
from app.validation.ruleset import Pack, _added
from rules import RULES

FINE = """
    from collections.abc import Iterator
    from app.model.invoice import Financials
    from app.validation import Pack, Problem, rule

    @rule("STRANGE_TOTAL", severity="warning", source="our house rules")
    def total_is_not_strange(money: Financials) -> Iterator[Problem]:
        '''A total must not be 13.'''
        if money.total == 13:
            yield Problem("total", actual=money.total)

    RULES = [total_is_not_strange]
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a distribution with one module and its entry point on the path, as an installer would."""

    def put(name, source):
        module = f"stranger_{name}"
        (tmp_path / f"{module}.py").write_text(dedent(source))
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[spunta.rules]\n{name} = {module}:RULES\n")

    monkeypatch.syspath_prepend(str(tmp_path))
    yield put
    for module in [name for name in sys.modules if name.startswith("stranger_")]:
        del sys.modules[module]


def codes(ruleset):
    return [rule.code for rule in ruleset.rules]


def test_the_built_in_rules_are_always_there():
    assert load().rules == RULES
    assert load().problems == ()


def test_a_foreign_package_is_loaded_when_the_settings_name_it(install):
    install("fine", FINE)
    assert codes(load(["fine"]))[-1] == "STRANGE_TOTAL"


def test_a_foreign_package_is_not_even_imported_when_they_do_not(install):
    install("fine", FINE)
    assert entry_points(group="spunta.rules", name="fine")
    assert "STRANGE_TOTAL" not in codes(load())
    assert "stranger_fine" not in sys.modules


def test_a_package_may_bring_thresholds(install):
    install("thresholds", FINE + "\n    RULES = Pack(parameters={'future_days': 5})")
    assert load(["thresholds"]).policy.parameters.future_days == 5


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("raise RuntimeError('secret')", "(RuntimeError)"),
        ("import sys; sys.exit(3)", "(SystemExit)"),
        ("def broken(:", "(SyntaxError)"),
        ("RULES = 7", "(TypeError)"),
        ("from app.validation import Pack; RULES = Pack(parameters={'nonsense': 1})", "(ValidationError)"),
    ],
)
def test_a_broken_package_becomes_a_problem_and_takes_nothing_down(install, source, problem):
    install("broken", source)
    ruleset = load(["broken"])
    assert ruleset.rules == RULES
    assert ruleset.problems == (f"The package of rules broken could not be loaded {problem}.",)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import os; os._exit(0)", "importing it ends the process."),
        ("import ctypes; ctypes.string_at(0)", "importing it ends the process."),
        ("while True: pass", "importing it takes longer than 1 seconds."),
    ],
    ids=["exits", "crashes", "endless"],
)
def test_a_package_whose_import_would_take_the_process_is_not_imported(install, monkeypatch, source, told):
    monkeypatch.setattr("app.validation.ruleset._IMPORT_SECONDS", 1.0)
    install("deadly", source)
    assert load(["deadly"]).problems == (f"The package of rules deadly could not be loaded: {told}",)
    assert load(["deadly"]).rules == RULES


def test_a_package_that_says_why_it_cannot_be_used_is_quoted(install):
    install("bare", "from app.errors import Misconfigured; raise Misconfigured('It needs tea.')")
    install("mixed", "RULES = ['x']")
    assert load(["bare", "mixed"]).problems == (
        "The package of rules bare could not be loaded: It needs tea.",
        "The package of rules mixed could not be loaded: The package mixed lists something that is no rule.",
    )


def test_a_package_that_is_not_installed_becomes_a_problem_with_a_guess(install):
    install("fine", FINE)
    assert load(["fin"]).problems == ("The package of rules fin is not installed. Did you mean fine?",)
    assert load(["zzz"]).problems == ("The package of rules zzz is not installed.",)


def test_a_code_that_is_taken_stays_with_its_owner(install):
    install("thief", FINE.replace("STRANGE_TOTAL", "INVALID_TOTAL"))
    ruleset = load(["thief"])
    assert ruleset.rules == RULES
    assert ruleset.problems == ("There is already a rule INVALID_TOTAL; the second one is not used.",)


def test_the_engines_own_codes_are_taken():
    found = _added(Ruleset(rules=()), Pack(rules=(Ruleset(rules=()).find("RULE_FAILED"),)))
    assert found.problems == ("There is already a rule RULE_FAILED; the second one is not used.",)


def test_nothing_starts_without_the_built_in_rules(monkeypatch):
    monkeypatch.setattr("app.validation.ruleset.entry_points", lambda **_: [])
    with pytest.raises(Misconfigured, match="not installed"):
        load()


def test_a_rule_is_found_by_its_exact_code():
    assert load().find("INVALID_TOTAL").code == "INVALID_TOTAL"
    assert load().find("invalid_total") is None


def test_the_catalogue_lists_every_rule_once_by_code():
    ruleset = load()
    listed = [entry.code for entry in catalogue(ruleset)]
    assert listed == sorted(ruleset.codes)
    assert len(set(listed)) == len(listed)
