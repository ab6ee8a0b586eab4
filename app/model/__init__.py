"""The nouns every other part speaks in: frozen, without behaviour that reaches outside themselves."""
