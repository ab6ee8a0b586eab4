"""The README's examples, as they stand there but for addresses, keys and secrets."""

import re
import shutil
import socket
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest

from app.storage.sqlite.store import open_store

BASH = shutil.which("bash")


@pytest.fixture(scope="module")
def examples(root):
    """The blocks of the README's chapter on the service, by language."""
    text = (root / "README.md").read_text(encoding="utf-8")
    chapter = text.partition("## Run the service")[2].partition("\n## ")[0]
    found = re.findall(r"```(\w+)\n(.*?)```", chapter, re.DOTALL)
    return {language: [code for each, code in found if each == language] for language, _ in found}


def here(code, server):
    return code.replace("http://127.0.0.1:8000", server.url).replace("inv_…", server.key)


def test_the_client_prints_the_result(examples, server, root):
    done = subprocess.run(
        [sys.executable, "-c", here(examples["python"][0], server)],
        capture_output=True,
        text=True,
        cwd=root,
        timeout=60,
        check=True,
    )
    assert "Decimal(" in done.stdout
    assert "outcome" in done.stdout


@pytest.mark.skipif(None in {BASH, shutil.which("curl")}, reason="bash or curl is not installed")
def test_curl_brings_a_document_and_asks_for_its_job(examples, server, root):
    block = next(block for block in examples["sh"] if f"{server.url}/v1/jobs/$JOB_ID" in here(block, server))
    bring, ask = here(block, server).strip().splitlines()

    def run(line, **variables):
        done = subprocess.run(
            [BASH, "-c", line],
            capture_output=True,
            text=True,
            cwd=root,
            env=variables,
            timeout=60,
            check=True,
        )
        return done.stdout

    job_id = re.search(r'"job_id": ?"([^"]+)"', run(bring, KEY=server.key))[1]
    assert job_id in run(ask, KEY=server.key, JOB_ID=job_id)


@contextmanager
def receiving(code, port, secret):
    """The receiver's process."""
    code = code.replace("9000", str(port)).replace("whsec_…", secret)
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process.stdout
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


def test_the_receiver_verifies_and_prints_the_end_of_a_job(examples, server, fattura):
    with closing(open_store(server.data)) as store:
        key, secret = store.keys.create("receiver")
        [signing] = store.keys.webhook_secrets(key.key_id, key.created_at)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with receiving(examples["python"][1], port, signing) as said:
        accepted = server.submit(fattura(), key=secret, callback_url=f"http://127.0.0.1:{port}/")
        job_id = accepted.json()["job_id"]
        assert said.readline().split() == ["job.completed", job_id, "completed"]
