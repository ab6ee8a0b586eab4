"""What the operator may set: every value is a variable `SPUNTA_…`, some also an option of the command line.

This is the only place that reads the environment. A wrong value is told in a sentence before anything starts.
"""

import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal, get_type_hints

import msgspec
from msgspec import Meta

from app.errors import Misconfigured

PREFIX: Final = "SPUNTA_"

_Port = Annotated[int, Meta(ge=0, le=65535, description="a port number, 0 to 65535")]
_Count = Annotated[int, Meta(ge=0, description="a whole number, 0 or more")]
_Size = Annotated[int, Meta(ge=1, description="a whole number, 1 or more")]
_Money = Annotated[Decimal, Meta(description="an amount of money, 0 or more")]
_Seconds = Annotated[float, Meta(gt=0, description="a number of seconds above 0")]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One run's configuration. Sizes are bytes, times seconds, unless a field says otherwise."""

    data: Path = Path("spunta-data")
    """The folder of the database, the documents and the secrets."""
    host: str = "127.0.0.1"
    port: _Port = 8000
    """0 takes a free one, which is printed."""
    workers: _Count = 0
    """Worker processes; 0 is one per processor core."""
    api_processes: _Size = 1
    """Processes that answer requests, on one address; more than one where uploads keep a core busy."""
    drain_seconds: _Seconds = 30.0
    """How long requests and jobs may take to finish when the service is told to end."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"
    """`auto` is `console` on a terminal and `json` elsewhere."""

    max_bytes: _Size = 50_000_000
    """Of one uploaded document."""
    max_pages: _Size = 300
    max_parse_pages: _Size = 2000
    """Of a document that is parsed page by page."""
    max_pictures: _Size = 500
    """Of one parsed document that are cut out as PNG."""
    max_picture_pixels: _Size = 4_000_000
    """Of one of them."""
    max_pixels: _Size = 50_000_000
    """Of one picture or rendered page."""
    max_unpacked_bytes: _Size = 500_000_000
    """Of what a compressed file grows to."""
    max_words_per_page: _Size = 50_000
    max_memory_bytes: _Size = 2_000_000_000
    """Of the process that reads one document."""
    timeout: _Seconds = 60.0
    """Of reading and extracting one document, before what its size and pages add."""
    timeout_per_megabyte: _Seconds = 1.0
    timeout_per_page: _Seconds = 5.0
    """Added for every page done."""
    ocr: Literal["auto", "rapidocr", "tesseract", "none"] = "auto"
    """What reads pictures; `auto` is the best that is installed."""
    upload_idle_seconds: _Seconds = 60.0
    """Without a byte for so long, an upload is given up (408)."""
    max_batch_files: _Size = 200
    """Documents in one request, a ZIP's members counted."""

    keep_days: _Count = 0
    """Days after which finished jobs, their documents and cached results are deleted; 0 keeps them."""
    rate_limit: str = "60000/minute"
    """Submissions per key that has no limit of its own, as `N/second|minute|hour|day`; empty for none."""
    failed_key_limit: str = "60/minute"
    """Requests with a wrong key per address, as `rate_limit`; empty for none."""

    rules: tuple[str, ...] = ()
    """Names of installed packages of rules to load beside the built-in ones, separated by commas."""
    rules_timeout: _Seconds = 10.0
    """How long strangers' packages of rules may take over one document before it is judged without them."""
    policy: Path | None = None
    """The file of the organisation's policy; none leaves every rule at its own severity."""

    broker_url: str = ""
    """`redis://…` or `amqp://…`; empty is the broker in the data folder."""

    model_provider: Literal["anthropic", "openai_compatible"] = "anthropic"
    """Whose model helps with `byok_assisted` when the caller names none."""
    anthropic_key: str = ""
    """The operator's own key, for callers who bring none; empty for nobody's help without a key."""
    anthropic_base_url: str = ""
    """Another address of the Messages API, as of a gateway; empty for the provider's own."""
    anthropic_model: str = "claude-haiku-5-5"
    """The model when the caller names none."""
    openai_base_url: str = ""
    """The address of an OpenAI-compatible endpoint, as `http://127.0.0.1:11434/v1`; empty for none."""
    openai_key: str = ""
    """As `anthropic_key`; endpoints in the house often need none."""
    openai_model: str = ""
    """As `anthropic_model`."""
    model_timeout: _Seconds = 60.0
    """Of one request to a model."""
    model_seconds: _Seconds = 150.0
    """Of all requests for one job, with the pauses between them."""
    model_calls: _Count = 6
    """Requests to a model for one job, repeated ones counted; 0 for no limit."""
    model_tokens: _Count = 150_000
    """Tokens for one job, sent and answered; 0 for no limit."""
    model_monthly_cost: _Money = Decimal(0)
    """What models may cost per API key and calendar month, in US dollars; 0 for no limit."""

    webhook_private: bool = False
    """Whether webhooks may go to private, loopback and link-local addresses."""
    metrics_key: str = ""
    """When set, `/metrics` wants it as a bearer token."""

    def __post_init__(self) -> None:
        if not (self.model_monthly_cost.is_finite() and self.model_monthly_cost >= 0):
            raise Misconfigured(f"{PREFIX}MODEL_MONTHLY_COST must be an amount of money, 0 or more.")


def load(environment: Mapping[str, str] | None = None, **options: object) -> Settings:
    """The settings of the environment, over them the `options` that are not `None`.

    Raises:
        Misconfigured: with a sentence that names the variable.
    """
    environment = os.environ if environment is None else environment
    kinds = get_type_hints(Settings, include_extras=True)
    given = {name: text for name in kinds if (text := environment.get(PREFIX + name.upper())) is not None}
    values = {name: _parse(name, kinds[name], text) for name, text in given.items()}
    for name, option in options.items():
        if option is not None:
            values[name] = _convert(name, kinds[name], option)
    return msgspec.convert(values, Settings, dec_hook=_decode)


def stored(settings: Settings) -> bytes:
    """Settings on one line of text, for another process of the same program."""
    return msgspec.json.encode(settings, enc_hook=str)


def restored(line: bytes) -> Settings:
    """What `stored` was given."""
    return msgspec.json.decode(line, type=Settings, dec_hook=_decode)


def unknown(environment: Mapping[str, str] | None = None) -> list[str]:
    """Variables that look like settings and are none, probably misspelt."""
    environment = os.environ if environment is None else environment
    known = {PREFIX + name.upper() for name in Settings.__struct_fields__}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def _parse(name: str, kind: object, text: str) -> object:
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind == Path | None and not text:
        return None
    return _convert(name, kind, text.strip())


def _convert(name: str, kind: object, value: object) -> object:
    try:
        return msgspec.convert(value, kind, strict=False, dec_hook=_decode)
    except msgspec.ValidationError:
        raise Misconfigured(f"{PREFIX}{name.upper()} must be {_wanted(kind)}.") from None


def _decode(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value))
    raise NotImplementedError


def _wanted(kind: object) -> str:
    for meta in getattr(kind, "__metadata__", ()):
        return str(meta.description)
    if choices := getattr(kind, "__args__", ()):
        return "one of " + ", ".join(str(choice) for choice in choices if isinstance(choice, str))
    return {bool: "true or false", str: "text"}.get(kind, "a path")  # type: ignore[call-overload,no-any-return]  # kind is a type here
