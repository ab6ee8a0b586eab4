"""Invented invoices with their truth: random but seeded, printed by a real typesetter."""

from tests.generator.families import FAMILIES, TUNING, VALIDATION
from tests.generator.generate import Generated, generate
from tests.generator.wording import LANGUAGES

__all__ = ["FAMILIES", "LANGUAGES", "TUNING", "VALIDATION", "Generated", "generate"]
