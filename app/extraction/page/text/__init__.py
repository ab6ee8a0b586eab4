"""What stands on a page: its lines, and the labels, amounts, dates, identifiers and addresses on them."""
