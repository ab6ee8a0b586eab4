"""The policy in force for an API key: its own document, over the operator's."""

from functools import lru_cache
from typing import Final

import msgspec

from app.errors import Misconfigured
from app.validation.context import Context
from app.validation.policy import Policy, read_policy
from app.validation.ruleset import Ruleset

_KEPT: Final = 256
"""Policies that need not be read again."""


class Policies:
    """Reads the policies of keys over those of a ruleset."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._read = lru_cache(_KEPT)(self._new)

    def apply(self, text: str | None, context: Context) -> Context:
        """The circumstances of a judgement with a key's policy in force; without `text`, the operator's."""
        policy, problem = self._read(text)
        return msgspec.structs.replace(context, policy=policy, policy_problem=problem)

    def of(self, text: str | None) -> Policy:
        """The whole policy in force."""
        return self._read(text)[0]

    def _new(self, text: str | None) -> tuple[Policy, str]:
        operators = self._ruleset.policy
        if text is None:
            return operators, ""
        try:
            return read_policy(text, self._ruleset.codes, operators), ""
        except Misconfigured as mistake:
            return operators, str(mistake)
