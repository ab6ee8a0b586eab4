"""Everything that is kept, in one SQLite file and one folder of documents."""
