"""What an assignment of actions earns on rows kept aside, beyond contacting nobody, and how contenders compare."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import t

from bench.uplift.problems import Experiment


def earned(judged: Experiment, action: np.ndarray, expected: np.ndarray) -> float:
    """Profit a customer beyond contacting nobody: by the truth where it is known, else by doubly robust scores with
    `expected` outcomes (float64 [rows, arms], the same for all contenders, learned without these rows)."""
    every = np.arange(len(action))
    if judged.effect is not None:
        return float(judged.profits(judged.effect)[every, action].mean())
    arms = judged.cost.size
    shares = np.bincount(judged.arm, minlength=arms) / len(judged.arm)
    taken = judged.arm[:, None] == np.arange(arms)
    scores = expected + taken * (judged.outcome[:, None] - expected) / shares
    profit = judged.money * scores - judged.cost
    return float((profit[every, action] - profit[:, 0]).mean())


def best_actions(judged: Experiment, effects: np.ndarray) -> np.ndarray:
    """int64 [rows]: the action with the highest foretold profit, from effects float64 [rows, arms]."""
    return np.asarray(judged.profits(effects).argmax(axis=1))


def riskiest(taught: Experiment, judged: Experiment, of_taught: np.ndarray, of_judged: np.ndarray) -> np.ndarray:
    """int64 [rows]: the best arm for those with the highest expected outcome without contact, as many as earn most on
    what is taught (tenths of all)."""
    arm = 1 + int(np.argmax([_plain(taught, a) for a in range(1, taught.cost.size)]))
    order = np.argsort(-of_taught, kind="stable")
    best = max(range(11), key=lambda tenth: _plain(taught, arm, order[: len(order) * tenth // 10]) * tenth)
    cut = np.argsort(-of_judged, kind="stable")[: len(of_judged) * best // 10]
    action = np.zeros(len(of_judged), np.int64)
    action[cut] = arm
    return action


def best_for_all(taught: Experiment) -> int:
    """The arm other than the control that earns most on what is taught."""
    return 1 + int(np.argmax([_plain(taught, a) for a in range(1, taught.cost.size)]))


def _plain(taught: Experiment, arm: int, rows: np.ndarray | None = None) -> float:
    """An arm's profit beyond the control's, as a difference of means."""
    own, outcome = (taught.arm, taught.outcome) if rows is None else (taught.arm[rows], taught.outcome[rows])
    if not (own == arm).any() or not (own == 0).any():
        return 0.0
    return float(taught.money * (outcome[own == arm].mean() - outcome[own == 0].mean()) - taught.cost[arm])


def interval(values: Sequence[float], level: float = 0.95) -> tuple[float, float, float]:
    """Mean and t interval over splits."""
    found = np.asarray(values, np.float64)
    mean = float(found.mean())
    if len(found) < 2:
        return mean, mean, mean
    half = float(t.ppf(0.5 + level / 2, len(found) - 1) * found.std(ddof=1) / np.sqrt(len(found)))
    return mean, mean - half, mean + half
