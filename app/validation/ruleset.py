"""Which rules there are: the built-in ones, and those of packages that the settings name.

All enter through one door, the entry-point group `spunta.rules`; its value is a list of rules, or a `Pack`
that also brings thresholds. Nothing is imported that the settings do not name.
"""

import difflib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Final

import msgspec

from app.errors import Misconfigured
from app.model.invoice import Invoice
from app.validation.outside import OutsideRule
from app.validation.parameters import Parameters
from app.validation.policy import Policy
from app.validation.rule import Problem, Rule, rule

GROUP: Final = "spunta.rules"
BUILT_IN: Final = "builtin"
OWN: Final = (BUILT_IN, "official")
"""The packages that come with the program; all others are strangers'."""
_IMPORT_SECONDS: Final = 20.0


@rule("RULE_FAILED", severity="warning", source="")
def _rule_failed(_invoice: Invoice) -> Iterator[Problem]:
    """A rule could not be run because of a defect of its own.

    Why: what the rule was to watch over has not been checked, so the invoice must not be booked unseen.

    Do: look at the invoice yourself, and tell the rule's author; the message names the rule. No other rule is
    affected.
    """
    yield from ()


@rule("RULES_NOT_LOADED", severity="warning", source="")
def _rules_not_loaded(_invoice: Invoice) -> Iterator[Problem]:
    """A package of rules named in the settings could not be loaded.

    Why: its rules are not among those checked, so an invoice that they would have stopped could pass.

    Do: the operator installs or mends the package, or takes its name out of the settings, and restarts.
    """
    yield from ()


@rule("POLICY_NOT_APPLIED", severity="warning", source="")
def _policy_not_applied(_invoice: Invoice) -> Iterator[Problem]:
    """The policy of the API key could not be applied, and the operator's is in force instead.

    Why: what the policy asks for has not been done, so the invoice must not be booked unseen.

    Do: correct the key's policy; it names a rule or a setting that is no more, perhaps of a package that is
    not loaded any more.
    """
    yield from ()


RULE_FAILED: Final = _rule_failed
RULES_NOT_LOADED: Final = _rules_not_loaded
POLICY_NOT_APPLIED: Final = _policy_not_applied
ENGINE: Final = (RULE_FAILED, RULES_NOT_LOADED, POLICY_NOT_APPLIED)


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """What a package of rules brings."""

    rules: tuple[Rule, ...] = ()
    parameters: Mapping[str, object] = {}
    """Thresholds that replace the defaults of `Parameters`; a policy still overrides them."""
    outside: tuple[OutsideRule, ...] = ()
    """Rules that the official artefacts check; naming any has them run over every e-invoice."""


class Ruleset(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The rules of a running service; the same as itself alone."""

    rules: tuple[Rule, ...]
    policy: Policy = Policy()
    """In force where the key has none of its own."""
    outside: tuple[OutsideRule, ...] = ()
    """What the official artefacts check; empty where they are not run."""
    problems: tuple[str, ...] = ()
    """Sentences about packages that could not be loaded as asked."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Of all rules, the engine's own and the official ones included."""
        own = [one.code for one in (*self.rules, *ENGINE)]
        return (*own, *[one.code for one in self.outside])

    def find(self, code: str) -> Rule | None:
        """The rule of that exact code."""
        return next((one for one in (*self.rules, *ENGINE) if one.code == code), None)


def load(packages: Sequence[str] = ()) -> Ruleset:
    """The built-in rules and those of the named packages.

    A foreign package that cannot be loaded, or whose rules clash with others, becomes a problem of the
    ruleset.

    Raises:
        Misconfigured: when the built-in rules themselves cannot be loaded.
    """
    known = {point.name: point for point in entry_points(group=GROUP)}
    if BUILT_IN not in known:
        raise Misconfigured("The built-in rules are not installed; install the package again.")
    ruleset = _added(Ruleset(rules=()), _opened(known[BUILT_IN]))
    if ruleset.problems:
        raise Misconfigured(ruleset.problems[0])
    for name in dict.fromkeys(packages):
        if name != BUILT_IN:
            ruleset = _joined(ruleset, name, known)
    return ruleset


def _joined(ruleset: Ruleset, name: str, known: Mapping[str, EntryPoint]) -> Ruleset:
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        return _troubled(ruleset, f"The package of rules {name} is not installed.{hint}")
    if name not in OWN and (trouble := _trouble_of_importing(known[name])):
        return _troubled(ruleset, f"The package of rules {name} could not be loaded: {trouble}")
    try:
        return _added(ruleset, _opened(known[name]))
    except Misconfigured as error:
        return _troubled(ruleset, f"The package of rules {name} could not be loaded: {error}")
    except (Exception, SystemExit) as error:  # noqa: BLE001  # importing a stranger's package may do anything
        return _troubled(
            ruleset, f"The package of rules {name} could not be loaded ({type(error).__name__})."
        )


_IMPORT: Final = """
import contextlib, importlib, sys
with contextlib.suppress(BaseException):
    importlib.import_module(sys.argv[1])
sys.stdout.buffer.write(b"survived")
"""


def _trouble_of_importing(point: EntryPoint) -> str:
    """What importing a stranger's package does to a process: it may never end, or end the process."""
    try:
        tried = subprocess.run(
            [sys.executable, "-P", "-c", _IMPORT, point.module],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_IMPORT_SECONDS,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"importing it takes longer than {_IMPORT_SECONDS:.0f} seconds."
    return "" if tried.stdout.endswith(b"survived") else "importing it ends the process."


def _opened(point: EntryPoint) -> Pack:
    content = point.load()
    pack = content if isinstance(content, Pack) else Pack(rules=tuple(content))
    if not all(isinstance(one, Rule) for one in pack.rules):
        raise Misconfigured(f"The package {point.name} lists something that is no rule.")
    return pack


def _added(ruleset: Ruleset, pack: Pack) -> Ruleset:
    taken = set(ruleset.codes)
    fresh: list[Rule] = []
    clashes: list[Rule] = []
    for one in pack.rules:
        (clashes if one.code in taken else fresh).append(one)
        taken.add(one.code)
    parameters = {**msgspec.structs.asdict(ruleset.policy.parameters), **pack.parameters}
    policy = msgspec.structs.replace(
        ruleset.policy, parameters=msgspec.convert(parameters, Parameters, strict=False)
    )
    return Ruleset(
        rules=(*ruleset.rules, *fresh),
        policy=policy,
        outside=(*ruleset.outside, *[one for one in pack.outside if one.code not in taken]),
        problems=(*ruleset.problems, *_clash_sentences(clashes)),
    )


def _clash_sentences(clashes: Iterable[Rule]) -> Iterator[str]:
    for one in clashes:
        yield f"There is already a rule {one.code}; the second one is not used."


def _troubled(ruleset: Ruleset, problem: str) -> Ruleset:
    return msgspec.structs.replace(ruleset, problems=(*ruleset.problems, problem))
