"""Models that are none: one that answers from the truth, others that lie. They see what a model would see."""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from app.extraction.llm.answers import Answer as Told
from app.extraction.llm.fields import Kind, kind_of
from app.extraction.llm.grounding import grounded
from app.extraction.llm.numbering import Numbered
from app.extraction.llm.support import page_of, support
from app.extraction.page.text.amounts import CURRENCY_SIGNS, find_amounts
from app.extraction.page.text.dates import find_dates
from app.extraction.page.text.lines import fold
from app.model.consultation import Inquiry, Reply, Spent
from tests.generator.compare import plain, same, value_at

SEGMENT = re.compile(r"\[(\d+)\]")
SUMS = ("financials.subtotal", "financials.tax_amount", "financials.total")


class Seg(NamedTuple):
    """A segment as the model is shown it."""

    first: int
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def ids(self) -> list[int]:
        return list(range(self.first, self.first + len(self.words)))


class Answer(NamedTuple):
    path: str
    value: str
    word_ids: list[int]


def segments(inquiry: Inquiry) -> list[Seg]:
    """The words of a question with their ids."""
    found = []
    for line in inquiry.document.splitlines():
        marks = [m for m in SEGMENT.finditer(line) if m.start() == 0 or line[m.start() - 1] == " "]
        for mark, following in zip(marks, [*marks[1:], None], strict=False):
            text = line[mark.end() : following.start() if following else len(line)]
            found.append(Seg(int(mark[1]), tuple(text.split())))
    return found


def asked(inquiry: Inquiry) -> list[str]:
    """The fields of a question."""
    return [line.split(":")[0] for line in inquiry.question.splitlines()[1:]]


class Tally:
    """Wraps a stand-in and counts what it is sent and says."""

    def __init__(self, model: Callable[[Inquiry], list[Answer]]) -> None:
        self._model = model
        self.inquiries: list[Inquiry] = []
        self.replies: list[str] = []

    def __call__(self, inquiry: Inquiry) -> Reply:
        self.inquiries.append(inquiry)
        text = json.dumps({"answers": [one._asdict() for one in self._model(inquiry)]}, ensure_ascii=False)
        self.replies.append(text)
        return Reply(text=text, model="stand-in", spent=Spent(model_calls=1))


def truthful(truth: Mapping[str, Any]) -> Callable[[Inquiry], list[Answer]]:
    """Answers every field from the truth, with the words that show it where there are any."""

    def answer(inquiry: Inquiry) -> list[Answer]:
        segs = segments(inquiry)
        found = []
        for path in asked(inquiry):
            if "[n]" in path:
                found += _cells(path, truth, segs)
                continue
            want = value_at(truth, path)
            if want not in (None, ""):
                found += list(_shown(path, want, segs))[-1 if path in SUMS else 0 :][:1]
        return found

    return answer


def _cells(path: str, truth: Mapping[str, Any], segs: list[Seg]) -> Iterator[Answer]:
    table, leaf = path.split("[n].")
    taken: set[int] = set()
    for index, row in enumerate(truth.get(table) or []):
        if row.get(leaf) in (None, ""):
            continue
        at = f"{table}[{index}].{leaf}"
        shown = [one for one in _shown(at, row[leaf], segs) if not taken & set(one.word_ids)]
        for one in shown[:1]:
            taken.update(one.word_ids)
            yield one


def _shown(path: str, want: Any, segs: list[Seg]) -> Iterator[Answer]:
    """Every place that shows a value."""
    kind = kind_of(path)
    for seg in segs:
        if kind in {Kind.MONEY, Kind.QUANTITY, Kind.RATE}:
            yield from _numbers(path, want, seg)
        elif kind is Kind.DATE:
            for hit in find_dates(fold(seg.text)):
                if str(want) in {reading.isoformat() for reading in hit.readings}:
                    yield Answer(path, str(want), _ids(seg, hit.start, hit.end))
        elif kind is Kind.CURRENCY:
            for index, word in enumerate(seg.words):
                signs = re.findall(r"[^\W\d]+\$?|[€$£¥₹]", fold(word))
                if any(CURRENCY_SIGNS.get(sign) == want for sign in signs):
                    yield Answer(path, str(want), [seg.first + index])
        else:
            yield from _texts(path, want, seg, kind)
    if kind in {Kind.NAME, Kind.TEXT}:
        yield from _over_two(path, str(want), segs)


def _numbers(path: str, want: Any, seg: Seg) -> Iterator[Answer]:
    for index, word in enumerate(seg.words):
        for length in (1, 2):
            text = " ".join(seg.words[index : index + length])
            percent = kind_of(path) is Kind.RATE
            for hit in find_amounts(fold(text.rstrip("%") if percent else text)):
                if abs(Decimal(str(want))) in {abs(reading) for reading in hit.readings}:
                    yield Answer(path, str(want), [*range(seg.first + index, seg.first + index + length)])
        assert word


def _texts(path: str, want: Any, seg: Seg, kind: Kind | None) -> Iterator[Answer]:
    for start in range(len(seg.words)):
        for end in range(start + 1, min(start + 12, len(seg.words)) + 1):
            text = " ".join(seg.words[start:end]).strip(".,;:()#|–- ")
            if plain(seg.words[start]) == "" or plain(seg.words[end - 1]) == "":
                continue
            if kind in {Kind.NAME, Kind.TEXT}:
                fits = plain(text) == plain(want)
            else:
                bare = re.sub(r"^[^\W\d]{1,5}[.:#°]+\s*|^№", "", text)
                fits = bool(text) and (same(path, text, want) or same(path, bare, want))
                text = bare if fits and not same(path, text, want) else text
            if fits:
                yield Answer(path, text, [*range(seg.first + start, seg.first + end)])


