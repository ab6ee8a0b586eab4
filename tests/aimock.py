"""A stand-in for providers of models that we did not write: aimock, started on the loopback when a test asks."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

PROGRAM = Path(__file__).resolve().parent.parent / ".ci/aimock/node_modules/@copilotkit/aimock/dist/cli.js"
SECONDS = 20.0
KEY = "sk-test-9f8e7d6c5b4a"


class Aimock:
    """Speaks Anthropic's Messages API and OpenAI's chat completions, and answers what a test lays out."""

    def __init__(self, url: str) -> None:
        self.url = url

    def will(self, *responses: dict) -> None:
        """Answer the questions of a test with these, in this order, the last one for ever."""
        requests.post(f"{self.url}/__aimock/reset", timeout=SECONDS).raise_for_status()
        fixtures = [
            {"match": {"userMessage": "Fields:", "sequenceIndex": index}, **response}
            for index, response in enumerate(responses[:-1])
        ]
        fixtures.append({"match": {"userMessage": "Fields:"}, **responses[-1]})
        added = requests.post(f"{self.url}/__aimock/fixtures", json={"fixtures": fixtures}, timeout=SECONDS)
        assert added.ok, added.text

    def asked(self) -> list[dict]:
        """The requests so far, as they came in."""
        return requests.get(f"{self.url}/__aimock/journal", timeout=SECONDS).json()


def says(*answers: tuple[str, str, list[int]], usage: tuple[int, int] = (900, 60), **more: object) -> dict:
    """A response with these answers: path, value, ids of words."""
    content = {"answers": [{"path": path, "value": value, "word_ids": ids} for path, value, ids in answers]}
    return text(json.dumps(content), usage, **more)


def text(content: str, usage: tuple[int, int] = (900, 60), **more: object) -> dict:
    """A response with this text."""
    tokens = {"input_tokens": usage[0], "output_tokens": usage[1]}
    chat = {"prompt_tokens": usage[0], "completion_tokens": usage[1]}
    return {"response": {"content": content, "usage": {**tokens, **chat}, **more}}


def error(status: int, kind: str, **more: object) -> dict:
    """A response that is an error."""
    return {
        "response": {"error": {"message": "told by the stand-in", "type": kind}, "status": status, **more}
    }


@pytest.fixture(scope="session")
def provider() -> Iterator[Aimock]:
    """The stand-in, where node and aimock are installed (`npm ci --prefix .ci/aimock`)."""
    node = shutil.which("node")
    if node is None or not PROGRAM.is_file():
        pytest.skip("no stand-in for providers of models: needs node and `npm ci --prefix .ci/aimock`")
    command = [node, str(PROGRAM), "--port", "0", "--log-level", "info", "--fixtures", str(_first())]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield Aimock(_url(process))
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def _first() -> Path:
    return Path(__file__).resolve().parent / "aimock.json"


def _url(process: subprocess.Popen) -> str:
    until, said = time.monotonic() + SECONDS, ""
    while time.monotonic() < until:
        said += process.stdout.readline()
        found = re.search(r"http://[\d.]+:\d+", said)
        if found:
            return found.group()
    raise AssertionError("the stand-in did not start:\n" + said)
