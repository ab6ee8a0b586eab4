"""Layouts as the field prints them: HTML pages and drawn forms, apart from the first families in manner and wording."""

from tests.generator.field.families import DEVELOPMENT, FIELD, HELD_OUT, LATER
from tests.generator.field.make import field_invoice

__all__ = ["DEVELOPMENT", "FIELD", "HELD_OUT", "LATER", "field_invoice"]
