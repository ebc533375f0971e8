"""The trainer that STAT Studio sends to a GPU host. It reads one JSON spec and writes one event log."""

__version__ = "1"
