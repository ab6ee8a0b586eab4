"""The questions that one document raises, one after another, and what became of their answers."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import prompts
from app.extraction.llm.answers import Answer, decoded
from app.extraction.llm.doubts import ITEMS, doubtful
from app.extraction.llm.fields import described
from app.extraction.llm.grounding import Grounded, grounded
from app.extraction.llm.merge import Merged, merged, values_of
from app.extraction.llm.numbering import Numbered, around, as_text, edges, whole
from app.extraction.llm.orders import lines_for_models, samples
from app.extraction.llm.parties import Held
from app.extraction.llm.sums import SUMS
from app.extraction.llm.support import page_of
from app.extraction.llm.tables import with_tables
from app.extraction.page.calibration import field_of
from app.extraction.page.text.lines import TextLine
from app.model.consultation import Ask, Consultation, Inquiry, Reply, Spent
from app.model.evidence import Box, Evidence
from app.model.extraction import Disagreement, Reading
from app.model.job import HelpScope

PROMPT: Final = prompts.load("read-fields", 1)
MALFORMED: Final = "MODEL_REPLY_MALFORMED"
_HEADER_TOKENS: Final = 4_000
_TABLE_TOKENS: Final = 16_000
_WORTH_KEEPING: Final = 12_000
"""Characters of a document from which a provider keeps it for the next question, which then costs a tenth;
a shorter one is cut down for each question instead."""
_TRIES: Final = 2
"""How often a question is put whose answer cannot be read."""
_NEAR: Final = 1.0  # points


class Conversation:
    """With one model about the pages of one invoice."""

    def __init__(self, words: Numbered, ask: Ask) -> None:
        self._words = words
        self._page = page_of(words.found)
        self._orders = lines_for_models(words.found)
        self._whole = self._text(whole(words))
        self._ask = ask
        self._kept = False
        """Whether the provider was told to keep the whole text for the next question."""
        self._replies: list[Reply] = []
        self._asked: list[str] = []
        self._merged: list[Merged] = []
        self._trouble: dict[str, None] = {}
        self.ungrounded: tuple[str, ...] = ()

    def header(self, reading: Reading, paths: tuple[str, ...], *, more: bool) -> Reading:
        """The reading with the fields of its header settled; `more` questions are to follow."""
        self._kept = more and len(self._whole) >= _WORTH_KEEPING
        text = self._whole if self._kept else self._without_middle(reading)
        claims = self._claims(paths, text, _HEADER_TOKENS, more=more)
        if not claims:
            return reading
        open_ = doubtful(reading, HelpScope.NEEDED)
        return self._done(merged(reading, claims, self._held(reading), self._page, open_))

    def tables(self, reading: Reading, names: tuple[str, ...]) -> Reading:
        """The reading with tables that agree with its header, where the model's do."""
        text = self._whole if self._kept else self._around(reading, names)
        claims = self._claims(names, text, _TABLE_TOKENS, more=False)
        return self._done(with_tables(reading, claims, names)) if claims else reading

    @property
    def orders(self) -> tuple[str, ...]:
        """Samples of what the pages say to a model."""
        return samples(self._words.found, self._orders)

    def _text(self, lines: Iterable[TextLine]) -> str:
        """Lines as a model is given them, those that speak to it left out."""
        return as_text(self._words, [line for line in lines if line.number not in self._orders])

    def _without_middle(self, reading: Reading) -> str:
        """The pages where headers and sums stand, without the rows of a table that adds up."""
        sums = [reading.fields.get(path) for path in SUMS]
        pages = {proof.page for proof in sums if proof is not None and proof.page is not None}
        sound = ITEMS not in doubtful(reading, HelpScope.NEEDED)
        rows = dict.fromkeys(_numbers(self._words, reading, (ITEMS,))) if sound else {}
        kept = edges(self._words, pages)
        return self._text([line for line in kept if line.number not in rows])

    def _around(self, reading: Reading, names: tuple[str, ...]) -> str:
        """What stands around tables that were found, and the sums that they must make."""
        if not any(path.startswith(names) for path in reading.fields):
            return self._whole
        numbers = _numbers(self._words, reading, (*names, *SUMS))
        return self._text(around(self._words, numbers))

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Where the model reads otherwise than what stands in the result."""
        return tuple(two for one in self._merged for two in one.disagreements)

    def consultation(self) -> Consultation:
        """What was asked and came of it."""
        return Consultation(
            prompt=PROMPT.label,
            prompt_sha256=PROMPT.sha256,
            model=next((reply.model for reply in self._replies if reply.model), ""),
            asked=tuple(self._asked),
            taken=tuple(path for one in self._merged for path in one.taken),
            confirmed=tuple(path for one in self._merged for path in one.confirmed),
            refused=tuple(path for one in self._merged for path in one.refused),
            spent=sum((reply.spent for reply in self._replies), Spent()),
            trouble=tuple(self._trouble),
        )

    def _done(self, one: Merged) -> Reading:
        self._merged.append(one)
        return one.reading

    def _claims(self, paths: tuple[str, ...], text: str, tokens: int, *, more: bool) -> list[Grounded]:
        """The answers that stand on the page; of those that do not, the paths are noted."""
        self._asked += paths
        answers = self._answers(paths, text, tokens, more=more)
        found = [(answer, self._grounded(answer)) for answer in answers]
        missing = [answer.path for answer, claim in found if claim is None]
        self.ungrounded += tuple(path for path in dict.fromkeys(missing) if path not in self.ungrounded)
        return [claim for _, claim in found if claim is not None]

    def _grounded(self, answer: Answer) -> Grounded | None:
        """The answer as it stands on the page, outside of what is said to a model."""
        claim = grounded(answer, self._words)
        if claim is None or any(span.line.number in self._orders for span in claim.spans):
            return None
        return claim

    def _answers(self, paths: tuple[str, ...], text: str, tokens: int, *, more: bool) -> Sequence[Answer]:
        """The first answer to each of the paths; the question is put again when its answer cannot be read."""
        question = PROMPT.fill("question", fields=described(paths))
        best: Sequence[Answer] = ()
        for attempt in range(_TRIES):
            reply = self._ask(self._inquiry(text, question, tokens * (attempt + 1), more=more))
            self._replies.append(reply)
            if reply.trouble and not reply.text:
                self._trouble[reply.trouble] = None
                return best
            read = decoded(reply.text)
            best = max(best, read.answers, key=len)
            if read.whole and not reply.trouble:
                break
        else:
            self._trouble[reply.trouble or MALFORMED] = None
        wanted = {answer.path: answer for answer in reversed(best) if _is_asked(answer.path, paths)}
        return list(reversed(wanted.values()))

    def _inquiry(self, text: str, question: str, tokens: int, *, more: bool) -> Inquiry:
        return Inquiry(
            prompt=PROMPT.label,
            prompt_sha256=PROMPT.sha256,
            instructions=PROMPT.instructions,
            document=PROMPT.fill("document", words=text),
            question=question,
            schema=PROMPT.schema,
            again=more and self._kept,
            answer_tokens=tokens,
        )

    def _held(self, reading: Reading) -> Mapping[str, Held]:
        """The values of the header as they would be had a model given them."""
        return {
            path: Held(value, reading.fields.get(path), self._again(path, value, reading.fields.get(path)))
            for path, value in values_of(reading).items()
            if "[" not in path and isinstance(value, str | Decimal | dt.date)
        }

    def _again(self, path: str, value: object, proof: Evidence | None) -> Grounded | None:
        if proof is None or proof.bbox is None or proof.page is None:
            return None
        ids = [
            word_id
            for line in self._words.found.lines
            if line.page == proof.page
            for word_id, word in enumerate(line.words, self._words.firsts[line.number])
            if _inside(Box(word.x0, word.top, word.x1, word.bottom), proof.bbox)
        ]
        return grounded(Answer(path, str(value), ids), self._words) if ids else None


def _numbers(words: Numbered, reading: Reading, prefixes: tuple[str, ...]) -> list[int]:
    """The lines that the values of some fields stand in."""
    places = [
        (proof.page, proof.bbox)
        for path, proof in reading.fields.items()
        if path.startswith(prefixes) and proof.page is not None and proof.bbox is not None
    ]
    return [number for page, box in places for number in words.lines_at(page, box)]


def _is_asked(path: str, paths: tuple[str, ...]) -> bool:
    return path in paths or ("[" in path and field_of(path).partition(".")[0] in paths)


def _inside(word: Box, box: Box) -> bool:
    """Whether the middle of a word is in a rectangle."""
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return box.x0 - _NEAR <= x <= box.x1 + _NEAR and box.top - _NEAR <= y <= box.bottom + _NEAR
