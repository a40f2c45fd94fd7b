"""Estimates before the truth, as the screen, JSON and the report say them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from foretell.outcomes.estimates.estimate import SEES, Estimate, Estimates
from foretell.outcomes.estimates.rehearsal import TOTAL
from foretell.words.metrics import metric_name, question, written
from foretell.words.wording import amount, count, counted, joined

SHOWN = ("purchase",)
"""The questions of which the screen and the report tell; JSON tells of all."""
NOUNS = {"buyers": "customers are", "orders": "orders are", "spend": "of spend is"}


def as_told(estimates: Estimates) -> dict[str, Any]:
    """Plain values, for JSON."""
    return {
        "by_day": estimates.day,
        "missing": estimates.missing or None,
        "each": [one.as_json() for one in estimates.each],
        "sees": SEES,
    }


def estimate_lines(estimates: Estimates) -> list[str]:
    """What can be said of a forecast before it is ripe, a sentence each."""
    if estimates.missing:
        return [f"How good it will prove cannot be told before: {estimates.missing}."]
    told = [line for one in estimates.each for line in _total(one, estimates.currency)]
    measures = [one for one in estimates.each if one.objective in SHOWN]
    told += [_measure(one) for one in measures if one.can_be_told]
    told += _untold([one for one in measures if not one.can_be_told])
    return [*told, SEES] if any(one.error is not None for one in measures) else told


def _total(one: Estimate, currency: str) -> Iterator[str]:
    if one.metric != TOTAL:
        return
    forecast = _amount(one.objective, one.promised, currency)
    came = ""
    if one.so_far is not None and one.expected_by_now is not None:
        now, by_now = (_amount(one.objective, value, currency) for value in (one.so_far, one.expected_by_now))
        came = f"; {now} came by then, where {by_now} would be usual"
    heading = ""
    if one.value is not None and one.error is not None:
        heading = (
            f" It heads for {_amount(one.objective, one.value, currency)}, give or take "
            f"{_amount(one.objective, one.error, currency)}."
        )
    elif one.so_far is not None:
        heading = " Whether it ends elsewhere cannot be told yet."
    yield f"{forecast} {NOUNS[one.objective]} forecast{came}.{heading}"


def _measure(one: Estimate) -> str:
    now, promised, error = (written(one.objective, one.metric, value) for value in (one.value, one.promised, one.error))
    tests = _tests(one)
    return (
        f"{question(one.objective)} {metric_name(one.metric)} {now}, give or take {error} by {tests}, where {promised} "
        f"was promised: {one.verdict}."
    )


def _untold(left: list[Estimate]) -> Iterator[str]:
    """Those that cannot be told: their estimates at the tests missed by more than what would be told."""
    known = [one for one in left if one.error is not None]
    if known:
        names = joined([metric_name(one.metric) for one in known])
        yield (
            f"Cannot be told yet: {names}. Such estimates missed by more, at {_tests(known[0])}, than these lie from "
            "what was promised."
        )
    elif left:
        yield (
            "How good it will prove cannot be told before: the log has room for one window to test that on, and one "
            "says nothing of an error."
        )


def _tests(one: Estimate) -> str:
    apart = f" ({one.apart} of them apart)" if one.apart < one.tests else ""
    return f"{counted(one.tests, 'past test')}{apart}"


def _amount(what: str, value: float, currency: str) -> str:
    return amount(value, currency) if what == "spend" else count(value)
