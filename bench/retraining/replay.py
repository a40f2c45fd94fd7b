"""One replay: half a year of shadow scores over customers whose chances are known, judged as `foretell` judges them.

Each customer orders by a Poisson process of their own rate, which shocks of a week move for everybody. Every model says
the true chance with noise of its own on the logit, which stays with the customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from foretell.outcomes.retraining.early import at_early_days, early_days, fitted_exponent, log_losses
from foretell.outcomes.retraining.evidence import Look, evidence
from foretell.pipeline.loop.champion.ripened import ALPHA

CHAMPION, PREDECESSOR, BASELINE = "champion", "predecessor", "baseline"


@dataclass(frozen=True)
class World:
    """What a replay is drawn from. `noise` is each model's spread on the logit, and `shift` what is wrong with its
    level; of `shuffled` of the customers the champion says what belongs to another. `shocks` is the spread of a week's
    factor on all rates; `contacted` is the share of customers who are treated within a window, chosen by the
    champion's own chance. On the day that it `turns` (0: never) half of the customers take the rate of another; the
    baseline follows them, as one does that counts recent orders, the other two do not."""

    name: str
    customers: int = 1_000
    days: int = 182
    horizon_days: int = 30
    noise: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys((CHAMPION, PREDECESSOR, BASELINE), 0.4))
    shift: float = 0.0
    shuffled: float = 0.0
    shocks: float = 0.0
    contacted: float = 0.0
    turns: int = 0


@dataclass(frozen=True)
class Replayed:
    """The day on which the champion was rolled back (None: never), against whom, and at which horizon."""

    day: int | None
    against: str = ""
    horizon_days: int = 0


def replayed(world: World, seed: int) -> Replayed:
    """One replay, stopped at the first day on which the champion is shown to be worse."""
    random = np.random.default_rng(seed)
    rate = random.gamma(0.8, 1 / 60, world.customers)
    chance = -np.expm1(-rate * world.horizon_days)
    factor = np.exp(random.normal(-(world.shocks**2) / 2, world.shocks, world.days // 7 + 1))
    later = _turned(world, rate, random)
    rates = np.stack([later if world.turns and day >= world.turns else rate for day in range(world.days)])
    orders = random.random((world.days, world.customers)) < -np.expm1(-rates * np.repeat(factor, 7)[: world.days, None])
    said = _said(world, chance, random)
    follows = _noisy(-np.expm1(-later * world.horizon_days), world.noise[BASELINE], random)
    early, full = early_days(world.horizon_days), world.horizon_days
    before = random.random(world.customers) < -np.expm1(-rate * early)
    exponent = fitted_exponent(chance, before, early / full)
    looks: dict[tuple[int, str], list[Look]] = {}
    ends = [
        (start + length, length, start)
        for length in (early, full)
        for start in range(0, world.days - length + 1, length)
    ]
    keys = np.arange(world.customers, dtype=np.uint64)
    for day, length, start in sorted(ends):
        came = orders[start:day].any(axis=0)
        stays = ~_contacted(world, said[CHAMPION], random)
        now = {**said, BASELINE: follows} if world.turns and start >= world.turns else said
        told = {name: at_early_days(one, exponent) if length < full else one for name, one in now.items()}
        losses = {name: log_losses(one, came) for name, one in told.items()}
        for against in (PREDECESSOR, BASELINE):
            worse = (losses[CHAMPION] - losses[against])[stays]
            own = looks.setdefault((length, against), [])
            own.append(Look(start, keys[stays], worse))
            if evidence(own, ALPHA / 4).shown:
                return Replayed(day, against, length)
    return Replayed(None)


def _said(world: World, chance: np.ndarray, random: np.random.Generator) -> dict[str, np.ndarray]:
    """What each model says of each customer."""
    mixed = chance.copy()
    which = np.flatnonzero(random.random(len(mixed)) < world.shuffled)
    mixed[which] = chance[random.permutation(which)]
    champion = _noisy(mixed, world.noise[CHAMPION], random, world.shift)
    return {CHAMPION: champion} | {name: _noisy(chance, world.noise[name], random) for name in (PREDECESSOR, BASELINE)}


def _noisy(chance: np.ndarray, noise: float, random: np.random.Generator, shift: float = 0.0) -> np.ndarray:
    logit = np.log(chance) - np.log1p(-chance) + shift + random.normal(0, noise, len(chance))
    return np.asarray(1 / (1 + np.exp(-logit)))


def _turned(world: World, rate: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The rates after the turn."""
    later = rate.copy()
    which = np.flatnonzero(random.random(len(rate)) < 0.5)
    later[which] = rate[random.permutation(which)]
    return later


def _contacted(world: World, chance: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Twice as likely where the chance of an order is below its median."""
    likely = np.where(chance < np.median(chance), 4 / 3, 2 / 3) * world.contacted
    return np.asarray(random.random(len(chance)) < likely)
