"""Runs Dramatiq's own tests against the SQLite broker: `python -m tests.jobs.dramatiq_conformance [pytest options]`.

The tests are fetched from Dramatiq's source package, of the version that is installed, into a temporary folder; none
of them is kept here.
"""

import importlib.metadata
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[3]

LEFT_OUT_FILES = {
    "test_redis.py": "speaks to a Redis server through the Redis broker's own keys",
    "test_rabbitmq.py": "speaks to a RabbitMQ server through that broker's own channels",
    "test_cli.py": "Dramatiq's command line, which starts its own brokers",
    "test_watch.py": "Dramatiq's command line, reloading on changes",
    "test_pidfile.py": "Dramatiq's command line and its pid file",
    "test_types.py": "meant for a type checker, runs nothing",
    "test_barrier.py": "rate limiter backends; no broker takes part",
    "test_bucket_rate_limiter.py": "rate limiter backends; no broker takes part",
    "test_concurrent_rate_limiter.py": "rate limiter backends; no broker takes part",
    "test_window_rate_limiter.py": "rate limiter backends; no broker takes part",
}
LEFT_OUT_TESTS = {
    "test_broker.py::test_broker_uses_rabbitmq_if_not_set": "the RabbitMQ broker",
    "test_broker.py::test_can_instantiate_brokers_without_middleware": "the RabbitMQ broker",
    "test_stub_broker.py::test_stub_broker_can_be_flushed": "appends to StubBroker's list of dead letters",
    "test_results.py::test_messages_without_actor_not_crashing_lookup_options": "needs a Redis server",
}


def fetch(folder: Path) -> Path:
    """The suite, unpacked below `folder`."""
    wanted = f"dramatiq=={importlib.metadata.version('dramatiq')}"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--no-binary",
        ":all:",
        "-d",
        str(folder),
    ]
    subprocess.run([*pip, wanted], check=True, timeout=300)
    extra = [sys.executable, "-m", "pip", "install", "-q", "--target", str(folder / "extra"), "pika", "redis"]
    subprocess.run(extra, check=True, timeout=300)
    with tarfile.open(next(folder.glob("dramatiq-*.tar.gz"))) as package:
        package.extractall(folder, filter="data")
    tests = next(folder.glob("dramatiq-*/tests"))
    here = "tests.jobs.dramatiq_conformance"
    (tests / "__init__.py").touch()
    (tests / "conftest.py").write_text((Path(__file__).parent / "fixtures.py").read_text())
    (tests / "common.py").write_text((Path(__file__).parent / "suite_common.py").read_text())
    (tests / "conftest.py").write_text((tests / "conftest.py").read_text().replace(f"{here}.", "spunta_"))
    (tests.parent / "spunta_adapter.py").write_text((Path(__file__).parent / "adapter.py").read_text())
    return tests


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tests = fetch(folder)
        options = [f"--ignore={tests / file}" for file in LEFT_OUT_FILES]
        options += [f"--deselect={tests.name}/{test}" for test in LEFT_OUT_TESTS]
        paths = os.pathsep.join(map(str, (tests.parent, ROOT, folder / "extra")))
        (tests.parent / "pytest.ini").write_text("[pytest]\ntimeout = 120\n")
        # The installed Dramatiq is tested with, not the copy beside its tests.
        (tests.parent / "dramatiq").rename(tests.parent / "unused")
        run = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-q",
            *options,
            *sys.argv[1:],
            str(tests),
        ]
        done = subprocess.run(run, cwd=tests.parent, env={**os.environ, "PYTHONPATH": paths}, check=False)
    print("Left out:")
    for what, why in {**LEFT_OUT_FILES, **LEFT_OUT_TESTS}.items():
        print(f"  {what}: {why}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
