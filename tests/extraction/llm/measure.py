"""What a model adds, and what a lying one costs, over real invoices with known answers.

    python -m tests.extraction.llm.measure FOLDER [--seeds 3] [--wrong]

Precision is right / returned over the header; `whole` are documents whose core fields are all right. Tokens are
estimated, those of an answer included; what sending everything would take is one question per document with all
of its words, every field and an answer of all known values.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from app.extraction import extract
from app.extraction.llm import assisted
from app.extraction.llm.conversation import PROMPT
from app.extraction.llm.doubts import ITEMS, TAX_LINES
from app.extraction.llm.fields import HEADER as ASKED
from app.extraction.llm.fields import described
from app.extraction.llm.numbering import MARKS, as_text, numbered
from app.extraction.segments.chunks import estimated_tokens
from app.model.consultation import Ask, Help, Inquiry
from app.model.document import Document
from app.model.extraction import Extraction
from app.model.job import HelpScope
from app.model.limits import Limits
from app.model.options import Options
from app.model.paths import CORE
from app.reading import read
from tests.extraction.llm.standins import Tally, cunning, inventing, lying, segments, truthful
from tests.generator.compare import HEADER, Outcome, outcomes, value_at
from tests.generator.measure import as_result, corpus_cases


class Case(NamedTuple):
    """A document that was read without a model, and the truth."""

    name: str
    document: Document
    truth: Mapping[str, Any]
    alone: Extraction


Model = Callable[[Case], Callable[[Inquiry], list[Any]]]


class Score:
    """Counts over documents."""

    def __init__(self) -> None:
        self.header: Counter[Outcome] = Counter()
        self.documents = self.whole = self.questions = self.fields = self.tokens = 0
        self.unprinted: list[str] = []
        self.notes: list[str] = []

    @property
    def precision(self) -> float:
        returned = self.header[Outcome.RIGHT] + self.header[Outcome.WRONG]
        return self.header[Outcome.RIGHT] / max(1, returned)

    def add(self, case: Case, extraction: Extraction, tally: Tally | None) -> None:
        result = as_result(extraction)
        found = {path: out for path, out in outcomes(result, case.truth).items() if path in HEADER}
        self.header.update(found.values())
        self.documents += 1
        wrong = [path for path in CORE if path in found and found[path] is not Outcome.RIGHT]
        self.whole += not wrong
        self.notes += [
            f"{case.name}: {path}: {value_at(result, path)} for {value_at(case.truth, path)}"
            for path in wrong
        ]
        if tally is not None:
            self.questions += bool(tally.inquiries)
            self.fields += sum(len(one.question.splitlines()) - 1 for one in tally.inquiries)
            self.tokens += sum(map(tokens_of, tally.inquiries)) + sum(map(estimated_tokens, tally.replies))
            self.unprinted += list(_unprinted(case, extraction, tally))

    def line(self, name: str) -> str:
        """As printed."""
        return (
            f"{name:18} precision {self.precision:7.2%}  whole {self.whole}/{self.documents} "
            f"({self.whole / self.documents:.1%})  wrong {self.header[Outcome.WRONG]}  asked about "
            f"{self.questions}, fields {self.fields / self.documents:.1f}, tokens {self.tokens / self.documents:.0f}"
        )


def cases(folder: Path) -> Iterator[Case]:
    """Every printed invoice of a folder, read without a model."""
    for path, truth in corpus_cases(folder):
        document = read(path, Options(), Limits())
        yield Case(str(path.relative_to(folder)), document, truth, extract(document, Options()))


def with_model(case: Case, ask: Ask, scope: HelpScope = HelpScope.NEEDED) -> Extraction:
    """What the pipeline makes of it with a model's help."""
    if case.document.xml is not None:
        return case.alone
    return assisted(case.document, case.alone, (), Help(scope, ask))


def run(found: list[Case], model: Model | None, scope: HelpScope = HelpScope.NEEDED) -> Score:
    """All documents with one stand-in; none reads them without."""
    score = Score()
    for case in found:
        tally = None if model is None else Tally(model(case))
        score.add(case, case.alone if tally is None else with_model(case, tally, scope), tally)
    return score


def honest(case: Case) -> Callable[[Inquiry], list[Any]]:
    """Knows the truth and tells it."""
    return truthful(case.truth)


def liar(seed: int) -> Model:
    """Tells other values of the same page."""
    return lambda case: lying(case.truth, seed)


def sly(case: Case) -> Callable[[Inquiry], list[Any]]:
    """Knows the truth, and how answers are weighed, and lies as well as can be."""
    return cunning(case.truth, numbered(case.document.pages))


def everything(found: list[Case]) -> float:
    """Tokens per document when all words are sent and every field is asked for."""
    question = PROMPT.fill("question", fields=described((*ASKED, ITEMS, TAX_LINES)))
    total = 0
    for case in found:
        words = _all_words(case)
        inquiry = Inquiry(
            prompt=PROMPT.label,
            prompt_sha256=PROMPT.sha256,
            instructions=PROMPT.instructions,
            document=PROMPT.fill("document", words=words),
            question=question,
            schema=PROMPT.schema,
        )
        answer = [one._asdict() for one in truthful(case.truth)(inquiry)]
        total += tokens_of(inquiry) + estimated_tokens(json.dumps({"answers": answer}))
    return total / max(1, len(found))


def _all_words(case: Case) -> str:
    words = numbered(case.document.pages)
    return as_text(words, words.found.lines)


def tokens_of(inquiry: Inquiry) -> int:
    """Tokens that a question sends."""
    sent = (inquiry.instructions, inquiry.document, inquiry.question, inquiry.schema)
    return sum(map(estimated_tokens, sent))


def _unprinted(case: Case, extraction: Extraction, tally: Tally) -> Iterator[str]:
    """Values of the model in the result whose text is not among the words it was shown."""
    shown = {word for inquiry in tally.inquiries for seg in segments(inquiry) for word in seg.words}
    for path, proof in extraction.fields.items():
        text = (proof.text or "?").translate(MARKS)
        if proof.source == "model" and not set(text.split()) <= _pieces(shown):
            yield f"{case.name}: {path}: {proof.text}"


def _pieces(words: set[str]) -> set[str]:
    """Words and what is between the signs in them."""
    return words | {
        word[a:b] for word in words for a in range(len(word)) for b in range(a + 1, len(word) + 1)
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--wrong", action="store_true")
    given = parser.parse_args()
    found = list(cases(given.folder))
    table: list[tuple[str, Model | None, HelpScope]] = [
        ("alone", None, HelpScope.NEEDED),
    ]
    models: dict[str, Model] = {
        "truthful": honest,
        **{f"lying {seed}": liar(seed) for seed in range(given.seeds)},
        "cunning": sly,
        "inventing": lambda _case: inventing(7),
    }
    for name, model in models.items():
        table += [(f"{name}, {scope}", model, scope) for scope in HelpScope]
    for name, model, scope in table:
        score = run(found, model, scope)
        print(score.line(name), *score.unprinted, sep="\n    ")
        if given.wrong:
            print(*score.notes, sep="\n")
    print(f"sending everything: {everything(found):.0f} tokens per document")


if __name__ == "__main__":
    main()
