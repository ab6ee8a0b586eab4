"""From received files to submissions: what each file is, before anything is promised."""

import asyncio
import datetime as dt
from collections.abc import Iterator

import msgspec

from app.api.intake.archive import Unpacking, is_archive, unpack
from app.api.intake.receive import Arrival, File, Received
from app.api.options import Wish, presentable, understand
from app.api.service import Service
from app.errors import InvalidOption, RequestRefused
from app.jobs.outbound import AddressRefused, check_url
from app.jobs.submit import Accepted, AcceptedBatch, Outcome, Request, Submission
from app.model.job import JobType
from app.storage.records import Key, Refusal


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Who brings a request, and the marks it carries."""

    key: Key
    request_id: str
    idempotency_key: str | None = None
    byok_key: str | None = None


async def admit(
    service: Service, visitor: Visitor, arrival: Arrival, job_type: JobType
) -> Outcome[Accepted] | Outcome[AcceptedBatch]:
    """Submit what has arrived.

    Raises:
        RequestRefused: when no document can be taken; nothing is left of them then.
    """
    received = arrival.finish()
    try:
        wish = understand(received.members, job_type, visitor.byok_key, service.helpers)
        _check_callback(wish, private_allowed=service.settings.webhook_private)
        return await _submit(service, visitor, received, wish)
    except RequestRefused as refusal:
        if refusal.problem_code == "quota_exceeded":
            refusal.headers["Retry-After"] = str(_seconds_to_next_month(service.now()))
        raise
    finally:
        arrival.discard()


def _check_callback(wish: Wish, *, private_allowed: bool) -> None:
    """Refuse at once an address that no webhook would ever go to; a name is resolved at delivery only."""
    if wish.order.callback_url is not None:
        try:
            check_url(wish.order.callback_url, private_allowed=private_allowed)
        except AddressRefused as refused:
            raise InvalidOption("callback_url", str(refused)) from None


async def _submit(
    service: Service, visitor: Visitor, received: Received, wish: Wish
) -> Outcome[Accepted] | Outcome[AcceptedBatch]:
    if len(received.files) == 1 and not is_archive(received.files[0].incoming.head):
        file = received.files[0]
        _examine(file)
        return await service.queue.do(_request(service, visitor, [_submission(file, wish, visitor)]))
    return await asyncio.to_thread(_submit_batch, service, visitor, received.files, wish)


def _submit_batch(
    service: Service, visitor: Visitor, files: list[File], wish: Wish
) -> Outcome[AcceptedBatch]:
    taken: list[File] = []
    refusals: list[tuple[str, RequestRefused]] = []
    try:
        for file in _documents(service, files, refusals):
            try:
                _examine(file)
            except RequestRefused as refusal:
                file.incoming.discard()
                refusals.append((file.filename or "", refusal))
            else:
                taken.append(file)
        if not taken:
            raise refusals[0][1]
        service.rates.charge(visitor.key, len(taken) - 1)
        submissions = [_submission(file, wish, visitor) for file in taken]
        return service.desk.submit_batch(
            _request(service, visitor, submissions, tuple(_refusal(*each) for each in refusals))
        )
    finally:
        for file in taken:
            file.incoming.discard()


def _documents(
    service: Service, files: list[File], refusals: list[tuple[str, RequestRefused]]
) -> Iterator[File]:
    """Each file, and each document of each archive; those that cannot even be unpacked go to `refusals`."""
    settings = service.settings
    limits = Unpacking(
        begin=lambda: service.store.uploads.incoming(settings.max_bytes),
        max_files=settings.max_batch_files,
        max_bytes=settings.max_unpacked_bytes,
    )
    for file in files:
        if not is_archive(file.incoming.head):
            yield file
            continue
        file.incoming.finish()
        for member in unpack(file.incoming.path, limits):
            if member.refused is not None or member.incoming is None:
                refusals.append((member.filename, member.refused or RequestRefused("empty_file", "")))
            else:
                yield File(member.filename, member.incoming)


def _examine(file: File) -> None:
    """Only emptiness is found out here: what kind of document it is, the job tells."""
    if not file.incoming.size:
        raise RequestRefused("empty_file", "The file has no content.")


def _submission(file: File, wish: Wish, visitor: Visitor) -> Submission:
    order = msgspec.structs.replace(
        wish.order, filename=presentable(file.filename), request_id=visitor.request_id
    )
    return Submission(order=order, incoming=file.incoming, password=wish.password, model_key=wish.byok_key)


def _request(
    service: Service, visitor: Visitor, submissions: list[Submission], refused: tuple[Refusal, ...] = ()
) -> Request:
    return Request(
        key=visitor.key,
        submissions=submissions,
        refused=refused,
        now=service.now(),
        idempotency_key=visitor.idempotency_key,
    )


def _refusal(filename: str, refused: RequestRefused) -> Refusal:
    return Refusal(filename=presentable(filename) or "", code=refused.problem_code, detail=refused.detail)


def _seconds_to_next_month(now: dt.datetime) -> int:
    """Quotas are counted by calendar month in UTC."""
    month = now.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (month + dt.timedelta(days=32)).replace(day=1)
    return max(1, int((following - now).total_seconds()))
