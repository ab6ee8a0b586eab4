"""Schemathesis against the OpenAPI that a fresh service serves, all checks on: python -m tests.chaos.http_fuzz.

It wants more than this project's environment has, so it lives in one of its own:

    python3 -m venv fuzz && fuzz/bin/pip install schemathesis==4.32.0
    .venv/bin/python -m tests.chaos.http_fuzz --program fuzz/bin/st

What follows `--` is handed on, for instance `-- --max-examples 200 --seed 7`. The exit status is Schemathesis's.
"""

import argparse
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from app.storage.records import Scope
from app.storage.sqlite.store import open_store
from tests.chaos.service import Service

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
LIMITS = {
    "SPUNTA_FAILED_KEY_LIMIT": "",
    "SPUNTA_RATE_LIMIT": "",
    "SPUNTA_WEBHOOK_PRIVATE": "true",
    "SPUNTA_OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
    "SPUNTA_OPENAI_MODEL": "any",
}
"""It tries wrong keys, faster than anybody may; and no schema tells private addresses from public ones, or what
models a service is set up for."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--program", default="st", help="Schemathesis's own.")
    parser.add_argument("rest", nargs="*", help="Options for it.")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Service(Path(folder) / "data", workers=1, **LIMITS) as service,
    ):
        with closing(open_store(service.data)) as store:
            key = store.keys.create("fuzz", scopes=frozenset(Scope))[1]
        command = [
            given.program,
            *("--config-file", str(CONFIGURATION)),
            "run",
            f"{service.url}/schema/openapi.json",
            *("--checks", "all", "--phases", "examples,coverage,fuzzing,stateful"),
            *("--header", f"X-API-Key: {key}"),
            *("--continue-on-failure", "--request-timeout", "60"),
            *given.rest,
        ]
        return subprocess.run(command, check=False, cwd=folder).returncode


if __name__ == "__main__":
    sys.exit(main())
