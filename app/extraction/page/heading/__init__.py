"""What the head of a document says of it: its kind, number, dates and payment."""
