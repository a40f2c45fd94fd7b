"""The grade of a published forecast: how good it proved, beside what the tests had promised."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from foretell.backtest.forecast import ALL
from foretell.outcomes.grading.promise import TOP_TENTH, Deciles
from foretell.words.metrics import best_first

HITS, STAYED = "hit_share", "stayed_share"
"""The share of customers who are in the segment called likeliest, and in the one that they were in."""
UNDIRECTED = ("calibration_slope", "interval_width", "share_above_high", "interval_coverage_of_buyers")
COVERAGE = {"interval_coverage": 0.8}


@dataclass(frozen=True)
class Figure:
    """A measure of the forecast against what happened, with its 90 % interval over customers, of `customers`; beside
    it what the tests promised (None: nothing)."""

    objective: str
    slice: str
    metric: str
    value: float
    low: float | None
    high: float | None
    customers: int
    promised: float | None = None
    promised_low: float | None = None
    promised_high: float | None = None

    @property
    def verdict(self) -> str:
        """`as promised` within the range of the tests, else `better`, `worse`, or `outside`; empty without a promise.

        >>> Figure("purchase", "all", "auroc", 0.7, 0.6, 0.8, 9, 0.8, 0.75, 0.85).verdict
        'worse'
        """
        if self.promised is None or self.promised_low is None or self.promised_high is None:
            return ""
        if self.promised_low <= self.value <= self.promised_high:
            return "as promised"
        if self.metric in UNDIRECTED:
            return "outside"
        if self.metric in COVERAGE:
            aim = COVERAGE[self.metric]
            return "better" if abs(self.value - aim) < abs(self.promised - aim) else "worse"
        if self.metric == TOP_TENTH:
            return "better" if self.value > self.promised else "worse"
        return "better" if best_first(self.metric, self.value) < best_first(self.metric, self.promised) else "worse"


@dataclass(frozen=True)
class Total:
    """What was forecast of all customers of a kind together, and what came: `what` is `buyers`, `orders` or `spend`."""

    what: str
    slice: str
    customers: int
    forecast: float
    came: float


@dataclass(frozen=True)
class Lead:
    """What the models added to the best baseline on what came (1 - score / score of the baseline: log loss or deviance;
    0 adds nothing, 1 is perfect), with its 90 % interval over customers, and what the tests had promised of it."""

    objective: str
    baseline: str
    value: float
    low: float
    high: float
    promised_low: float | None = None
    promised_high: float | None = None

    @property
    def verdict(self) -> str:
        """`ahead` or `behind` where the interval says so, else `level`.

        >>> Lead("purchase", "rfm_cells", 0.1, 0.05, 0.15).verdict
        'ahead'
        """
        return "ahead" if self.low > 0 else "behind" if self.high < 0 else "level"


@dataclass(frozen=True)
class Grade:
    """`customers` were graded, of `left_out` the log knows nothing any more (joined with others since). `orders` came
    in the window, `fingerprint` is of the outcomes. `known_until` is the day up to which the log was complete.
    `promised_deciles` is the calibration that the tests promised, `promise_missing` says why they promised nothing;
    `leads` say what was added to the baselines that were kept beside."""

    customers: int
    left_out: int
    orders: int
    fingerprint: str
    known_until: str
    figures: tuple[Figure, ...]
    deciles: tuple[Deciles, ...]
    totals: tuple[Total, ...]
    promised_deciles: tuple[Deciles, ...] = ()
    promise_missing: str = ""
    currency: str = ""
    leads: tuple[Lead, ...] = ()

    def figure(self, objective: str, metric: str, slice_name: str = ALL) -> Figure | None:
        """One figure; None where it could not be computed."""
        asked = (objective, metric, slice_name)
        return next((one for one in self.figures if (one.objective, one.metric, one.slice) == asked), None)

    def total(self, what: str, slice_name: str = ALL) -> Total | None:
        """One total; None without it."""
        return next((one for one in self.totals if (one.what, one.slice) == (what, slice_name)), None)

    def deciles_of(self, objective: str) -> Deciles | None:
        """The calibration of one question; None where nobody was asked."""
        return next((one for one in self.deciles if one.objective == objective), None)

    def promised_deciles_of(self, objective: str) -> Deciles | None:
        """The calibration of one question at the tests; None where nothing was promised."""
        return next((one for one in self.promised_deciles if one.objective == objective), None)

    def as_plain(self) -> dict[str, Any]:
        """Plain values, from which `restored` makes the same grade."""
        return asdict(self)

    @classmethod
    def restored(cls, plain: dict[str, Any]) -> Grade:
        """The grade that these plain values tell."""
        told = {
            "figures": tuple(Figure(**one) for one in plain["figures"]),
            "totals": tuple(Total(**one) for one in plain["totals"]),
            "leads": tuple(Lead(**one) for one in plain.get("leads", ())),
            **{
                name: tuple(Deciles.restored(one) for one in plain.get(name, ()))
                for name in ("deciles", "promised_deciles")
            },
        }
        return cls(**{**plain, **told})
