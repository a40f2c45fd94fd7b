"""Foretell: what each customer will do next, how sure that is, and why."""

from __future__ import annotations

__version__ = "0.1.0"
