"""The proof of an alert rule: the rule replayed at past cutoffs, with the scores that were known then.

Told are precision (of the warnings, how many came true), how early they came, and how many were false a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist

import numpy as np

from foretell.alerts.past.scores import PastScores
from foretell.alerts.rules import AlertRule, ScoredNow
from foretell.project.intervals import MICROSECONDS_PER_DAY, from_microseconds

CONFIDENCE = 0.9


@dataclass(frozen=True)
class RuleProof:
    """What a rule was worth at past cutoffs; None is what could not be computed.

    `cannot` says why nothing was tested (else it is empty). `warnings` were raised after cooldown, `judged` are those
    of which the event was asked, `true` came true; `precision` with its 90 % interval, `base_rate` is the share of the
    event among everybody of whom it was asked, `recall` the share of events that were warned of. `lead_days` are the
    median and the quartiles of the days from a true warning of leaving to the day on which the customer counted as
    lost; `false_per_week` are customers, of all customers.
    """

    cannot: str = ""
    cutoffs: tuple[int, ...] = ()
    warnings: int = 0
    judged: int = 0
    true: int = 0
    precision: float | None = None
    precision_low: float | None = None
    precision_high: float | None = None
    base_rate: float | None = None
    recall: float | None = None
    lead_days: tuple[float, float, float] | None = None
    lead_cannot: str = ""
    false_per_week: float | None = None

    @property
    def is_tested(self) -> bool:
        """Whether there is a precision."""
        return self.precision is not None

    def as_json(self) -> dict[str, object]:
        """Plain values, by name."""
        return asdict(self) | {"cutoffs": [from_microseconds(cutoff).isoformat() for cutoff in self.cutoffs]}


def replayed(rule: AlertRule, past: Sequence[PastScores]) -> list[tuple[PastScores, np.ndarray]]:
    """Each cutoff, oldest first, with the customers (bool) of whom the rule warned: those of whom it held, less those
    of whom it had warned within its cooldown. A rule that compares with the run before has no say at the first."""
    comparing = bool(rule.compares)
    warned_at: dict[int, int] = {}
    found = []
    for place, moment in enumerate(past):
        if comparing and place == 0:
            continue
        before = moment.before(past[place - 1]) if comparing else None
        holds = rule.holds(ScoredNow(moment.columns, before))
        since = moment.cutoff - rule.cooldown_days * MICROSECONDS_PER_DAY
        rows = [row for row in np.flatnonzero(holds) if warned_at.get(int(moment.customer_key[row]), since) <= since]
        warned_at |= {int(key): moment.cutoff for key in moment.customer_key[rows]}
        warned = np.zeros(len(holds), dtype=bool)
        warned[rows] = True
        found.append((moment, warned))
    return found


def proved(rule: AlertRule, past: Sequence[PastScores], customers_per_tested: float = 1.0) -> RuleProof:
    """The rule's proof; `customers_per_tested` is how many customers each one of the tests stands for."""
    cannot = _cannot(rule, past)
    if cannot:
        return RuleProof(cannot)
    found = replayed(rule, past)
    cutoffs = tuple(moment.cutoff for moment, _ in found)
    event = [moment.events.get(rule.part.about, np.full(len(warned), np.nan)) for moment, warned in found]
    asked = [np.isfinite(came) for came in event]
    key = np.concatenate([moment.customer_key for moment, _ in found])
    warned = np.concatenate([warned for _, warned in found])
    came, known = np.concatenate(event), np.concatenate(asked)
    judged = warned & known
    true = judged & (came == 1)
    if not judged.any():
        return RuleProof(
            f"nobody of whom {rule.part.about} was asked met it at {len(found)} past cutoffs",
            cutoffs,
            int(warned.sum()),
        )
    lead, lead_cannot = _lead_days(rule, found)
    low, high = precision_interval(key[judged], came[judged])
    false = int(judged.sum() - true.sum())
    return RuleProof(
        "",
        cutoffs,
        int(warned.sum()),
        int(judged.sum()),
        int(true.sum()),
        float(true.sum() / judged.sum()),
        low,
        high,
        float(came[known].mean()),
        float(true.sum() / max((came[known] == 1).sum(), 1)),
        lead,
        lead_cannot,
        false * customers_per_tested / _weeks(past, len(found)),
    )


def precision_interval(key: np.ndarray, came: np.ndarray) -> tuple[float, float]:
    """The 90 % interval of a share by Wilson's formula; several warnings of one customer count for less than as many
    of several customers (linearised variance of a ratio, by customer)."""
    _, customer = np.unique(key, return_inverse=True)
    warnings = np.bincount(customer).astype(np.float64)
    share = float(came.mean())
    apart = np.bincount(customer, weights=came) - share * warnings
    variance = float((apart**2).sum() / warnings.sum() ** 2)
    count = share * (1 - share) / variance if variance > 0 and 0 < share < 1 else float(len(warnings))
    z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * float(np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)))
    return min(max(centre - half, 0.0), share), max(min(centre + half, 1.0), share)


def _cannot(rule: AlertRule, past: Sequence[PastScores]) -> str:
    if rule.move is not None and rule.move.chance is not None:
        return "cannot be tested on the past: forecasts of moves were not kept for past cutoffs"
    needed = 2 if rule.compares else 1
    if len(past) < needed:
        return f"cannot be tested on the past: that takes {needed} past cutoffs with forecasts, there are {len(past)}"
    missing = [name for name in rule.names if any(name not in moment.columns for moment in past)]
    if missing:
        return f"cannot be tested on the past: {', '.join(missing)} is not known at past cutoffs"
    return ""


def _lead_days(
    rule: AlertRule, found: Sequence[tuple[PastScores, np.ndarray]]
) -> tuple[tuple[float, float, float] | None, str]:
    if rule.part.about != "churn":
        return None, "told for warnings of leaving only"
    if any(moment.days_to_loss is None for moment, _ in found):
        return None, "the last order before past cutoffs is not known"
    days = np.concatenate(
        [
            moment.days_to_loss[warned & (moment.events["churn"] == 1)]
            for moment, warned in found
            if moment.days_to_loss is not None and "churn" in moment.events
        ]
    )
    days = days[np.isfinite(days)]
    if not len(days):
        return None, "no warning came true"
    low, middle, high = np.quantile(days, [0.25, 0.5, 0.75])
    return (float(middle), float(low), float(high)), ""


def _weeks(past: Sequence[PastScores], replays: int) -> float:
    """The weeks that the replays stand for: the usual time between two cutoffs (the horizon, where there is one
    alone), each."""
    cutoffs = np.array([moment.cutoff for moment in past], dtype=np.float64)
    apart = float(np.median(np.diff(cutoffs))) / MICROSECONDS_PER_DAY if len(cutoffs) > 1 else past[0].horizon_days
    return float(replays * apart / 7)
