"""Very many random invoices, and no rule that raises: in chunks, which go on where they were left.

    python -m tests.rules.many --count 2000000 --seed 1 --jobs 2 --done FOLDER/done.jsonl

Half of them are invented part by part, as no one would write them; the other half are those of the generator of
printed invoices, some parts of each exchanged for invented ones. A chunk is done when its line stands in the file;
each is a seed of its own, so that one which failed can be run again alone with `--chunk N`.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import msgspec

from app.model.extraction import Extraction
from app.model.invoice import Invoice
from app.validation import Context, load, validate
from tests.generator import LANGUAGES
from tests.generator.sample import Wish, draw_bill, draw_case, draw_country
from tests.generator.truth import printed_truth, values
from tests.rules.invented import Mixer

CHUNK = 10_000
POOL = 600
"""Parts of each kind that are made for a chunk and mixed."""


def drawn(rng: random.Random) -> Invoice:
    """What stands on an invoice of the generator, all of it."""
    language = rng.choice(LANGUAGES)
    country, wish = draw_country(rng, language), Wish()
    bill = draw_bill(rng, language, country, draw_case(rng, country, wish), wish)
    return msgspec.convert(printed_truth(bill, set(values(bill))), Invoice, strict=False)


def invoices(seed: str, count: int) -> Iterator[tuple[Extraction, Context]]:
    rng = random.Random(seed)
    mixer = Mixer(rng, POOL)
    real = [drawn(rng) for _ in range(POOL)]
    for number in range(count):
        extraction, context = mixer.mix()
        if number % 2:
            invoice = exchanged(rng, rng.choice(real), extraction.invoice)
            first = msgspec.structs.replace(extraction.readings[0], invoice=invoice)
            extraction = msgspec.structs.replace(extraction, readings=(first, *extraction.readings[1:]))
        yield extraction, context


def exchanged(rng: random.Random, real: Invoice, other: Invoice) -> Invoice:
    """An invoice with every fourth of its parts from another."""
    parts = {
        name: getattr(other if rng.random() < 0.25 else real, name) for name in Invoice.__struct_fields__
    }
    return Invoice(**parts)


def run(task: tuple[int, int, int]) -> dict[str, Any]:
    """One chunk: what it counted, and what went wrong first."""
    seed, chunk, count = task
    ruleset, begun, flags = load(), time.process_time(), 0
    for number, (extraction, context) in enumerate(invoices(f"{seed}/{chunk}", count)):
        report = validate(extraction, context, ruleset)
        flags += len(report.validation_flags)
        failed = [flag.message for flag in report.validation_flags if flag.code == "RULE_FAILED"]
        if failed:
            return {"seed": seed, "chunk": chunk, "failed": failed[0], "invoice": number}
    return {
        "seed": seed,
        "chunk": chunk,
        "invoices": count,
        "rules": len(ruleset.rules),
        "flags": flags,
        "cpu_seconds": round(time.process_time() - begun, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--done", type=Path, default=Path("many-done.jsonl"))
    parser.add_argument("--chunk", type=int)
    asked = parser.parse_args()
    if asked.chunk is not None:
        print(json.dumps(run((asked.seed, asked.chunk, CHUNK))))
        return 0
    return everything(asked.count, asked.seed, asked.jobs, asked.done)


def everything(count: int, seed: int, jobs: int, done: Path) -> int:
    lines = [json.loads(line) for line in done.read_text().splitlines()] if done.exists() else []
    over = {line["chunk"] for line in lines if line["seed"] == seed and "failed" not in line}
    tasks = [
        (seed, chunk, min(CHUNK, count - chunk * CHUNK))
        for chunk in range(-(-count // CHUNK))
        if chunk not in over
    ]
    total = sum(line["invoices"] for line in lines if line["chunk"] in over)
    with Pool(jobs) as pool, done.open("a") as file:
        for result in pool.imap_unordered(run, tasks):
            file.write(json.dumps(result) + "\n")
            file.flush()
            if "failed" in result:
                print(f"chunk {result['chunk']}, invoice {result['invoice']}: {result['failed']}")
                return 1
            total += result["invoices"]
    print(f"{total} invoices, no rule has raised")
    return 0


if __name__ == "__main__":
    sys.exit(main())
