"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.aimock import provider  # noqa: F401  # a fixture for every test

# A busy machine is not a failure: what a property takes is measured in the benchmarks.
settings.register_profile("spunta", deadline=None)
settings.load_profile("spunta")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the source tree."""
    return ROOT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """A folder of real documents with known answers; the tests that use it skip where there is none."""
    folder = Path(os.environ.get("SPUNTA_CORPUS", ROOT.parent / "shared" / "corpus"))
    if not folder.is_dir():
        pytest.skip("no folder of real documents: set SPUNTA_CORPUS to one to run this test")
    return folder
