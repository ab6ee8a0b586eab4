"""Where things are kept: protocols, SQLite and files."""
