"""The trainer STAT Studio sends to a GPU host: one JSON spec in, one event log out."""

__version__ = "1"
