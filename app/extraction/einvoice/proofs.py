"""The evidence of an e-invoice: at once for what stands once, when it is asked for where there are thousands.

A row's evidence is its own texts. They are kept as they were read, and become entries of `fields` when
somebody looks at a row's evidence or at all of it.
"""

from collections.abc import Iterator, MutableMapping
from typing import Final, NamedTuple

import msgspec

from app.extraction.einvoice.places import Found
from app.extraction.einvoice.table import Group
from app.model.evidence import Evidence, Source

_CERTAIN: Final = 1.0


class Rows(NamedTuple):
    """What was read, and the texts that each was read from."""

    items: list[msgspec.Struct]
    texts: list[Found]


class Proofs(MutableMapping[str, Evidence]):
    """Evidence by path, like the dictionary it becomes."""

    def __init__(self) -> None:
        self._known: dict[str, Evidence] = {}
        self._by_text: dict[str, Evidence] = {}
        self._untold: dict[str, tuple[Group, Rows]] = {}

    def __setitem__(self, path: str, evidence: Evidence) -> None:
        self._known[path] = evidence

    def __delitem__(self, path: str) -> None:
        del self._told()[path]

    def __getitem__(self, path: str) -> Evidence:
        found = self.get(path)
        if found is None:
            raise KeyError(path)
        return found

    def get(self, path: str, default: Evidence | None = None) -> Evidence | None:  # type: ignore[override] # narrower
        """The evidence of a path."""
        found = self._known.get(path)
        if found is None and self._untold and path.partition("[")[0] in self._untold:
            found = self._told().get(path)
        return default if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._told())

    def __len__(self) -> int:
        return len(self._told())

    def text(self, path: str, text: str) -> None:
        """A value rests on a text; values that rest on the same text share the proof."""
        self._known[path] = self._by_text.get(text) or self._of(text)

    def forget(self, path: str) -> None:
        """Nothing below a path is a value after all."""
        for below in [one for one in self._known if one.startswith(path + ".")]:
            del self._known[below]

    def later(self, section: str, group: Group, rows: Rows) -> None:
        """The rows of a section, whose evidence is put together when it is asked for."""
        self._untold[section] = (group, rows)

    def _of(self, text: str) -> Evidence:
        evidence = self._by_text[text] = Evidence(confidence=_CERTAIN, source=Source.XML, text=text)
        return evidence

    def _told(self) -> dict[str, Evidence]:
        if self._untold:
            untold, self._untold = self._untold, {}
            for section, (group, rows) in untold.items():
                told = self._of_rows(section, group, rows)
                own = [path for path in self._known if path.startswith(section + "[")]
                told.update((path, self._known[path]) for path in own)
                self._known.update(told)
        return self._known

    def _of_rows(self, section: str, group: Group, rows: Rows) -> dict[str, Evidence]:
        """The evidence of every row; hot: each of its values has an entry."""
        told: dict[str, Evidence] = {}
        seen, new = self._by_text, self._of
        terms = [(field, place) for field, place, _, _ in group.terms]
        for index, (item, texts) in enumerate(zip(*rows, strict=True)):
            prefix = f"{section}[{index}]."
            for field, place in terms:
                if (text := texts[place]) and getattr(item, field) is not None:
                    told[prefix + field] = seen.get(text) or new(text)
            for field, make, _, _ in group.made:
                if getattr(item, field) is not None and (text := make(texts)):
                    told[prefix + field] = seen.get(text) or new(text)
        return told
