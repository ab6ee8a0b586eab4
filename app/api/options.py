"""The members of a request as an order: every option checked, a wrong one named with what it may be."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

import msgspec
from rapidfuzz import process

from app.errors import InvalidOption, RequestRefused
from app.extraction.llm.providers import PROVIDERS
from app.jobs.assistants import Assistants
from app.jobs.outbound import LONGEST_URL
from app.model.job import Assistance, HelpScope, JobType, Order
from app.model.options import DateOrder, Mode, Options, Perspective
from app.model.segment import Extra, OutputFormat, Parsing, Region, SegmentType

LOCALES: Final = (
    "it", "en", "de", "fr", "es", "pt", "nl", "pl",
    "sv", "da", "nb", "fi", "cs", "hu", "ro", "hr", "el", "tr",
)  # fmt: skip
METADATA_LIMIT: Final = 4096
"""Bytes of JSON."""
LONGEST_TEXT: Final = 200
_LONGEST_NAME: Final = 255
LINE: Final = re.compile(r"[^\x00-\x1f\x7f]*")
PAGES: Final = re.compile(r"[1-9][0-9]{0,3}(-[1-9][0-9]{0,3})?(,[1-9][0-9]{0,3}(-[1-9][0-9]{0,3})?)*")
MODEL_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/-]{0,99}")
URL: Final = re.compile(
    r"https?://[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?"
    r"(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
    r"([/?#][!-~]*)?"
)
_OPTION_NAME: Final = re.compile(r"[A-Za-z0-9_.\[\]-]{1,50}")

EXTRACT_OPTIONS: Final = (
    "locale",
    "mode",
    "byok_provider",
    "byok_model",
    "byok_scope",
    "callback_url",
    "own_company",
    "perspective",
    "date_order",
    "pages",
    "password",
    "external_id",
    "metadata",
)
PARSE_OPTIONS: Final = (
    *EXTRACT_OPTIONS, "chunk_size", "overlap", "include", "segment_types", "regions", "output_format",
)  # fmt: skip

Members = Mapping[str, object]
Choice = TypeVar("Choice", bound=StrEnum)


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """An option that is a whole number, in forms as text."""

    name: str
    least: int
    most: int
    default: int
    pattern: str


CHUNK_SIZE: Final = Number(
    name="chunk_size", least=200, most=10_000, default=2000, pattern="[2-9][0-9]{2}|[1-9][0-9]{3}|10000"
)
OVERLAP: Final = Number(
    name="overlap", least=0, most=2000, default=200, pattern="[1-9]?[0-9]{1,2}|1[0-9]{3}|2000"
)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What one request asks; its secrets stand apart from what may be kept."""

    order: Order
    password: str | None = None
    byok_key: str | None = None


def understand(
    members: Members, job_type: JobType, byok_key: str | None = None, helpers: Assistants | None = None
) -> Wish:
    """The order in a request's members; `helpers` are the models that this installation can ask.

    Raises:
        InvalidOption: naming the option and its allowed values.
    """
    _refuse_unknown(members, PARSE_OPTIONS if job_type is JobType.PARSE else EXTRACT_OPTIONS)
    given = {name: value for name, value in members.items() if value not in (None, "")}
    options = _options(given)
    order = Order(
        type=job_type,
        options=options,
        parsing=_parsing(given) if job_type is JobType.PARSE else None,
        assistance=_assistance(given, options.mode, byok_key, helpers or Assistants()),
        callback_url=_url(given, "callback_url"),
        external_id=_text(given, "external_id"),
        metadata=_metadata(given),
    )
    return Wish(order=order, password=_password(given), byok_key=byok_key)


def presentable(filename: str | None) -> str | None:
    """A name as the caller gave it, its folders and control characters left out."""
    if not filename:
        return None
    last = re.split(r"[/\\]", filename)[-1]
    return "".join(character for character in last if character.isprintable())[:_LONGEST_NAME] or None


def _options(given: Members) -> Options:
    return Options(
        locale=_locale(given),
        mode=_choice(given, "mode", Mode) or Mode.DETERMINISTIC,
        own_company=_text(given, "own_company"),
        perspective=_choice(given, "perspective", Perspective),
        date_order=_choice(given, "date_order", DateOrder),
        pages=_pages(given),
    )


def _refuse_unknown(members: Members, known: tuple[str, ...]) -> None:
    for name in members:
        if name not in known:
            shown = name if _OPTION_NAME.fullmatch(name) else "…"
            raise InvalidOption(shown, f"There is no option `{shown}`.{_guess(name, known)}", known)


def _guess(given: str, allowed: tuple[str, ...]) -> str:
    close = process.extractOne(given[:50].lower(), allowed, score_cutoff=70)
    return f" Did you mean `{close[0]}`?" if close else ""


def _wrong(name: str, wanted: str, allowed: tuple[str, ...] = (), guess: str = "") -> InvalidOption:
    return InvalidOption(name, f"`{name}` must be {wanted}.{guess}", allowed)