def _over_two(path: str, want: str, segs: list[Seg]) -> Iterator[Answer]:
    """A name that goes on in another segment."""
    for index, seg in enumerate(segs):
        if plain(want).startswith(plain(seg.text)) and plain(seg.text):
            for other in segs[index + 1 : index + 8]:
                if plain(f"{seg.text} {other.text}") == plain(want):
                    yield Answer(path, want, [*seg.ids, *other.ids])


def _ids(seg: Seg, start: int, end: int) -> list[int]:
    ids, at = [], 0
    for index, word in enumerate(seg.words):
        if at < end and start < at + len(word):
            ids.append(seg.first + index)
        at += len(word) + 1
    return ids


def lying(truth: Mapping[str, Any], seed: int) -> Callable[[Inquiry], list[Answer]]:
    """Answers every field with a plausible wrong value that stands on the page, and names its words rightly."""
    chance = random.Random(seed)

    def answer(inquiry: Inquiry) -> list[Answer]:
        segs = segments(inquiry)
        paths = [path for path in asked(inquiry) if "[n]" not in path]
        lies = _sums_that_close(truth, segs, chance) if set(SUMS) & set(paths) else {}
        for path in paths:
            if path not in lies and (options := list(_wrong(path, truth, segs))):
                lies[path] = chance.choice(options)
        return [lies[path] for path in paths if path in lies]

    return answer


def _sums_that_close(truth: Mapping[str, Any], segs: list[Seg], chance: random.Random) -> dict[str, Answer]:
    """Three other amounts of the page of which two make the third: the lie that is hardest to tell."""
    amounts: dict[Decimal, list[int]] = {}
    for seg in segs:
        for hit in find_amounts(fold(seg.text)):
            amounts.setdefault(abs(hit.readings[0]), _ids(seg, hit.start, hit.end))
    right = tuple(value_at(truth, path) for path in SUMS)
    sets = [
        (net, tax, net + tax)
        for net in amounts
        for tax in amounts
        if 0 < tax < net and net + tax in amounts and (net, tax, net + tax) != right
    ]
    if not sets:
        return {}
    chosen = chance.choice(sets)
    return {path: Answer(path, str(value), amounts[value]) for path, value in zip(SUMS, chosen, strict=True)}


def _wrong(path: str, truth: Mapping[str, Any], segs: list[Seg]) -> Iterator[Answer]:
    """Everything on the page that could be a field's value and is not."""
    want, kind = value_at(truth, path), kind_of(path)
    for seg in segs:
        for value, ids in _candidates(kind, seg):
            if want in (None, "") or not same(path, value, want):
                yield Answer(path, value, ids)


def _candidates(kind: Kind | None, seg: Seg) -> Iterator[tuple[str, list[int]]]:
    """Values of a kind in a segment, whatever they mean there."""
    if kind in {Kind.MONEY, Kind.QUANTITY, Kind.RATE}:
        for hit in find_amounts(fold(seg.text)):
            yield str(abs(hit.readings[0])), _ids(seg, hit.start, hit.end)
    elif kind is Kind.DATE:
        for found in find_dates(fold(seg.text)):
            yield found.readings[0].isoformat(), _ids(seg, found.start, found.end)
    elif kind in {Kind.NAME, Kind.TEXT} and sum(map(str.isalpha, seg.text)) > 2:
        yield seg.text, seg.ids
    elif kind is Kind.CURRENCY:
        yield from _currencies(seg)
    else:
        for index, word in enumerate(seg.words):
            if sum(map(str.isdigit, word)) >= (2 if kind is Kind.NUMBER else 7):
                yield word.strip(".,;:()"), [seg.first + index]


def _currencies(seg: Seg) -> Iterator[tuple[str, list[int]]]:
    for index, word in enumerate(seg.words):
        for sign in re.findall(r"[^\W\d]+\$?|[€$£¥₹]", fold(word)):
            yield CURRENCY_SIGNS.get(sign) or "USD", [seg.first + index]


def cunning(truth: Mapping[str, Any], words: Numbered) -> Callable[[Inquiry], list[Answer]]:
    """Knows how answers are weighed, and tells of every field the lie that the page bears out best."""

    page = page_of(words.found)

    def weight(lie: Answer) -> float:
        found = grounded(Told(lie.path, lie.value, lie.word_ids), words)
        return -1.0 if found is None else support(found, page)

    def answer(inquiry: Inquiry) -> list[Answer]:
        told = []
        for path in asked(inquiry):
            lies = [] if "[n]" in path else list(_wrong(path, truth, segments(inquiry)))
            told += [max(lies, key=weight)] if lies else []
        return told

    return answer


def inventing(seed: int) -> Callable[[Inquiry], list[Answer]]:
    """Answers every field with a value that stands nowhere, at words that do."""
    chance = random.Random(seed)
    values = {
        Kind.NAME: "Ditta Mai Esistita S.r.l.", Kind.NUMBER: "ZX-99817-Q", Kind.DATE: "2031-07-19", Kind.MONEY: "98765.43",
        Kind.CURRENCY: "XAU", Kind.VAT_NUMBER: "IT99999999990", Kind.FISCAL_CODE: "99999999990",
        Kind.IBAN: "IT60X0542811101000000999999", Kind.RATE: "37.31", Kind.QUANTITY: "77123.5", Kind.TEXT: "Merce inesistente",
    }  # fmt: skip

    def answer(inquiry: Inquiry) -> list[Answer]:
        segs = segments(inquiry)
        return [
            Answer(path.replace("[n]", "[0]"), values[kind], chance.choice(segs).ids)
            for path in asked(inquiry)
            if (kind := kind_of(path.replace("[n]", ""))) is not None
        ]

    return answer
