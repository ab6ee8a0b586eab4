"""Recognising the words of a picture: one small protocol, an engine a file."""
