"""Where invoices are judged: in this process, or apart where strangers' rules take part.

A stranger's rule may never come to an end, or take its process with it. Where the settings name packages of
strangers, judging happens in a process of its own, bounded in time and memory; what it does not survive is
judged again here by the built-in rules alone, with a flag that says so.
"""

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Protocol

import msgspec
import structlog
from msgspec.structs import replace

from app.jobs.judge_process import JudgeProcess, ProcessLost, Task
from app.model.extraction import Extraction
from app.model.verdict import Verdict
from app.pipeline import judge
from app.settings import Settings
from app.validation import Context, Ruleset, load
from app.validation.ruleset import OWN

_encode: Final = msgspec.json.Encoder(decimal_format="number").encode
_log = structlog.get_logger("rules")


class Judged(msgspec.Struct, frozen=True):
    """A verdict and the outcome that lists are filtered by."""

    verdict: Verdict
    outcome: str


class Bench(Protocol):
    """Says what the rules and a policy say of an extraction."""

    def judge(self, extraction: Extraction, context: Context) -> Judged:
        """Judge; never raises because of a rule."""

    def close(self) -> None:
        """Let go of what was started."""


class OwnBench:
    """Judges in this process."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset

    def judge(self, extraction: Extraction, context: Context) -> Judged:
        """Judge here."""
        judgement = judge(extraction, context, self._ruleset)
        verdict = Verdict(
            validation_flags=msgspec.Raw(_encode(judgement.report.validation_flags)),
            validation=msgspec.Raw(_encode(judgement.report.validation)),
            decision=msgspec.Raw(_encode(judgement.decision)),
        )
        return Judged(verdict, judgement.decision.outcome)

    def close(self) -> None:
        """There is nothing to end."""


class BenchApart:
    """Judges in a process that may be killed; one at a time."""

    def __init__(self, packages: Sequence[str], seconds: float, memory: int) -> None:
        self._packages = tuple(packages)
        self._process = JudgeProcess(seconds, memory)
        self._turn = threading.Lock()

    def judge(self, extraction: Extraction, context: Context) -> Judged:
        """Judge there, or here by the built-in rules when that cannot be done."""
        try:
            with self._turn:
                answer = self._process.ask(Task(self._packages, extraction, context))
        except ProcessLost as lost:
            _log.error("rules_of_strangers_failed", reason=str(lost))
            return OwnBench(self._without_strangers(str(lost))).judge(extraction, context)
        verdict = Verdict(
            validation_flags=msgspec.Raw(answer.validation_flags),
            validation=msgspec.Raw(answer.validation),
            decision=msgspec.Raw(answer.decision),
        )
        return Judged(verdict, answer.outcome)

    def _without_strangers(self, reason: str) -> Ruleset:
        ruleset = load([name for name in self._packages if name in OWN])
        strangers = ", ".join(name for name in self._packages if name not in OWN)
        sentence = f"The rules of {strangers} were not asked: {reason}"
        return replace(ruleset, problems=(*ruleset.problems, sentence))

    def close(self) -> None:
        """End the process."""
        with suppress(OSError), self._turn:
            self._process.close()


def open_bench(settings: Settings, ruleset: Ruleset) -> Bench:
    """The bench that the settings ask for."""
    if all(name in OWN for name in settings.rules):
        return OwnBench(ruleset)
    return BenchApart(settings.rules, settings.rules_timeout, settings.max_memory_bytes)
