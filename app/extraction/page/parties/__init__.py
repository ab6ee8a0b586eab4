"""Who issues and who receives: areas of the page, names, addresses and identifiers."""
