"""Asks models on behalf of jobs: with the right key, within the limits, and never twice for one answer.

The reader has neither network nor key; its questions come here. A key is taken out of the vault for the
moment of a request and is in no record, log or error. What goes wrong is answered as a code: a job whose
model fails ends with what was read without it.
"""

import datetime as dt
import random
import threading
import time
from collections.abc import Callable
from hashlib import blake2b
from typing import Final

import msgspec
import structlog

from app.extraction.llm.model import Model, ModelFailed, Trouble
from app.extraction.llm.providers import provider_named
from app.jobs.assistants import Assistant, Assistants, assistants
from app.jobs.sandbox import Cancelled, Counsel
from app.model.consultation import Inquiry, Reply, Spent
from app.model.job import Assistance, Job
from app.settings import Settings
from app.storage.protocols import Store
from app.storage.records import MODEL_KEY

LOOK_SECONDS: Final = 0.2
BACK_OFF: Final = (1.0, 4.0, 12.0)
"""Seconds before the second request, the third, and every later one."""
_CHARACTERS_A_TOKEN: Final = 3
"""On the safe side."""
_PICTURE_TOKENS: Final = 2_000
_ONCE: Final = frozenset({Trouble.TIMEOUT, Trouble.ERROR})
"""What is tried once more and no oftener."""
_log = structlog.get_logger("model")


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """What asking models may take; 0 is no limit, of seconds there always is one."""

    request_seconds: float
    job_seconds: float
    job_calls: int
    job_tokens: int
    monthly_cost: float


class Purse(msgspec.Struct, frozen=True, kw_only=True):
    """Whose answers are remembered and whose money is spent; nobody's outside of a service."""

    store: Store
    job: Job


class Consultant:
    """Knows the providers and the limits; one for a process."""

    def __init__(self, settings: Settings, clock: Callable[[], dt.datetime]) -> None:
        self._assistants: Assistants = assistants(settings)
        self._allowance = Allowance(
            request_seconds=settings.model_timeout,
            job_seconds=settings.model_seconds,
            job_calls=settings.model_calls,
            job_tokens=settings.model_tokens,
            monthly_cost=float(settings.model_monthly_cost),
        )
        self._clock = clock

    def counsel(self, assistance: Assistance, purse: Purse | None = None) -> Counsel:
        """The door to the model that an order names."""
        known = self._assistants.named(assistance.provider) or Assistant(name=assistance.provider)
        session = Session(known, assistance.model or known.model, self._allowance, self._clock, purse)
        return Counsel(assistance.scope, session.consult)


