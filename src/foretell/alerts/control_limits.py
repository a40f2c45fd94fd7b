"""Control limits for weekly series, set together: one false alarm a month in all, however many series are watched.

The last week is compared with the level of the weeks before it (the median of the last eight), in units of the
series' usual deviation from that level. The limit is a quantile of the greatest deviation over all series, drawn by a
moving-block bootstrap of whole weeks (Kuensch 1989): blocks keep what one week says about the next, whole weeks keep
what one series says about another. Values enter as square roots, which makes the scatter of counts even.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

WEEKS_PER_MONTH = 365.25 / 12 / 7
LEAST_WEEKS = 12
MOST_WEEKS = 104
LEVEL_WEEKS = 8
LEAST_LEVEL_WEEKS = 4
DRAWS = 2_000
AS_DEVIATION = np.sqrt(np.pi / 2)
"""The mean absolute deviation of a normal distribution times this is its standard deviation."""


@dataclass(frozen=True)
class Signal:
    """A series whose last week lies outside its limits: `value` where `low` to `high` was usual; `deviation` is in
    standard deviations."""

    series: str
    value: float
    low: float
    high: float
    deviation: float

    @property
    def direction(self) -> str:
        """`up` or `down`."""
        return "up" if self.deviation > 0 else "down"


@dataclass(frozen=True)
class ControlLimits:
    """What the limits are, and which series are outside; `cannot` says why there are none, `unwatched` which series
    had nothing to compare with. `limit` is in standard deviations, `weeks` the weeks that it rests on."""

    signals: tuple[Signal, ...] = ()
    limit: float = float("nan")
    weeks: int = 0
    watched: tuple[str, ...] = ()
    unwatched: tuple[str, ...] = ()
    cannot: str = ""


def control_limits(
    weekly: Mapping[str, np.ndarray], seed: int = 0, false_alarms_per_month: float = 1.0
) -> ControlLimits:
    """Compare the last week of every series with its past; series are float64 [weeks], all ending with the same week,
    not negative; NaN is a week that nobody knows.

    A series with under `LEAST_WEEKS` known weeks before the last one, with a gap in them, or that never moved is not
    watched. All others share the budget of false alarms.
    """
    known = {name: _known_weeks(np.asarray(values, dtype=np.float64)) for name, values in weekly.items()}
    long = {name: values for name, values in known.items() if len(values) > LEAST_WEEKS and np.ptp(values[:-1]) > 0}
    unwatched = tuple(name for name in weekly if name not in long)
    if not long:
        most = max((len(values) - 1 for values in known.values()), default=0)
        return ControlLimits(
            unwatched=unwatched,
            cannot=f"control limits take {LEAST_WEEKS} weeks of history that moves; there are {max(most, 0)}",
        )
    length = min(len(values) for values in long.values())
    roots = np.sqrt(np.stack([values[-length:] for values in long.values()]))
    level = levels(roots)
    apart = roots[:, LEAST_LEVEL_WEEKS:] - level
    usual = apart[:, :-1]
    limit = drawn_limit(usual, min(false_alarms_per_month / WEEKS_PER_MONTH, 1.0), seed)
    centre, scale = _centre_and_scale(usual)
    deviation = _standardised(apart[:, -1], centre, scale)
    middle = level[:, -1] + centre
    low, high = np.square(np.maximum(middle - limit * scale, 0)), np.square(middle + limit * scale)
    signals = tuple(
        Signal(name, float(values[-1]), float(low[at]), float(high[at]), float(deviation[at]))
        for at, (name, values) in enumerate(long.items())
        if abs(deviation[at]) > limit
    )
    return ControlLimits(signals, limit, usual.shape[1], tuple(long), unwatched)


def levels(series: np.ndarray) -> np.ndarray:
    """The level before each week from the fifth on: the median of up to eight weeks before; [series, weeks - 4]."""
    weeks = series.shape[1]
    return np.stack(
        [np.median(series[:, max(0, week - LEVEL_WEEKS) : week], axis=1) for week in range(LEAST_LEVEL_WEEKS, weeks)],
        axis=1,
    )


def drawn_limit(
    apart: np.ndarray,
    alarms_per_week: float,
    seed: int,
    least: np.ndarray | None = None,
    rises: np.ndarray | None = None,
) -> float:
    """The limit in standard deviations that the greatest of all series passes in a share `alarms_per_week` of weeks.
    The usual deviation of a series is never less than its own of `least` (float64 [series]); of a series that `rises`
    (bool [series]) only what lies above counts.

    `apart` is float64 [series, weeks]. A draw is a history of whole weeks in blocks and one week more: the deviation of
    that week from its own drawn history says how far chance alone takes it. Few weeks hold no extremes to draw: the
    limit is widened by 2 / weeks. Simulated with six series of 14 to 60 weeks: 0.7 to 1.1 false alarms a month, also
    where each week's deviation is half that of the week before.
    """
    weeks = apart.shape[1]
    block = max(2, round(weeks ** (1 / 3)))
    random = np.random.default_rng(seed)
    starts = random.integers(0, weeks, (DRAWS, -(-(weeks + 1) // block)))
    drawn = ((starts[:, :, None] + np.arange(block)) % weeks).reshape(DRAWS, -1)[:, -(weeks + 1) :]
    greatest = np.zeros(DRAWS)
    for at, series in enumerate(apart):
        history = series[drawn]
        floor, up = 0.0 if least is None else least[at], rises is not None and rises[at]
        deviation = deviations(history[:, :-1], history[:, -1], floor)
        greatest = np.maximum(greatest, deviation if up else np.abs(deviation))
    return float(np.quantile(greatest, 1 - alarms_per_week)) * (1 + 2 / weeks)


def deviations(history: np.ndarray, value: np.ndarray, least: np.ndarray | float = 0.0) -> np.ndarray:
    """How far values lie from the middle of their histories (float64 [..., weeks]), in usual deviations of these."""
    centre, scale = _centre_and_scale(history)
    return _standardised(value, centre, np.maximum(scale, least))


def _known_weeks(values: np.ndarray) -> np.ndarray:
    """The weeks since the last unknown one, at most `MOST_WEEKS`; none where the last week itself is unknown."""
    unknown = np.flatnonzero(~np.isfinite(values) | (values < 0))
    return values[unknown[-1] + 1 if len(unknown) else 0 :][-MOST_WEEKS:]


def _centre_and_scale(history: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    centre = history.mean(axis=-1)
    return centre, np.abs(history - centre[..., None]).mean(axis=-1) * AS_DEVIATION


def _standardised(value: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Deviations in units of `scale`; a history that never moved says nothing: 0."""
    return np.where(scale > 0, (value - centre) / np.where(scale > 0, scale, 1), 0.0)
