"""Reading in a process that may be killed: documents come from strangers and are parsed by native code."""

from app.jobs.sandbox.reader import Cancelled, Counsel, ReaderProcess

__all__ = ["Cancelled", "Counsel", "ReaderProcess"]
