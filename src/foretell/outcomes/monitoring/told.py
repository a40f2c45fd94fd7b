"""Breaks in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foretell.features.themes import theme_in_words
from foretell.outcomes.monitoring.contract import Unread
from foretell.outcomes.monitoring.freshness import Freshness
from foretell.outcomes.monitoring.sources import MISSING, VOLUME, SourceSeries
from foretell.outcomes.monitoring.stability import Stability
from foretell.outcomes.monitoring.units import Units
from foretell.words.wording import count, counted, days, expected, joined, percent, shown

USUAL_WEEKS = 8
NAMED = 3


def freshness_said(one: Freshness, last_day: str) -> str:
    """How long a table has been silent."""
    return (
        f"{one.table}: nothing since {last_day}, {days(one.days)} ago, where {days(one.longest)} was the longest "
        f"pause of a year."
    )


def units_said(one: Units) -> str:
    """How far amounts moved at once."""
    ratio = one.times if one.times > 1 else 1 / one.times
    way = "times" if one.times > 1 else "times less than"
    return (
        f"{one.table}: {one.column} is about {count(ratio)} {way} what it was in the half year before "
        f"({counted(one.rows, 'newest amount')}); did its unit change, such as cents in place of whole money?"
    )


def unread_said(one: Unread) -> str:
    """How much of what came last could not be read."""
    return (
        f"{one.table}: {percent(one.rejected / max(one.rows, 1))} of the {counted(one.rows, 'row')} that came last "
        f"cannot be read, where {percent(one.usual)} was usual; foretell check data says why."
    )


def source_said(one: SourceSeries, weeks: np.ndarray, words: Sequence[str] = ()) -> str:
    """What a week of a table holds beside the weeks before (int64 [weeks, count and rows])."""
    part, rows = (int(number) for number in weeks[-1])
    before = weeks[:-1][-USUAL_WEEKS:]
    if one.what == VOLUME:
        usual = float(np.median(before[:, 0]))
        return f"{one.table}: {counted(part, 'row')} in a week, where about {expected(usual)} were usual."
    usual = float(before[:, 0].sum() / max(before[:, 1].sum(), 1))
    if one.what == MISSING:
        return (
            f"{one.table}: {one.column} is empty in {percent(part / max(rows, 1))} of {counted(rows, 'row')} of a "
            f"week, where {percent(usual)} was usual."
        )
    named = f" ({joined([shown(word) for word in words[:NAMED]])})" if words else ""
    return (
        f"{one.table}: {one.column} has values that were never there{named}, in {percent(part / max(rows, 1))} of "
        f"{counted(rows, 'row')} of a week."
    )


def population_said(theme: str, moved: Sequence[Stability], of: int) -> str:
    """Which features of a theme moved, the one that moved most first."""
    most = sorted(moved, key=lambda one: -one.index)
    told = joined([f"{one.name} {one.index:.2f}" for one in most[:NAMED]])
    about = "the scores" if theme == "scores" else theme_in_words(theme)
    return (
        f"Customers are not those of the weeks before in {about}: {count(len(moved))} of {count(of)} shifted, "
        f"stability index of {told} ({counted(most[0].rows, 'customer')} beside {count(most[0].reference)} of healthy "
        f"weeks)."
    )
