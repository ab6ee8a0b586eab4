"""The rule engine. It knows what a rule is and no rule."""
