"""Tables of items and of taxes: their heads, cells and rows."""
