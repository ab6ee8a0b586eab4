"""A model's help where the reader is unsure: asked little, believed only where the page bears it out.

The caller of `assisted` hands in the door to a model (`Help`); nothing here but the providers knows a key or
an address. These are loaded by `provider_named` when a job asks for one, so that a worker without such jobs
never imports them.
"""

from app.extraction.llm.assisted import assisted
from app.extraction.llm.numbering import numbered
from app.extraction.llm.sight import FEW, seen

__all__ = ["FEW", "assisted", "numbered", "seen"]
