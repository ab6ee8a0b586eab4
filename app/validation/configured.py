"""The ruleset that the settings ask for: packages of rules, and the organisation's policy over them."""

import msgspec
import structlog

from app.errors import Misconfigured
from app.settings import Settings
from app.validation.policy import read_policy
from app.validation.ruleset import Ruleset, load

_log = structlog.get_logger("rules")


def announced(settings: Settings) -> Ruleset:
    """As `configured`, for a process that starts: what could not be loaded is told in its log."""
    ruleset = configured(settings)
    for sentence in ruleset.problems:
        _log.warning("rules_not_loaded", reason=sentence)
    return ruleset


def configured(settings: Settings) -> Ruleset:
    """The rules and policy of a running service.

    Raises:
        Misconfigured: when the policy's file cannot be read or has a mistake.
    """
    ruleset = load(settings.rules)
    if settings.policy is None:
        return ruleset
    try:
        text = settings.policy.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Misconfigured("The file that SPUNTA_POLICY names cannot be read as text.") from None
    policy = read_policy(text, ruleset.codes, ruleset.policy)
    return msgspec.structs.replace(ruleset, policy=policy)
