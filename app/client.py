"""A client of the service for Python programs.

    spunta = Spunta("http://127.0.0.1:8000", key)
    job = spunta.extract("invoice.pdf", locale="it")
    print(job["result"]["financials"]["total"])

Amounts are `Decimal` with the digits the service gave. What the service refuses is raised as `Refused`.
"""

import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx2
import msgspec

from app.errors import SpuntaError

Json = dict[str, Any]
OVER: Final = frozenset({"completed", "failed", "cancelled"})
_DECODER: Final = msgspec.json.Decoder(type=dict[str, Any], float_hook=Decimal)
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 2.0
_TRIES: Final = 4
_PASSING: Final = frozenset({408, 425, 429, 502, 503, 504})
"""Answers after which the same request may succeed."""
_TOO_MANY: Final = 429


class Refused(SpuntaError):
    """An RFC 9457 problem: `code` is stable, `detail` is for a person."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("detail") or problem.get("title") or f"HTTP {status}"))
        self.status = status
        self.problem_code = str(problem.get("code", "unknown"))
        self.problem = problem


class NotDone(SpuntaError):
    """The job was not over in time; it goes on, and `wait` may be called again."""


class Spunta:
    """One service as one key sees it. May be used by several threads."""

    def __init__(self, url: str, key: str, *, timeout: float = 60.0) -> None:
        """`timeout` is seconds for one request, not for a job."""
        self._http = httpx2.Client(base_url=url.rstrip("/"), headers={"X-API-Key": key}, timeout=timeout)

    def __enter__(self) -> Self:
        """Use as a context closes the connections."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def extract(self, path: str | Path, *, wait_seconds: float = 300.0, **options: str) -> Json:
        """Bring a document and wait for the end of its job; `options` are those of the API.

        Raises:
            Refused: the service does not take it.
            NotDone: it was not over after `wait_seconds`.
        """
        return self.wait(self.submit(path, **options)["job_id"], wait_seconds=wait_seconds)

    def submit(self, path: str | Path, *, idempotency_key: str | None = None, **options: str) -> Json:
        """Bring a document; gives the answer with its `job_id` at once. Only with a key is it tried again."""
        path = Path(path)
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        with path.open("rb") as content:
            files = {"file": (path.name, content)}
            return self._ask(
                "POST",
                "/v1/extract/invoice",
                again=idempotency_key is not None,
                files=files,
                data=options,
                headers=headers,
            )

    def job(self, job_id: str) -> Json:
        """A job as it stands."""
        return self._ask("GET", f"/v1/jobs/{job_id}")

    def wait(self, job_id: str, *, wait_seconds: float = 300.0) -> Json:
        """A job when it is over, asked for with growing pauses.

        Raises:
            NotDone: it was not over after `wait_seconds`.
        """
        until, pause = time.monotonic() + wait_seconds, _FIRST_PAUSE
        while True:
            job = self.job(job_id)
            if job["status"] in OVER:
                return job
            if time.monotonic() + pause > until:
                raise NotDone(f"The job is still {job['status']}.")
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def follow(self, job_id: str) -> Iterator[Json]:
        """The events of a job until its end: `{status, progress, stage}` each, over reconnections."""
        last = None
        while True:
            try:
                for event in self._events(job_id, last):
                    last = event.get("id", last)
                    data: Json = _DECODER.decode(event.get("data", "{}"))
                    yield data
                    if data.get("status") in OVER:
                        return
            except httpx2.TransportError:
                time.sleep(_LONGEST_PAUSE)

    def jobs(self, **filters: str | int) -> Iterator[Json]:
        """Every job that matches, newest first, without its result."""
        after: Json = {}
        while True:
            page = self._ask("GET", "/v1/jobs", params={"limit": 200, **filters, **after})
            yield from page["jobs"]
            if not page["has_more"]:
                return
            after = {"after": page["next_after"]}

    def cancel(self, job_id: str) -> Json:
        """Stop a job that is not over."""
        return self._ask("DELETE", f"/v1/jobs/{job_id}")

    def purge(self, job_id: str) -> None:
        """Erase a job that is over, its document and its result."""
        self._ask("DELETE", f"/v1/jobs/{job_id}", params={"purge": "true"})

    def rules(self) -> list[Json]:
        """The catalogue of rules."""
        rules: list[Json] = self._ask("GET", "/v1/rules")["rules"]
        return rules

    def _ask(self, method: str, path: str, *, again: bool = True, **options: Any) -> Json:  # noqa: ANN401  # httpx's options
        for attempt in range(_TRIES):
            answer = self._http.request(method, path, **options)
            passing = answer.status_code in _PASSING and (again or answer.status_code == _TOO_MANY)
            if not passing or attempt == _TRIES - 1:
                break
            time.sleep(_asked_pause(answer, attempt))
            for _, content in options.get("files", {}).values():
                content.seek(0)
        return _body(answer)

    def _events(self, job_id: str, last: str | None) -> Iterator[dict[str, str]]:
        headers = {"Last-Event-ID": last} if last else {}
        with self._http.stream("GET", f"/v1/jobs/{job_id}/events", headers=headers) as answer:
            if answer.is_error:
                answer.read()
                _body(answer)
            event: dict[str, str] = {}
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name:
                    event[name] = value
                elif event:
                    yield event
                    event = {}


def _body(answer: httpx2.Response) -> Json:
    try:
        body = _DECODER.decode(answer.content) if answer.content else {}
    except msgspec.DecodeError:
        body = {}
    if answer.is_error:
        raise Refused(answer.status_code, body)
    return body


def _asked_pause(answer: httpx2.Response, attempt: int) -> float:
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else float(_FIRST_PAUSE * 10 * 2**attempt)
