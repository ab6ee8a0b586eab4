"""A running `spunta serve` that can be hurt: its processes are found and killed from outside."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

ROOT = Path(__file__).parents[2]
INVOICES = ROOT / "fixtures" / "invoices"
API = "app.server:run"
WORKER = "app.jobs.worker:run"
START_SECONDS = 90.0


class Service:
    """The service over a data folder, from its start to its end."""

    def __init__(self, data: Path, *, workers: int = 2, log: Path | None = None, **variables: str) -> None:
        self.data = data
        self._log = log or data.with_name("service.log")
        self.key = ""
        self.url = ""
        self._variables = {"SPUNTA_LOG_FORMAT": "json", "SPUNTA_LOG_LEVEL": "warning", **variables}
        self._workers = workers
        self._process: subprocess.Popen[str] | None = None
        self.clocks: Path | None = None
        """Where the clocks of its processes can be moved, by process id."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it listens; the first start makes the key."""
        command = [sys.executable, "-m", "app", "serve", "--port", self._port(), "--data", str(self.data)]
        self.data.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--workers", str(self._workers)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, **self._variables},
            )
        for line in self._process.stdout:
            if line.startswith("API key"):
                self.key = line.split()[-1]
            if line.startswith("Spunta listens"):
                self.url = line.split()[-1]
                return
        self._process.wait()
        self._process.stdout.close()
        raise RuntimeError(f"the service did not start:\n{self.log()}")

    def stop(self) -> float:
        """End it as Ctrl-C does; the seconds that took."""
        started = time.monotonic()
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)
            self._process.stdout.close()
            self._process = None
        return time.monotonic() - started

    def crash(self) -> None:
        """Kill the supervisor; its children have to notice."""
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        self._process = None

    def pids(self, entry: str) -> list[int]:
        """The processes that run an entry now."""
        return [pid for pid in _children(self._process.pid) if entry in _command(pid)]

    def kill(self, entry: str, choose=min) -> int:
        """SIGKILL one of an entry's processes; waits until there is one."""
        deadline = time.monotonic() + START_SECONDS
        while not (pids := self.pids(entry)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"no process of {entry} came back")
            time.sleep(0.02)
        victim = choose(pids)
        os.kill(victim, signal.SIGKILL)
        return victim

    def log(self) -> str:
        """What it wrote to standard error."""
        return self._log.read_text()

    def session(self) -> requests.Session:
        """An HTTP client that sends the key."""
        session = requests.Session()
        session.headers["X-API-Key"] = self.key
        return session

    def _port(self) -> str:
        return self.url.rsplit(":", 1)[-1] if self.url else "0"


def documents() -> list[Path]:
    """The project's own invoices that can be read."""
    return sorted(path for path in INVOICES.glob("*/document.*") if path.suffix in {".pdf", ".xml"})


def unique(document: Path, mark: str) -> bytes:
    """The document's bytes, made different from every other copy without changing what it says."""
    tail = f"\n% {mark}\n" if document.suffix == ".pdf" else f"<!-- {mark} -->\n"
    return document.read_bytes() + tail.encode()


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""
