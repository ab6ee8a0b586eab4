"""The amounts that a document is summed up in: the set that adds up."""
