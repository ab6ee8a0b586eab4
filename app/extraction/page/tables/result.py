"""What tables say, in the words of the model: items and tax lines, and each of their values with its path."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from app.extraction.page.tables.outside import Covered, covered
from app.extraction.page.tables.row import Row, RowsFound, RowValue
from app.extraction.page.tables.rows import find_rows
from app.extraction.page.tables.table import find_tables
from app.extraction.page.tables.taxes import TaxFound, Whole, find_tax_lines, with_exigibility
from app.extraction.page.text.lines import Place
from app.extraction.page.text.scan import Scan
from app.model.invoice import LineItem, TaxLine


class Tabled:
    """The tables of a document, read."""

    def __init__(
        self,
        found: Scan,
        net: tuple[Decimal, Place] | None,
        tax: tuple[Decimal, Place] | None,
        rate: tuple[Decimal, Place] | None = None,
    ) -> None:
        """Read them; the sums and the rate that were found for the document prove what adds up to them."""
        tables = find_tables(found)
        total = net[0] + tax[0] if net and tax else None
        self.rows: RowsFound = find_rows(found, tables, net[0] if net else None, total)
        self.covered: Covered = covered(tables, self.rows.lines)
        whole = Whole(_sum(net), _sum(tax), _sum(rate))
        lines = find_tax_lines(found, tables, self.rows, whole)
        self._taxes: Sequence[TaxFound] = with_exigibility(lines, found)

    @property
    def items(self) -> tuple[LineItem, ...]:
        """As `line_items`."""
        return tuple(LineItem(**_plain(row)) for row in self.rows.rows)

    @property
    def taxes(self) -> tuple[TaxLine, ...]:
        """As `tax_breakdown`."""
        return tuple(TaxLine(**_plain(line)) for line in self._taxes)

    def values(self) -> Iterator[tuple[str, RowValue]]:
        """Every value by its path in the result."""
        tables: tuple[tuple[str, Sequence[Row | TaxFound]], ...] = (
            ("line_items", self.rows.rows),
            ("tax_breakdown", self._taxes),
        )
        for name, entries in tables:
            for index, entry in enumerate(entries):
                for field, value in entry.values.items():
                    yield f"{name}[{index}].{field}", value


def _plain(entry: Row | TaxFound) -> dict[str, Any]:
    return {name: value.value for name, value in entry.values.items()}


def _sum(known: tuple[Decimal, Place] | None) -> RowValue | None:
    return RowValue(known[0], known[1], 0.9) if known else None
