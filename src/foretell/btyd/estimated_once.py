"""Estimates that are made once: several targets, horizons and questions ask for those of the same customers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from foretell.btyd.gamma_gamma import ValueSummary
from foretell.btyd.summary import CannotFit, Summary
from foretell.project.fingerprints import fingerprint_of_arrays

MOST_KEPT = 256

Summarised = TypeVar("Summarised", Summary, ValueSummary)
Parameters = TypeVar("Parameters")

_KEPT: OrderedDict[tuple[Any, str], Any] = OrderedDict()


def estimated(fit: Callable[[Summarised], Parameters], summary: Summarised) -> Parameters:
    """What `fit` finds of a summary: found before, in this process and for the same numbers, it is not searched again.
    A refusal is kept as well, and raised again (`CannotFit`)."""
    key = (fit, fingerprint_of_arrays(*(getattr(summary, field.name) for field in fields(summary))))
    if key not in _KEPT:
        try:
            _KEPT[key] = fit(summary)
        except CannotFit as refusal:
            _KEPT[key] = refusal
        if len(_KEPT) > MOST_KEPT:
            _KEPT.popitem(last=False)
    found = _KEPT[key]
    if isinstance(found, CannotFit):
        raise CannotFit(*found.args)
    parameters: Parameters = found
    return parameters
