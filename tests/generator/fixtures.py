"""Writes the shipped examples anew: python -m tests.generator.fixtures [--check]

Bytes are reproducible: `--check` writes nothing and fails when a file would change.
"""

import argparse
import sys
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec

from tests.generator.fatturapa import to_xml, xml_truth
from tests.generator.fixture_bills import Example, examples
from tests.generator.generate import printed_source
from tests.generator.sheet import Sheet
from tests.generator.truth import printed_truth
from tests.generator.typeset import to_pdf
from tests.generator.wording import Wording

FOLDER: Final = Path(__file__).parents[2] / "fixtures" / "invoices"
ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def printed(example: Example) -> tuple[bytes, dict[str, Any]]:
    """The example's PDF and its truth."""
    if example.layout is None:
        msg = "an electronic invoice is not printed"
        raise ValueError(msg)
    rng = Random(f"example {example.slug} {example.seed}")
    words = Wording(rng, example.bill.language)
    for concept, text in example.words.items():
        words.fix(concept, text)
    sheet = Sheet(bill=example.bill, style=example.style, words=words, rng=rng)
    return to_pdf(printed_source(sheet, example.layout)), printed_truth(example.bill, sheet.printed)


def about(example: Example) -> str:
    """What the document is for and what is to be said about it."""
    made = (
        f"python -m tests.generator.fixtures, layout {example.layout.__name__}, seed {example.seed}"
        if example.layout
        else "python -m tests.generator.fixtures, FatturaPA 1.2.2"
    )
    flags = ", ".join(f'"{code}"' for code in example.flags)
    return (
        f'shows = "{example.shows}"\nlanguage = "{example.bill.language}"\ncountry = "{example.bill.country}"\n'
        f'kind = "{example.bill.kind}"\nmade_by = "{made}"\n\n# Codes of the rules that must fail, errors and warnings alike; none for a clean document.\nflags = [{flags}]\n'
    )


def files(example: Example) -> dict[str, bytes]:
    """Every file of the example's folder by its name."""
    if example.layout:
        document, truth = printed(example)
        name = "document.pdf"
    else:
        document, truth = to_xml(example.bill), xml_truth(example.bill)
        name = "document.xml"
    expected = msgspec.json.format(ENCODER.encode(truth), indent=2) + b"\n"
    return {name: document, "expected.json": expected, "about.toml": about(example).encode()}


def differences(folder: Path) -> list[str]:
    """The files that are not what this script would write."""
    wanted = {folder / x.slug / name: data for x in examples() for name, data in files(x).items()}
    return [
        str(path.relative_to(folder))
        for path, data in wanted.items()
        if not path.is_file() or path.read_bytes() != data
    ]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        sys.exit("\n".join(differences(FOLDER)) or 0)
    for example in examples():
        folder = FOLDER / example.slug
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files(example).items():
            (folder / name).write_bytes(data)
        print(f"{example.slug}: {example.shows}")


if __name__ == "__main__":
    main()
