"""The language of a document, by the words of its labels."""

from typing import Final

from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.scan import Scan
from app.model.options import Options

_INSIDE: Final = 0.2  # of a vote: a phrase in the middle of a text is often a word of another language


def language_of(found: Scan, options: Options) -> str | None:
    """The language whose labels cover most of the document; a hint decides between equals."""
    votes: dict[str, float] = {}
    for labels in found.labels:
        for label in labels:
            spoken = _spoken(label)
            for language in spoken:
                votes[language] = votes.get(language, 0.0) + _vote(label) / len(spoken)
    if not votes:
        return None
    hint = options.locale or ""
    return max(votes, key=lambda language: (round(votes[language], 1), language == hint))


def _spoken(label: Label) -> frozenset[str]:
    return frozenset().union(*(sense.languages for sense in label.senses))


def _vote(label: Label) -> float:
    weight = max(sense.weight for sense in label.senses)
    letters = label.end - label.start
    return weight * min(letters, 20) * (1.0 if label.leads else _INSIDE)
