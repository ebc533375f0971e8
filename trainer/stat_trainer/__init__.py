"""The trainer that STAT Studio sends to a GPU host: reads one JSON spec, writes one event log."""

__version__ = "1"
