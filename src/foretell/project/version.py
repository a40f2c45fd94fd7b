"""The version of Foretell: part of the key of every kept result."""

__version__ = "0.1.0"
