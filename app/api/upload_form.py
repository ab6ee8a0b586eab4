"""How the OpenAPI document describes an upload, which the handler takes from the stream itself."""

from dataclasses import dataclass
from typing import Final

from litestar.openapi.spec import (
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)

from app.api.options import LAST_PAGE, LOCALES, METADATA_LIMIT, PROVIDERS
from app.model.options import DateOrder, Mode, Perspective

_TEXT: Final = OpenAPIType.STRING


def _choice(description: str, values: tuple[str, ...]) -> Schema:
    return Schema(type=_TEXT, enum=list(values), description=description)


def _options(metadata: Schema) -> dict[str, Schema]:
    return {
        "locale": _choice("Language hint; the language found is returned.", LOCALES),
        "mode": _choice("How the document is read.", tuple(map(str, Mode))),
        "byok_provider": _choice("Whose model helps.", PROVIDERS),
        "byok_model": Schema(type=_TEXT, max_length=100, description="The model's id."),
        "callback_url": Schema(type=_TEXT, max_length=2048, description="The webhook of this job."),
        "own_company": Schema(type=_TEXT, max_length=200, description="The caller's VAT number or name."),
        "perspective": _choice("Which side the own company is on.", tuple(map(str, Perspective))),
        "date_order": _choice("How ambiguous dates are read.", tuple(map(str, DateOrder))),
        "pages": Schema(
            type=_TEXT,
            examples=["1-3,5"],
            description=f"Pages to read, from 1 to {LAST_PAGE}; all by default.",
        ),
        "password": Schema(type=_TEXT, max_length=200, description="Of an encrypted PDF; never stored."),
        "external_id": Schema(type=_TEXT, max_length=200, description="The caller's own reference."),
        "metadata": metadata,
    }


_METADATA_TEXT: Final = (
    f"The caller's own data, given back as it came; {METADATA_LIMIT} bytes of JSON at most."
)
_FORM: Final = Schema(
    type=OpenAPIType.OBJECT,
    required=["file"],
    additional_properties=False,
    properties={
        "file": Schema(
            type=_TEXT, content_media_type="application/octet-stream", description="The document."
        ),
        **_options(Schema(type=_TEXT, description=_METADATA_TEXT)),
    },
)
_JSON: Final = Schema(
    type=OpenAPIType.OBJECT,
    required=["file_base64"],
    additional_properties=False,
    properties={
        "file_base64": Schema(type=_TEXT, content_encoding="base64", description="The document."),
        "filename": Schema(type=[_TEXT, OpenAPIType.NULL], description="Shown with the job."),
        **_options(Schema(description=_METADATA_TEXT)),
    },
)
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

    def __post_init__(self) -> None:
        """Add what the handler's signature does not show."""
        self.request_body = RequestBody(
            required=True,
            content={
                "multipart/form-data": OpenAPIMediaType(schema=_FORM),
                "application/json": OpenAPIMediaType(schema=_JSON),
            },
        )
        self.parameters = [*(self.parameters or []), *(_parameter(*header) for header in _HEADERS)]
        accepted = (self.responses or {}).get("202")
        if isinstance(accepted, OpenAPIResponse):
            accepted.headers = {name: _header(text) for name, text in _ANSWERED.items()}


def _parameter(name: str, description: str, longest: int) -> Parameter:
    schema = Schema(type=_TEXT, min_length=1, max_length=longest, pattern="^[!-~]+$")
    return Parameter(name=name, param_in="header", description=description, schema=schema)


def _header(description: str) -> OpenAPIHeader:
    return OpenAPIHeader(schema=Schema(type=_TEXT), description=description)
