"""What we say to a model: versioned files."""
