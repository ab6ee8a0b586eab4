"""What rules and policy say of an extraction, as the public API gives it."""

import msgspec


class FlagMark(msgspec.Struct, frozen=True):
    """A flag as far as lists are filtered by it."""

    code: str
    severity: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The three keys of a completed job that are made afresh from a stored extraction, already as JSON.

    They are kept as the exact text that is given out: an expected amount is a number with its digits, a date
    is text, and neither survives a round trip through one typed field.
    """

    validation_flags: msgspec.Raw = msgspec.Raw(b"[]")
    validation: msgspec.Raw = msgspec.Raw(b'{"passed":[],"skipped":[],"failed":[]}')
    decision: msgspec.Raw = msgspec.Raw(b'{"outcome":"review","reasons":["Nothing has been checked."]}')

    @property
    def marks(self) -> tuple[FlagMark, ...]:
        """Each distinct flag's code and severity."""
        return tuple(dict.fromkeys(msgspec.json.decode(self.validation_flags, type=list[FlagMark])))
