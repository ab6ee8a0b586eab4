"""Logs tell what happened and where, and nothing of any document."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

SECRET = "RSSMRA80A01H501U"

PROGRAM = textwrap.dedent(f"""
    import logging
    import structlog
    from app.jobs.supervisor.logs import configure
    from app.settings import Settings

    configure(Settings(log_format="json", log_level="info"))
    log = structlog.get_logger("some.part")
    try:
        raise ValueError("{SECRET}")
    except ValueError:
        log.exception("reading failed")
        logging.getLogger("some.library").exception("it broke on %s", "{SECRET}")
    log.debug("too fine")
    logging.getLogger("some.library").info("chatter")
""")


def lines():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return done.stderr, [json.loads(line) for line in done.stderr.splitlines()]


def test_an_exception_is_told_by_its_kind_and_place_never_by_its_text():
    text, (ours, theirs) = lines()
    assert SECRET not in text
    assert (ours["event"], ours["problem"], ours["level"]) == ("reading failed", "ValueError", "error")
    assert ours["place"] == "<string>:10"
    assert (theirs["event"], theirs["logger"]) == ("it broke on %s", "some.library")


def test_a_disk_without_room_for_logs_stops_nothing():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-c", PROGRAM], stderr=full, check=False)
    assert done.returncode == 0


def test_levels_below_the_chosen_one_are_silent():
    _, found = lines()
    assert {line["level"] for line in found} == {"error"}
