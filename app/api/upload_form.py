"""How the OpenAPI document describes an upload, which the handler takes from the stream itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final

from litestar.openapi.spec import (
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
)

from app.api import options
from app.extraction.llm.providers import PROVIDERS
from app.jobs.outbound import LONGEST_URL
from app.model.job import HelpScope
from app.model.options import DateOrder, Mode, Perspective
from app.model.segment import Extra, OutputFormat, Region, SegmentType

_TEXT: Final = OpenAPIType.STRING
_OBJECT: Final = OpenAPIType.OBJECT
_NULL: Final = OpenAPIType.NULL
_BASE64: Final = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$"
_FILE_TEXT: Final = (
    "The document: PDF, PNG, JPEG, TIFF, WebP, FatturaPA (also .p7m), UBL or CII XML, or a ZIP of such. "
    "Its bytes decide the type."
)
_METADATA_TEXT: Final = (
    f"The caller's own JSON object, given back as it came; {options.METADATA_LIMIT} bytes at most."
)


def _choices() -> dict[str, tuple[tuple[str, ...], str]]:
    return {
        "locale": (options.LOCALES, "Language hint; the language found is returned."),
        "mode": (tuple(map(str, Mode)), "How the document is read; `byok_assisted` needs `X-BYOK-Key`."),
        "byok_provider": (PROVIDERS, "Whose model helps."),
        "byok_scope": (
            tuple(map(str, HelpScope)),
            "What the model is asked: what the reader is unsure of, or all.",
        ),
        "perspective": (tuple(map(str, Perspective)), "Which side the own company is on."),
        "date_order": (tuple(map(str, DateOrder)), "How ambiguous dates are read."),
    }


def _texts() -> dict[str, dict[str, Any]]:
    line = {"max_length": options.LONGEST_TEXT, "pattern": f"^{options.LINE.pattern}$"}
    return {
        "byok_model": {
            "pattern": f"^({options.MODEL_ID.pattern})?$",
            "description": "The model's id; must be given where the service names none of the provider.",
        },
        "callback_url": {
            "max_length": LONGEST_URL,
            "pattern": f"^({options.URL.pattern})?$",
            "description": "The webhook of this job.",
        },
        "own_company": {**line, "description": "The caller's VAT number or name."},
        "pages": {
            "max_length": options.LONGEST_TEXT,
            "pattern": f"^({options.PAGES.pattern})?$",
            "examples": ["1-3,5"],
            "description": "Pages to read; all by default.",
        },
        "password": {**line, "description": "Of an encrypted PDF; never stored."},
        "external_id": {**line, "description": "The caller's own reference."},
    }


def _numbers(numbers: tuple[options.Number, ...], *kinds: OpenAPIType) -> dict[str, Schema]:
    return {
        number.name: Schema(
            type=list(kinds),
            minimum=number.least,
            maximum=number.most,
            pattern=f"^({number.pattern})?$",
            default=number.default,
        )
        for number in numbers
    }


def _lists() -> dict[str, tuple[type[StrEnum], str]]:
    return {
        "include": (Extra, "What segments bring besides text and place; all by default, or `none`."),
        "segment_types": (SegmentType, "Kinds of segments wanted; all by default."),
        "regions": (
            Region,
            "Parts of pages wanted: the text, what runs along the edges, what is beside.",
        ),
    }


def _parse_form() -> dict[str, Reference | Schema]:
    lists = {
        name: Schema(type=_TEXT, pattern=_listing(kind), description=text)
        for name, (kind, text) in _lists().items()
    }
    return {**lists, "output_format": Schema(type=_TEXT, enum=[*map(str, OutputFormat), ""])}


def _parse_json() -> dict[str, Reference | Schema]:
    lists = {
        name: Schema(
            type=[OpenAPIType.ARRAY, _NULL],
            items=Schema(type=_TEXT, enum=[str(member) for member in kind]),
            min_items=1,
            max_items=len(kind),
            description=text,
        )
        for name, (kind, text) in _lists().items()
    }
    return {**lists, "output_format": Schema(type=[_TEXT, _NULL], enum=[*map(str, OutputFormat), "", None])}


def _listing(kind: type[StrEnum]) -> str:
    """A few of the words, with commas; `none` alone for none of them."""
    one = "|".join(map(str, kind))
    return f"^(none|({one})(,({one})){{0,{len(kind) - 1}}})?$"


def _form(numbers: tuple[options.Number, ...], parse: bool) -> Schema:
    """An empty field of a form is one that was not filled in."""
    file = Schema(
        type=_TEXT, min_length=1, content_media_type="application/octet-stream", description=_FILE_TEXT
    )
    choices = {
        name: Schema(type=_TEXT, enum=[*values, ""], description=text)
        for name, (values, text) in _choices().items()
    }
    texts = {name: Schema(type=_TEXT, **facts) for name, facts in _texts().items()}
    metadata = Schema(type=_OBJECT, description=_METADATA_TEXT)
    properties: dict[str, Reference | Schema] = {"file": file, **choices, **texts, "metadata": metadata}
    properties |= _numbers(numbers, _TEXT)
    properties |= _parse_form() if parse else {}
    return Schema(type=_OBJECT, required=["file"], additional_properties=False, properties=properties)


def _json(numbers: tuple[options.Number, ...], parse: bool) -> Schema:
    """A member that is null is one that was left out."""
    file = Schema(
        type=_TEXT, min_length=4, pattern=_BASE64, content_encoding="base64", description=_FILE_TEXT
    )
    choices = {
        name: Schema(type=[_TEXT, _NULL], enum=[*values, "", None], description=text)
        for name, (values, text) in _choices().items()
    }
    texts = {name: Schema(type=[_TEXT, _NULL], **facts) for name, facts in _texts().items()}
    properties: dict[str, Reference | Schema] = {
        "file_base64": file,
        "filename": Schema(type=[_TEXT, _NULL], description="Shown with the job."),
        **choices,
        **texts,
        "metadata": Schema(type=[_OBJECT, _NULL], description=_METADATA_TEXT),
        **_numbers(numbers, OpenAPIType.INTEGER, _TEXT, _NULL),
        **(_parse_json() if parse else {}),
    }
    return Schema(type=_OBJECT, required=["file_base64"], additional_properties=False, properties=properties)


_HEADERS: Final = (
    ("Idempotency-Key", "Repeats with the same key and body within 24 hours give the first answer.", 255),
    ("X-BYOK-Key", "The caller's key of a model's provider; lives until the job ends.", 500),
)
_ANSWERED: Final = {
    "Location": "Where the job is polled.",
    "Retry-After": "Seconds after which polling is worth while.",
    "RateLimit": "What is left of the key's limit (IETF RateLimit headers).",
    "RateLimit-Policy": "The key's limit.",
    "Idempotency-Replayed": "`true` when this is the answer to an earlier request.",
}


@dataclass
class UploadOperation(Operation):
    """An operation whose body is a form or a JSON object with one document."""

    numbers: ClassVar[tuple[options.Number, ...]] = ()
    parse: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Add what the handler's signature does not show."""
        self.request_body = RequestBody(
            required=True,
            content={
                "multipart/form-data": OpenAPIMediaType(schema=_form(self.numbers, self.parse)),
                "application/json": OpenAPIMediaType(schema=_json(self.numbers, self.parse)),
            },
        )
        self.parameters = [*(self.parameters or []), *(_parameter(*header) for header in _HEADERS)]
        accepted = (self.responses or {}).get("202")
        if isinstance(accepted, OpenAPIResponse):
            accepted.headers = {name: _header(text) for name, text in _ANSWERED.items()}


@dataclass
class ParseOperation(UploadOperation):
    """The same with what is wanted of the document, and the sizes of the pieces it is cut into."""

    numbers: ClassVar[tuple[options.Number, ...]] = (options.CHUNK_SIZE, options.OVERLAP)
    parse: ClassVar[bool] = True


def _parameter(name: str, description: str, longest: int) -> Parameter:
    schema = Schema(type=_TEXT, min_length=1, max_length=longest, pattern="^[!-~]+$")
    return Parameter(name=name, param_in="header", description=description, schema=schema)


def _header(description: str) -> OpenAPIHeader:
    return OpenAPIHeader(schema=Schema(type=_TEXT), description=description)
