"""Counts and sums of what happened, kept as long as the store: what metrics are made of."""

from collections.abc import Sequence
from typing import Final

import msgspec

from app.storage.records import Figure
from app.storage.sqlite.database import Database

_ADD: Final = """
INSERT INTO figures (name, label, count, total) VALUES (:name, :label, :count, :total)
ON CONFLICT DO UPDATE SET count = count + excluded.count, total = total + excluded.total
"""


class SqliteFigures:
    """`Figures` over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, figures: Sequence[Figure]) -> None:
        """Add to what was counted before."""
        with self._database.transaction():
            for figure in figures:
                self._database.write(_ADD, msgspec.structs.asdict(figure))

    def all(self) -> Sequence[Figure]:
        """Everything that was counted, by name and label."""
        rows = self._database.rows("SELECT name, label, count, total FROM figures ORDER BY name, label")
        return [msgspec.convert(dict(row), Figure) for row in rows]
