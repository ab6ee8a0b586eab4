"""The built-in rules."""

RULES: tuple[object, ...] = ()
