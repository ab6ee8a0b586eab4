"""The story: read, extract. (Validate and decide join here.)"""

from pathlib import Path

from app.extraction import extract
from app.model.extraction import Extraction
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import Watch, unwatched
from app.reading import read


def read_invoice(path: Path, options: Options, limits: Limits, watch: Watch = unwatched) -> Extraction:
    """Everything up to judgement; pure but for reading the file at `path`."""
    document = read(path, options, limits, watch)
    return extract(document, options, watch)
