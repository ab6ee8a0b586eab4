"""How bad a broken rule is."""

from enum import StrEnum


class Severity(StrEnum):
    """The three levels of the public contract, the worst first."""

    ERROR = "error"
    """Booked as it stands, the books would be wrong."""
    WARNING = "warning"
    """A person should look."""
    INFO = "info"
    """Good to know; decides nothing."""
