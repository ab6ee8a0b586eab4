"""Answers without an end of their own, and word that they must end."""


class Streams:
    """The streams of this process. Told once, by the signal that ends it."""

    def __init__(self) -> None:
        self.ending = False
        """Whether every stream is to end at its next look."""

    def end(self) -> None:
        """The process is about to end; whoever listens may come back to its successor."""
        self.ending = True
