"""What one organisation wants of the rules, as one document: TOML or JSON.

```toml
off = ["STAMP_DUTY_MISSING"]

[severity]
OLD_INVOICE = "info"

[parameters]
own_companies = ["IT12345678903"]

[accept]
maximum_total = 10000
```
"""

import difflib
import tomllib
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Final

import msgspec

from app.errors import Misconfigured
from app.validation.parameters import Parameters, Share, require
from app.validation.severity import Severity

_Limit = Annotated[Decimal | None, msgspec.Meta(description="an amount above 0")]


class Acceptance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When an invoice may be booked unseen."""

    maximum_total: _Limit = None
    """A total above this always goes to a person; no limit when unset."""
    minimum_confidence: Share = 0.9
    """Of the whole reading: the probability that every core field is right, before any rule was asked."""
    minimum_field_confidence: Share = 0.9
    """Of each core field."""
    proofs: tuple[str, ...] = ("ARITHMETIC_MISMATCH",)
    """Rules that must have passed; skipped is not enough."""
    witnesses: tuple[str, ...] = ("TAX_LINE_MISMATCH", "TAX_RATE_MISMATCH", "ROWS_SUM_MISMATCH")
    """Rules of which one must have passed as well, lest the three totals be each other's only witnesses."""
    never: bool = False
    """Send everything to a person."""

    def __post_init__(self) -> None:
        limit = self.maximum_total
        require(limit is None or (limit.is_finite() and limit > 0))


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rules switched off or re-levelled by exact code, their thresholds, and when to accept."""

    off: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = {}
    parameters: Parameters = Parameters()
    accept: Acceptance = Acceptance()


class PolicyMistake(msgspec.Struct, frozen=True):
    """One mistake in a policy document."""

    path: str
    """Where: `parameters.tolerance`, `off[2]`; empty for the document as a whole."""
    message: str


_SECTIONS: Final[dict[str, type[msgspec.Struct]]] = {"parameters": Parameters, "accept": Acceptance}


def read_policy(text: str, codes: Collection[str], base: Policy | None = None) -> Policy:
    """The policy of a document; what it does not say stands as `base` has it.

    Raises:
        Misconfigured: with the first mistake.
    """
    if mistakes := check_policy(text, codes):
        first = mistakes[0]
        raise Misconfigured(f"The policy is wrong at {first.path or 'its start'}: {first.message}")
    document, below = _parse(text), msgspec.structs.asdict(base or Policy())
    for name in _SECTIONS:
        below[name] = msgspec.structs.asdict(below[name])
    tables = {
        name: {**below[name], **document[name]} for name in ("severity", *_SECTIONS) if name in document
    }
    return msgspec.convert({**below, **document, **tables}, Policy)


def check_policy(text: str, codes: Collection[str]) -> list[PolicyMistake]:
    """Every mistake in a policy document, each with what was probably meant.

    `codes` are the codes of the rules that exist.
    """
    try:
        document = _parse(text)
    except (ValueError, RecursionError) as error:
        return [PolicyMistake("", f"This is neither JSON nor TOML: {error}")]
    if not isinstance(document, dict):
        return [PolicyMistake("", "A policy is a table of settings.")]
    return [*_unknown("", document, Policy.__struct_fields__), *_mistakes(document, codes)]


def _parse(text: str) -> Any:  # noqa: ANN401  # a document of a stranger has any shape until it is checked
    if text.lstrip().startswith(("{", "[{")):
        return msgspec.json.Decoder(float_hook=Decimal).decode(text)
    return tomllib.loads(text, parse_float=Decimal)


def _mistakes(document: dict[str, Any], codes: Collection[str]) -> Iterator[PolicyMistake]:
    off, severity = document.get("off", []), document.get("severity", {})
    if isinstance(off, list):
        for index, code in enumerate(off):
            yield from _unknown_code(f"off[{index}]", code, codes)
    else:
        yield PolicyMistake("off", "This must be a list of codes.")
    if isinstance(severity, dict):
        for code, level in severity.items():
            yield from _unknown_code(f"severity.{code}", code, codes)
            if level not in tuple(Severity):
                wanted = "one of error, warning, info"
                yield _refused(f"severity.{code}", level, wanted)
    else:
        yield PolicyMistake("severity", "This must be a table of codes and their severities.")
    for name, section in _SECTIONS.items():
        yield from _section(name, document.get(name, {}), section)
    accept = document.get("accept")
    for name in ("proofs", "witnesses"):
        listed = accept.get(name) if isinstance(accept, dict) else None
        for index, code in enumerate(listed if isinstance(listed, list) else ()):
            yield from _unknown_code(f"accept.{name}[{index}]", code, codes)


def _section(name: str, given: object, section: type[msgspec.Struct]) -> Iterator[PolicyMistake]:
    if not isinstance(given, dict):
        yield PolicyMistake(name, "This must be a table.")
        return
    yield from _unknown(f"{name}.", given, section.__struct_fields__)
    for field in msgspec.structs.fields(section):
        if field.name in given and not _fits(field.name, given[field.name], section):
            value, wanted = given[field.name], _description(field.type)
            yield _refused(f"{name}.{field.name}", value, wanted)


def _refused(path: str, value: object, wanted: str) -> PolicyMistake:
    shown = msgspec.json.Encoder(decimal_format="number").encode(value).decode()
    return PolicyMistake(path, f"{shown} will not do; this must be {wanted}.")


def _fits(name: str, value: object, section: type[msgspec.Struct]) -> bool:
    try:
        msgspec.convert({name: value}, section)
    except msgspec.ValidationError:
        return False
    return True


def _description(kind: Any) -> str:  # noqa: ANN401  # any annotation of a field
    for part in (kind, *getattr(kind, "__args__", ())):
        for meta in getattr(part, "__metadata__", ()):
            return str(meta.description)
    return {bool: "true or false"}.get(kind, "a list of texts")


def _unknown(prefix: str, given: Mapping[str, object], known: Collection[str]) -> Iterator[PolicyMistake]:
    for name in given:
        if name not in known:
            yield PolicyMistake(f"{prefix}{name}", f"There is no such setting.{_meant(name, known)}")


def _unknown_code(path: str, code: object, codes: Collection[str]) -> Iterator[PolicyMistake]:
    if not isinstance(code, str):
        yield PolicyMistake(path, "A code is a text.")
    elif code not in codes:
        yield PolicyMistake(path, f"There is no rule {code}.{_meant(code.upper(), codes)}")


def _meant(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f" Did you mean {close[0]}?" if close else ""