class Session:
    """All that is asked for one attempt at one job."""

    def __init__(
        self,
        assistant: Assistant,
        model: str,
        allowance: Allowance,
        clock: Callable[[], dt.datetime],
        purse: Purse | None,
    ) -> None:
        self._assistant = assistant
        self._model = model
        self._allowance = allowance
        self._clock = clock
        self._purse = purse
        self._until: float | None = None
        self._calls = 0
        self._tokens = 0

    def consult(self, inquiry: Inquiry, cancelled: Callable[[], bool]) -> Reply:
        """The answer that is remembered, else a model's.

        Raises:
            Cancelled: soon after `cancelled()` becomes true.
        """
        known = self._recall(inquiry)
        if known is not None:
            return known
        reply = self._ask(inquiry, cancelled)
        if reply.text and not reply.trouble:
            self._remember(inquiry, reply)
        return reply

    def _ask(self, inquiry: Inquiry, cancelled: Callable[[], bool]) -> Reply:
        """Requests until one is answered, or none can be any more."""
        if self._until is None:
            self._until = time.monotonic() + self._allowance.job_seconds
        attempt, seen = 0, 0
        while True:
            try:
                self._check(inquiry)
                reply = self._request(inquiry, cancelled)
            except ModelFailed as failed:
                seen += failed.trouble in _ONCE
                pause = _pause(attempt, failed)
                hopeless = not failed.again or seen > 1 or time.monotonic() + pause >= self._end()
                if hopeless:
                    return self._failed(failed)
                _wait(pause, cancelled)
                attempt += 1
            else:
                self._account(reply.spent)
                if reply.trouble:
                    _log.info("a model did not help", trouble=reply.trouble, provider=self._assistant.name)
                return reply

    def _request(self, inquiry: Inquiry, cancelled: Callable[[], bool]) -> Reply:
        """One request, in a thread of its own: neither a stalled provider nor a drip holds the job."""
        model = self._opened()
        try:
            return self._answer(model, inquiry, cancelled)
        finally:
            model.close()

    def _opened(self) -> Model:
        """The model with its key. A connection is for one request: one that stalled is thrown away."""
        try:
            return provider_named(
                self._assistant.name, key=self._key(), model=self._model, base_url=self._assistant.base_url
            )
        except KeyError:
            raise ModelFailed(Trouble.ERROR) from None

    def _answer(self, model: Model, inquiry: Inquiry, cancelled: Callable[[], bool]) -> Reply:
        seconds = min(self._allowance.request_seconds, max(0.1, self._end() - time.monotonic()))
        self._calls += 1
        call = _Call(model, inquiry, seconds)
        call.start()
        until = time.monotonic() + seconds
        while not call.done.wait(LOOK_SECONDS):
            if cancelled():
                raise Cancelled("The job was cancelled.")
            if time.monotonic() >= until:
                raise ModelFailed(Trouble.TIMEOUT, again=True)
        return call.outcome()

    def _check(self, inquiry: Inquiry) -> None:
        """Whether another request is allowed.

        Raises:
            ModelFailed: when a limit is reached.
        """
        limits = self._allowance
        wanted = _estimate(inquiry)
        if limits.job_calls and self._calls >= limits.job_calls:
            raise ModelFailed(Trouble.BUDGET)
        if limits.job_tokens and self._tokens + wanted > limits.job_tokens:
            raise ModelFailed(Trouble.BUDGET)
        if limits.monthly_cost and self._cost_of_month() >= limits.monthly_cost:
            raise ModelFailed(Trouble.BUDGET)

    def _key(self) -> str:
        """The caller's key, else the operator's.

        Raises:
            ModelFailed: when there is none.
        """
        given = self._purse and self._purse.store.secrets.get(self._purse.job.job_id, MODEL_KEY)
        if given:
            return given
        if not self._assistant.keyed:
            raise ModelFailed(Trouble.AUTH)
        return self._assistant.key

    def _end(self) -> float:
        return self._until or 0.0

    def _failed(self, failed: ModelFailed) -> Reply:
        _log.info("a model did not help", trouble=failed.trouble, provider=self._assistant.name)
        return Reply(trouble=failed.trouble)

    def _account(self, spent: Spent) -> None:
        """Spent is spent, whatever becomes of the job."""
        self._tokens += spent.input_tokens + spent.output_tokens + spent.cache_write_tokens
        purse = self._purse
        if purse is not None and purse.job.key_id is not None:
            purse.store.model_usages.add(purse.job.key_id, self._month(), spent)

    def _cost_of_month(self) -> float:
        purse = self._purse
        if purse is None or purse.job.key_id is None:
            return 0.0
        spent = purse.store.model_usages.get(purse.job.key_id, self._month()).spent
        return float(spent.cost or 0)

    def _month(self) -> str:
        return self._clock().astimezone(dt.UTC).strftime("%Y-%m")

    def _recall(self, inquiry: Inquiry) -> Reply | None:
        """A remembered answer, which costs nothing."""
        purse = self._purse
        if purse is None:
            return None
        reply = purse.store.replies.get(purse.job.tenant, purse.job.document, self._fingerprint(inquiry))
        return None if reply is None else msgspec.structs.replace(reply, spent=Spent())

    def _remember(self, inquiry: Inquiry, reply: Reply) -> None:
        purse = self._purse
        if purse is not None:
            purse.store.replies.put(
                purse.job.tenant, purse.job.document, self._fingerprint(inquiry), reply, self._clock()
            )

    def _fingerprint(self, inquiry: Inquiry) -> str:
        """All that determines an answer: who is asked, and what. Whose key paid is no part of it."""
        asked = msgspec.structs.replace(inquiry, again=False)
        text = msgspec.json.encode((self._assistant.name, self._assistant.base_url, self._model, asked))
        return blake2b(text, digest_size=16).hexdigest()


class _Call(threading.Thread):
    """One request to a provider."""

    def __init__(self, model: Model, inquiry: Inquiry, seconds: float) -> None:
        super().__init__(name="model", daemon=True)
        self.done = threading.Event()
        self._given = (model, inquiry, seconds)
        self._reply: Reply | None = None
        self._failed = ModelFailed(Trouble.ERROR, again=True)

    def run(self) -> None:
        """Ask; whatever a provider or its library provokes is an error of it, never one with its text."""
        model, inquiry, seconds = self._given
        try:
            self._reply = model.answer(inquiry, seconds)
        except ModelFailed as failed:
            self._failed = failed
        except Exception as problem:  # noqa: BLE001 - see above
            _log.warning("a provider's answer was not understood", problem=type(problem).__name__)
        finally:
            self.done.set()

    def outcome(self) -> Reply:
        """What came of it."""
        if self._reply is None:
            raise self._failed
        return self._reply


def _pause(attempt: int, failed: ModelFailed) -> float:
    """What the provider asks for, else ever longer, and no two jobs at the same moment."""
    if failed.after is not None:
        return failed.after
    return BACK_OFF[min(attempt, len(BACK_OFF) - 1)] * random.uniform(0.8, 1.2)  # noqa: S311 - no secret


def _wait(seconds: float, cancelled: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while (rest := until - time.monotonic()) > 0:
        if cancelled():
            raise Cancelled("The job was cancelled.")
        time.sleep(min(LOOK_SECONDS, rest))


def _estimate(inquiry: Inquiry) -> int:
    """Tokens that a request sends, roughly."""
    words = len(inquiry.instructions) + len(inquiry.document) + len(inquiry.question) + len(inquiry.schema)
    return words // _CHARACTERS_A_TOKEN + _PICTURE_TOKENS * len(inquiry.pictures)
