"""Prints one invoice of the field as a picture: python -m tests.generator.field.look NAME SEED OUT.png [--language L]"""

import argparse
import json
from pathlib import Path

import pypdfium2

from tests.generator import generate


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("family")
    parser.add_argument("seed", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--language")
    parser.add_argument("--page", type=int, default=1)
    asked = parser.parse_args()
    one = generate(asked.seed, asked.family, asked.language)
    asked.out.with_suffix(".pdf").write_bytes(one.pdf)
    document = pypdfium2.PdfDocument(one.pdf)
    document[asked.page - 1].render(scale=1.6).to_pil().convert("RGB").save(asked.out)
    print(json.dumps(one.truth, default=str, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
