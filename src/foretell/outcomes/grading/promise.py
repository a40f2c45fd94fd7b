"""What the tests promised of a forecast: the measures of the serving models at past cutoffs, kept beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from foretell.backtest.curves import calibration_table
from foretell.backtest.forecast import ALL, Forecast, Measured
from foretell.backtest.proof import Proof
from foretell.project.objectives import target_of

TOP_TENTH = "share_of_top_tenth"
"""The metric of how many of the tenth with the highest chances it came true."""
DECILES = 10
PROMISED_SLICES = (ALL, "active", "new customers", "older customers")


@dataclass(frozen=True)
class Promised:
    """One measure over the test cutoffs: its mean, and the range from the lowest to the highest end of the 90 %
    intervals of the single tests. A next measure that lies outside is one that no test would have let expect."""

    objective: str
    slice: str
    metric: str
    value: float
    low: float
    high: float
    tests: int


@dataclass(frozen=True)
class Deciles:
    """Calibration by tenths of the forecast, lowest first: mean forecast, share that came true and its 90 % interval,
    customers; one entry a tenth, fewer where many forecasts are equal."""

    objective: str
    predicted: tuple[float, ...]
    actual: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    customers: tuple[int, ...]

    @classmethod
    def of(cls, objective: str, predicted: np.ndarray, actual: np.ndarray) -> Deciles:
        """The tenths of probabilities beside what happened, float64 [customers]."""
        table = calibration_table(predicted, actual, DECILES)
        columns = (table.predicted, table.actual, table.low, table.high)
        mean, came, low, high = (tuple(float(value) for value in column) for column in columns)
        return cls(objective, mean, came, low, high, tuple(int(count) for count in table.customers))

    @classmethod
    def restored(cls, plain: Mapping[str, Any]) -> Deciles:
        """The tenths that plain values tell."""
        columns = (tuple(plain[name]) for name in ("predicted", "actual", "low", "high", "customers"))
        return cls(plain["objective"], *columns)


@dataclass(frozen=True)
class Promise:
    """What the tests promised; nothing where they were over another horizon, or there were none (`missing` says why).
    `deciles` are of all tests together, `leads` the 90 % interval of what was added to the best baseline, by target."""

    measures: tuple[Promised, ...] = ()
    deciles: tuple[Deciles, ...] = ()
    missing: str = ""
    leads: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def of(self, objective: str, slice_name: str, metric: str) -> Promised | None:
        """The promise of one measure; None without one."""
        asked = (objective, slice_name, metric)
        return next((one for one in self.measures if (one.objective, one.slice, one.metric) == asked), None)

    def deciles_of(self, objective: str) -> Deciles | None:
        """The calibration of one question at the tests; None without it."""
        return next((one for one in self.deciles if one.objective == objective), None)


def promise_of(proof: Proof, horizon_days: int) -> Promise:
    """What the proof promises of a forecast over a horizon, by the models that serve each question."""
    serving = {name: choice.model for name, choice in proof.choices.items()}
    own = [one for one in proof.forecasts if one.model == serving.get(target_of(one.objective))]
    if not own:
        return Promise(missing=proof.unproved or "nothing was tested")
    tested = own[0].horizon_days
    if tested != horizon_days:
        return Promise(missing=f"the log was too short: the tests were over {tested} days")
    rows = [row for row in proof.measured if row.model == serving.get(target_of(row.objective))]
    chances = [one for one in own if one.kind == "probability"]
    return Promise(
        (*_measures([row for row in rows if row.slice in PROMISED_SLICES]), *_of_the_top(chances)),
        tuple(_pooled(chances)),
        leads={
            name: (one.skill_low, one.skill_high)
            for name, one in proof.grades.items()
            if one.skill_low is not None and one.skill_high is not None
        },
    )


def everybody_of(objective: str) -> str:
    """The slice of all of whom a question is asked: that of leaving is asked of active customers alone."""
    return "active" if objective == "churn" else ALL


def _measures(rows: list[Measured]) -> Iterator[Promised]:
    found: dict[tuple[str, str, str], list[Measured]] = {}
    for row in rows:
        if row.value is not None:
            found.setdefault((row.objective, row.slice, row.metric), []).append(row)
    for key, of_tests in found.items():
        values = [row.value for row in of_tests if row.value is not None]
        lows = [row.value if row.low is None else row.low for row in of_tests if row.value is not None]
        highs = [row.value if row.high is None else row.high for row in of_tests if row.value is not None]
        yield Promised(*key, float(np.mean(values)), min(lows), max(highs), len(values))


def _of_the_top(chances: list[Forecast]) -> Iterator[Promised]:
    """Of the tenth with the highest chances: the share that came true, with Wilson's interval at each test."""
    for objective in dict.fromkeys(one.objective for one in chances):
        tests = [Deciles.of(objective, one.predicted, one.actual) for one in chances if one.objective == objective]
        mean = float(np.mean([one.actual[-1] for one in tests]))
        low, high = min(one.low[-1] for one in tests), max(one.high[-1] for one in tests)
        yield Promised(objective, everybody_of(objective), TOP_TENTH, mean, low, high, len(tests))


def _pooled(chances: list[Forecast]) -> Iterator[Deciles]:
    for objective in dict.fromkeys(one.objective for one in chances):
        own = [one for one in chances if one.objective == objective]
        predicted, actual = (np.concatenate([getattr(one, name) for one in own]) for name in ("predicted", "actual"))
        yield Deciles.of(objective, predicted, actual)
