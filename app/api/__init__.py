"""The HTTP face. Nothing here knows how a job is run or stored; nothing below here knows a status code."""
