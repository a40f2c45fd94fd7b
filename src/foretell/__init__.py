"""Foretell: what each customer will do next, how sure that is, and why.

>>> import foretell as ft
>>> result = ft.run("orders.csv", horizon="90d")  # doctest: +SKIP
>>> result.scores.to_pandas()  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foretell.project.version import __version__

if TYPE_CHECKING:
    from foretell.features.registry import feature
    from foretell.project.errors import InputError
    from foretell.python import Result, run

__all__ = ["InputError", "Result", "__version__", "feature", "run"]

HOMES = {
    "run": "foretell.python",
    "Result": "foretell.python",
    "InputError": "foretell.project.errors",
    "feature": "foretell.features.registry",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that `import foretell` loads no heavy library."""
    if name not in HOMES:
        raise AttributeError(f"module 'foretell' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(HOMES[name]), name)
