"""The caller's key to a model lives until its job ends, and is then in no file, log, answer or copy."""

import sqlite3
import subprocess
import sys
import tarfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.storage.backup import backup
from app.storage.sqlite.store import open_store
from tests.aimock import error, says
from tests.chaos.service import WORKER, Service
from tests.papers import paper

KEY = "sk-caller-2f6b0c1d9e8a7"
NUMBER = ("invoice.number", "PR-4471-26", [28])


@pytest.fixture(scope="module")
def service(tmp_path_factory, provider):
    data = tmp_path_factory.mktemp("keys") / "data"
    with Service(
        data, workers=1, SPUNTA_LOG_LEVEL="debug", SPUNTA_ANTHROPIC_BASE_URL=provider.url
    ) as running:
        yield running


def submit(service, data=None, name="paper.pdf"):
    answer = service.session().post(
        f"{service.url}/v1/extract/invoice",
        files={"file": (name, data or paper())},
        data={"mode": "byok_assisted"},
        headers={"X-BYOK-Key": KEY},
        timeout=30,
    )
    assert answer.status_code == 202, answer.text
    return answer.json()["job_id"]


def wait(service, job_id, seconds=60.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = service.session().get(f"{service.url}/v1/jobs/{job_id}", timeout=30).json()
        if job["status"] in {"completed", "failed", "cancelled"}:
            return job
        time.sleep(0.1)
    raise AssertionError(f"the job is still {job['status']}")


def sealed(data):
    with closing(sqlite3.connect(f"file:{data}/spunta.db?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute("SELECT sealed FROM secrets WHERE name = 'model_key'")]


def traces(folder, *needles):
    """The files of a folder that have one of some bytes."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    ]


def lasting(folder, *needles, seconds=5.0):
    """The same, of what lasts: the log is emptied right after the job is said to be over."""
    until = time.monotonic() + seconds
    while (found := traces(folder, *needles)) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def test_while_the_job_waits_the_key_is_sealed_and_after_it_gone(service, provider):
    provider.will({**says(NUMBER), "chaos": {"latencyMs": 700}})
    job_id = submit(service, paper(more="Uno."))
    waiting = sealed(service.data)
    assert waiting, "the key reaches the worker through the store"
    assert traces(service.data, KEY.encode()) == []
    job = wait(service, job_id)
    assert job["result"]["invoice"]["number"] == "PR-4471-26"
    assert sealed(service.data) == []
    assert traces(service.data, KEY.encode()) == []
    assert lasting(service.data, *waiting) == []
    assert KEY not in service.log() + str(job)


def test_a_failed_job_leaves_no_key(service):
    job_id = submit(service, b"%PDF-1.7 broken")
    assert wait(service, job_id)["status"] == "failed"
    assert sealed(service.data) == []
    assert traces(service.data, KEY.encode()) == []


def test_a_cancelled_job_leaves_no_key(service, provider):
    provider.will({**says(NUMBER), "chaos": {"latencyMs": 3_000}})
    job_id = submit(service, paper(more="Due."))
    waiting = sealed(service.data)
    time.sleep(1.0)
    assert service.session().delete(f"{service.url}/v1/jobs/{job_id}", timeout=30).status_code == 200
    assert sealed(service.data) == []
    assert waiting
    assert traces(service.data, KEY.encode()) == []
    assert lasting(service.data, *waiting) == []


def test_a_provider_that_fails_is_not_quoted(service, provider):
    provider.will(error(401, "authentication_error"))
    job = wait(service, submit(service, paper(more="Tre.")))
    assert [it["actual"] for it in job["validation_flags"] if it["code"] == "MODEL_UNAVAILABLE"] == [
        "PROVIDER_AUTH"
    ]
    assert "stand-in" not in str(job) + service.log()


def test_a_killed_worker_leaves_no_key(service, provider):
    provider.will({**says(NUMBER), "chaos": {"latencyMs": 1_600}}, says(NUMBER))
    job_id = submit(service, paper(more="Quattro."))
    time.sleep(1.0)
    waiting = sealed(service.data)
    service.kill(WORKER)
    job = wait(service, job_id, seconds=90)
    assert job["status"] == "completed"
    assert waiting
    assert sealed(service.data) == []
    assert traces(service.data, KEY.encode()) == []
    assert lasting(service.data, *waiting) == []
    assert KEY not in service.log()


def test_a_backup_has_no_key(service, provider, tmp_path):
    provider.will({**says(NUMBER), "chaos": {"latencyMs": 1_600}})
    job_id = submit(service, paper(more="Cinque."))
    waiting = sealed(service.data)
    with closing(open_store(service.data)) as store:
        backup(store, tmp_path / "copy.tar")
    with tarfile.open(tmp_path / "copy.tar") as archive:
        archive.extractall(tmp_path / "copy", filter="data")
    assert waiting
    assert traces(tmp_path / "copy", KEY.encode(), *waiting) == []
    assert sealed(tmp_path / "copy") == []
    assert wait(service, job_id)["status"] == "completed"


def test_what_models_took_is_in_the_usage_of_the_key(service, provider):
    provider.will(says(NUMBER))
    assert wait(service, submit(service, paper(more="Sei.")))["status"] == "completed"
    usage = service.session().get(f"{service.url}/v1/usage", timeout=30).json()
    spent = usage["models"][0]["spent"]
    assert spent["model_calls"] >= 1
    assert spent["cost"] > 0
    assert usage["model_monthly_cost"] is None


def test_a_worker_whose_jobs_ask_no_model_never_loads_one():
    told = """
import sys
from pathlib import Path
from app.jobs import worker
from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import read_invoice
read_invoice(Path(sys.argv[1]), Options(), Limits())
print(sorted(name for name in sys.modules if name.split(".")[0] in {"anthropic", "httpx2", "openai"} or name.startswith("app.extraction.llm.anthropic") or name.startswith("app.extraction.llm.openai")))
"""
    document = Path("fixtures/invoices/it-servizi/document.pdf").absolute()
    done = subprocess.run(
        [sys.executable, "-c", told, str(document)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