def _text(given: Members, name: str) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or not LINE.fullmatch(value):
        raise _wrong(name, f"one line of text of at most {LONGEST_TEXT} characters")
    return value.strip() or None


def _password(given: Members) -> str | None:
    return str(given["password"]) if _text(given, "password") else None


def _choice(given: Members, name: str, kind: type[Choice]) -> Choice | None:
    value = given.get(name)
    return None if value is None else kind(_one_of(name, value, tuple(str(member) for member in kind)))


def _one_of(name: str, value: object, allowed: tuple[str, ...]) -> str:
    if isinstance(value, str) and value in allowed:
        return value
    guess = _guess(value, allowed) if isinstance(value, str) else ""
    raise _wrong(name, " or ".join(f"`{each}`" for each in allowed), allowed, guess)


def _locale(given: Members) -> str | None:
    value = given.get("locale")
    if value is None:
        return None
    language = re.split(r"[-_]", value)[0].lower() if isinstance(value, str) else value
    return _one_of("locale", language, LOCALES)


def _pages(given: Members) -> tuple[int, ...]:
    value = given.get("pages")
    if value is None:
        return ()
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or not PAGES.fullmatch(value):
        raise _wrong("pages", "page numbers and ranges, from 1 to 9999, such as `1-3,5`")
    return tuple(sorted({number for part in value.split(",") for number in _range(part)}))


def _range(part: str) -> range:
    first, _, last = part.partition("-")
    ends = sorted((int(first), int(last or first)))
    return range(ends[0], ends[1] + 1)


def _assistance(given: Members, mode: Mode, byok_key: str | None, helpers: Assistants) -> Assistance | None:
    provider = given.get("byok_provider")
    provider = helpers.names[0] if provider is None else _one_of("byok_provider", provider, PROVIDERS)
    scope = _choice(given, "byok_scope", HelpScope) or HelpScope.NEEDED
    model = _text(given, "byok_model")
    if model is not None and not MODEL_ID.fullmatch(model):
        raise _wrong("byok_model", "the id of a model")
    if mode is not Mode.BYOK_ASSISTED:
        return None
    helper = helpers.named(provider)
    if helper is None:
        raise _wrong("byok_provider", "a provider that this service is set up for", helpers.names)
    if not byok_key and not helper.keyed:
        raise RequestRefused(
            "byok_key_missing",
            "`byok_assisted` needs the key of a model's provider in the header `X-BYOK-Key`.",
        )
    if not (model or helper.model):
        raise _wrong("byok_model", "given, for this service names no model of the provider")
    return Assistance(provider=provider, model=model, scope=scope)


def _parsing(given: Members) -> Parsing:
    include = _choices(given, "include", Extra)
    return Parsing(
        chunk_size=_number(given, CHUNK_SIZE),
        overlap=_number(given, OVERLAP),
        segment_types=_choices(given, "segment_types", SegmentType),
        regions=_choices(given, "regions", Region),
        include=tuple(Extra) if "include" not in given else include,
        output_format=_choice(given, "output_format", OutputFormat) or OutputFormat.JSON,
    )


def _choices(given: Members, name: str, kind: type[Choice]) -> tuple[Choice, ...]:
    """Several of a kind, as an array or as text with commas; `none` for none of them."""
    value = given.get(name)
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    if value is None or value == ["none"]:
        return ()
    allowed = tuple(str(member) for member in kind)
    if not isinstance(value, list) or not value or len(value) > len(allowed):
        raise _wrong(name, "a list of " + " ".join(f"`{each}`" for each in allowed), allowed)
    chosen = {_one_of(name, each, allowed) for each in value}
    return tuple(member for member in kind if str(member) in chosen)


def _number(given: Members, kind: Number) -> int:
    value = given.get(kind.name, kind.default)
    if isinstance(value, str) and re.fullmatch(kind.pattern, value):
        return int(value)
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
    if not whole or not kind.least <= value <= kind.most:  # type: ignore[operator]  # whole numbers compare
        raise _wrong(kind.name, f"a whole number from {kind.least} to {kind.most}")
    return int(value)  # type: ignore[call-overload,no-any-return]  # as above


def _url(given: Members, name: str) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > LONGEST_URL or not URL.fullmatch(value):
        raise _wrong(name, "an absolute `http` or `https` address in ASCII, without a user name")
    return value


def _metadata(given: Members) -> msgspec.Raw | None:
    value = given.get("metadata")
    if value is None:
        return None
    raw = (
        value.encode() if isinstance(value, str) else bytes(value) if isinstance(value, msgspec.Raw) else b""
    )
    if len(raw) > METADATA_LIMIT:
        raise _wrong("metadata", f"JSON of at most {METADATA_LIMIT} bytes")
    if raw.strip() == b"null":
        return None
    try:
        msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise _wrong("metadata", "a JSON object") from None
    return msgspec.Raw(raw)
