"""Invoices nobody would write: any field may be absent, absurd or extreme, many agree by chance."""

import datetime as dt
import random
import types
import typing
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

from app.model.document import FileType, Signature
from app.model.evidence import Box, Evidence, Source
from app.model.extraction import Extraction, Observations, Reading
from app.model.invoice import Invoice
from app.model.paths import CORE
from app.validation import Context, Parameters, PastInvoice, Policy

TEXTS = (
    "", " ", "IT12345678903", "IT12345678904", "DE136695976", "EL094259216", "CHE107787577MWST", "NO995525828MVA",
    "GB980780684", "XI123456789", "FR40303265045", "12345678903", "RSSMRA80A01H501U", "303265045",
    "IT60X0542811101000000123456", "DE8937040044053201300A", "XX00", "US64SVBK", "BCITITMM", "IT", "DE", "FR", "ES",
    "GR", "XX", "EUR", "JPY", "KWD", "HUF", "eur", "S", "Z", "E", "AE", "K", "G", "O", "L", "M", "?", "N1", "N2",
    "N2.1", "N4", "N6.3", "N9", "I", "D", "RF01", "RF04", "RF19", "RT01", "RT03", "TD01", "TD04", "TD07", "TD16",
    "TD24", "380", "381", "30", "58", "30 gg d.f.f.m.", "net 30", "999 days", "30 giorni fine mese", "2 % Skonto",
    "UFX1AB", "M5UXCR1", "0000000", "Z1234567AB", "B81J22001250006", "Alba Srl", "ALBA S.R.L.", "Ünïcödé — ½",
    "7", "7/A", "\x00", "٣٤٥", "²³", "-", "A" * 300,
)  # fmt: skip
NUMBERS = tuple(
    Decimal(number)
    for number in (
        "0", "0.00", "-0", "1", "-1", "2", "2.00", "22", "22.00", "10", "4", "5", "20", "0.01", "-0.01", "100",
        "100.00", "122", "122.00", "77.47", "77.48", "0.333", "1E+3", "1E-8", "999999999999999.99",
        "-9999999999999999999999999", "1E+30", "1E-30",
    )
)  # fmt: skip
DAYS = (
    dt.date(1, 1, 1),
    dt.date(9999, 12, 31),
    dt.date(2026, 2, 28),
    dt.date(2024, 2, 29),
    dt.date(2013, 10, 1),
)


def extraction(rng: random.Random) -> Extraction:
    return Extraction(
        readings=tuple(reading(rng) for _ in range(1 if rng.random() < 0.9 else 2)),
        file_type=rng.choice(tuple(FileType)),
        confidence=rng.random(),
        observations=invent(rng, Observations),
        signature=invent(rng, Signature) if rng.random() < 0.2 else None,
    )


def reading(rng: random.Random) -> Reading:
    fields = {
        path: Evidence(confidence=rng.random(), source=rng.choice(tuple(Source)))
        for path in CORE
        if rng.random() < 0.5
    }
    return Reading(invoice=invent(rng, Invoice), fields=fields)


def context(rng: random.Random) -> Context:
    parameters = Parameters(
        own_companies=("Alba Srl",) if rng.random() < 0.5 else (),
        trusted_vendors=("IT12345678903",) if rng.random() < 0.2 else (),
        tolerance={"EUR": Decimal("0.05")} if rng.random() < 0.2 else {},
        usual_sample=1,
    )
    return Context(
        today=day(rng) if rng.random() < 0.8 else None,
        sha256="aa" if rng.random() < 0.5 else None,
        history=tuple(invent(rng, PastInvoice) for _ in range(rng.randrange(4)))
        if rng.random() < 0.7
        else None,
        own_company="IT01234567897" if rng.random() < 0.3 else None,
        policy=Policy(parameters=parameters),
    )


def day(rng: random.Random) -> dt.date:
    return (
        rng.choice(DAYS)
        if rng.random() < 0.3
        else dt.date(2010, 1, 1) + dt.timedelta(days=rng.randrange(7000))
    )


def number(rng: random.Random) -> Decimal:
    return (
        rng.choice(NUMBERS)
        if rng.random() < 0.8
        else Decimal(rng.randrange(-(10**6), 10**9)).scaleb(-rng.randrange(7))
    )


def text(rng: random.Random) -> str:
    return (
        rng.choice(TEXTS)
        if rng.random() < 0.9
        else "".join(chr(rng.randrange(32, 0x250)) for _ in range(rng.randrange(12)))
    )


def invent(rng: random.Random, kind: Any) -> Any:
    """A value of a type; a struct's optional fields are absent every third time."""
    return _maker(kind)(rng)


_MAKERS: dict[Any, Any] = {
    Decimal: number,
    dt.date: day,
    str: text,
    bool: lambda rng: rng.random() < 0.5,
    int: lambda rng: rng.randrange(3),
    float: lambda rng: rng.random(),
    Box: lambda _rng: None,
}


def _maker(kind: Any) -> Any:
    if kind not in _MAKERS:
        _MAKERS[kind] = _made(kind)
    return _MAKERS[kind]


def _made(kind: Any) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        inner = _maker(next(one for one in arguments if one is not types.NoneType))
        return lambda rng: inner(rng) if rng.random() < 0.67 else None
    if origin is tuple:
        inner = _maker(arguments[0])
        return lambda rng: tuple([inner(rng) for _ in range(rng.choice((0, 0, 1, 2, 3)))])
    if isinstance(kind, type) and issubclass(kind, Enum):
        members = tuple(kind)
        return lambda rng: rng.choice(members)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = {name: _maker(hint) for name, hint in typing.get_type_hints(kind).items()}
        return lambda rng: kind(**{name: make(rng) for name, make in fields.items()})
    raise TypeError(kind)


class Mixer:
    """Invented parts, made once and put together anew for every invoice; far faster than inventing each."""

    def __init__(self, rng: random.Random, size: int = 3000) -> None:
        self._rng = rng
        hints = typing.get_type_hints(Invoice)
        self._parts = {name: [invent(rng, hint) for _ in range(size)] for name, hint in hints.items()}
        self._extractions = [extraction(rng) for _ in range(size)]
        self._contexts = [context(rng) for _ in range(size)]

    def mix(self) -> tuple[Extraction, Context]:
        """An extraction and the circumstances it is judged in."""
        choice = self._rng.choice
        invoice = Invoice(**{name: choice(parts) for name, parts in self._parts.items()})
        whole = choice(self._extractions)
        first = msgspec.structs.replace(whole.readings[0], invoice=invoice)
        return msgspec.structs.replace(whole, readings=(first, *whole.readings[1:])), choice(self._contexts)
