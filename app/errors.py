"""Everything that can go wrong, as one tree.

    SpuntaError
    ├── JobFailure            a job ends `failed`: `code` is its `error_code`, the message is for a person
    │   ├── UnsupportedFile       UNSUPPORTED_FILE
    │   ├── Unreadable            PARSE_ERROR
    │   ├── PasswordRequired      PASSWORD_REQUIRED
    │   ├── NoText                NO_TEXT
    │   ├── OcrFailed             OCR_ERROR
    │   ├── TooLarge              TOO_LARGE
    │   ├── TimedOut              TIMEOUT
    │   ├── ProviderFailed        PROVIDER_ERROR
    │   ├── ProviderRefusedKey    PROVIDER_AUTH
    │   └── InternalError         INTERNAL_ERROR
    ├── RequestRefused        a request is answered with a problem; `app.api` gives its code a status
    │   └── InvalidOption         … because of an option, which it names
    └── Misconfigured         a setting or a package of rules is wrong; nothing starts

A message never contains a path, a key, or a word of an invoice.
"""

from typing import ClassVar


class SpuntaError(Exception):
    """Anything this program raises on purpose."""

    code: ClassVar[str] = "INTERNAL_ERROR"


class JobFailure(SpuntaError):
    """The document cannot be turned into a result; trying the same bytes again would not help."""

    retryable: ClassVar[bool] = False


class UnsupportedFile(JobFailure):
    """The bytes are of no kind that this service reads."""

    code = "UNSUPPORTED_FILE"


class Unreadable(JobFailure):
    """The file is of a known kind but broken, or reading it broke the reader."""

    code = "PARSE_ERROR"


class PasswordRequired(JobFailure):
    """The file is encrypted and the password is missing or wrong."""

    code = "PASSWORD_REQUIRED"


class NoText(JobFailure):
    """There is nothing on the pages to read."""

    code = "NO_TEXT"


class OcrFailed(JobFailure):
    """The pages are pictures and no text could be recognised on them."""

    code = "OCR_ERROR"


class TooLarge(JobFailure):
    """The file exceeds a limit on pages, pixels or unpacked size."""

    code = "TOO_LARGE"


class TimedOut(JobFailure):
    """Reading took longer than the job may take."""

    code = "TIMEOUT"


class ProviderFailed(JobFailure):
    """The model's provider did not answer usefully."""

    code = "PROVIDER_ERROR"
    retryable = True


class ProviderRefusedKey(JobFailure):
    """The model's provider does not accept the caller's key."""

    code = "PROVIDER_AUTH"


class InternalError(JobFailure):
    """A defect of this program, or a machine in trouble."""

    code = "INTERNAL_ERROR"
    retryable = True


class RequestRefused(SpuntaError):
    """A request that is answered with a problem; see `app.api.problems` for codes and their status."""

    def __init__(self, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.problem_code = code
        self.detail = detail
        self.headers = headers or {}


class InvalidOption(RequestRefused):
    """An option that does not exist, or has a value that is not allowed."""

    def __init__(self, option: str, detail: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__("invalid_option", detail)
        self.option = option
        self.allowed = allowed


class Misconfigured(SpuntaError):
    """The program was told something that cannot be."""
