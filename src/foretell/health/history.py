"""History: what the log is too short, too thin or too lopsided to show, or shows too well."""

from __future__ import annotations

import numpy as np

from foretell.forecasts.season.windows import season_in_words
from foretell.health.evidence import Evidence, Finding
from foretell.words.metrics import QUESTIONS
from foretell.words.wording import count, days, decimal, percent, shown

YEAR_DAYS = 365
STRONG_VARIATION = 0.3
FEWEST_WEEKS = 8
FEWEST_POSITIVES = 50
LARGE_SHARE = 0.3
HALF = 0.5
TOO_GOOD = 0.98
TOO_MUCH = 0.9


def unknown_season(evidence: Evidence) -> Finding | None:
    """The history is shorter than a year and the horizon: what the season does cannot be told from it."""
    needed = YEAR_DAYS + evidence.horizon_days
    if evidence.history_days >= needed:
        return None
    orders = evidence.weeks.orders
    varies = variation(orders) if len(orders) >= FEWEST_WEEKS else 0.0
    told = f"; weeks vary by {percent(varies)} around their trend" if varies >= STRONG_VARIATION else ""
    return Finding(
        "unknown season",
        "warning" if varies >= STRONG_VARIATION else "note",
        f"{days(evidence.history_days)} of history cannot show a season: that takes {days(needed)}{told}.",
        "Before a high or low season, correct totals by what you know of last year.",
    )


def season_in_the_level(evidence: Evidence) -> Finding | None:
    """What the level holds of a season, or why none; nothing where the history is too short to show one."""
    season = evidence.season
    if evidence.history_days < YEAR_DAYS + evidence.horizon_days or not season.why:
        return None
    told = season_in_words(season)
    if season.is_used and not evidence.level_takes_season:
        told = f"{told}; but the rule that serves is too simple to take it"
    return Finding("season", "note", f"{told}.", "What is new this year, such as a campaign, no season knows.")


def variation(weekly: np.ndarray) -> float:
    """The standard deviation of a weekly series around its straight trend, over its mean; chance variation of counts
    (Poisson) is taken off.

    >>> variation(np.full(20, 100.0))
    0.0
    """
    mean = float(weekly.mean())
    if mean <= 0:
        return 0.0
    week = np.arange(len(weekly))
    residual = weekly - np.polyval(np.polyfit(week, weekly, 1), week)
    return float(np.sqrt(max(residual.var() - mean, 0.0)) / mean)


def few_positives(evidence: Evidence) -> Finding | None:
    """A question had under fifty positives at a test: its proof is uncertain."""
    few = {name: found for name, found in evidence.fewest.items() if found[0] < FEWEST_POSITIVES}
    if not few:
        return None
    told = [f"{QUESTIONS.get(name, name)} {count(found)} at {cutoff}" for name, (found, cutoff) in few.items()]
    return Finding(
        "few positives",
        "warning" if "purchase" in few else "note",
        f"Under {FEWEST_POSITIVES} cases came true at a test: {'; '.join(told)}.",
        "Look at the intervals, not at the third digit; a longer horizon gives more cases.",
    )


def one_large_customer(evidence: Evidence) -> Finding | None:
    """One customer brought more than 30 % of the revenue of the trailing year; over half of it is a warning."""
    spend = evidence.spend_by_customer[evidence.spend_by_customer > 0]
    if len(spend) < 2 or (share := float(spend.max() / spend.sum())) <= LARGE_SHARE:
        return None
    return Finding(
        "one large customer",
        "warning" if share > HALF else "note",
        f"Customer {shown(evidence.largest_customer)} brought {percent(share)} of the revenue of the trailing year.",
        "Plan that customer by hand: totals, intervals and tiers hang on one.",
    )


def telltale_feature(evidence: Evidence) -> Finding | None:
    """One feature alone tells who orders with an AUROC over .98, or carries more than 90 % of the forecast."""
    alone = {name: max(value, 1 - value) for name, value in evidence.auroc_alone.items()}
    name = max(alone, key=lambda feature: alone[feature], default="")
    if name and alone[name] > TOO_GOOD:
        seen = f"The feature {name} alone tells who orders with an AUROC of {decimal(alone[name], 3)}."
    else:
        name = max(evidence.importance, key=lambda feature: evidence.importance[feature], default="")
        if not name or evidence.importance[name] <= TOO_MUCH:
            return None
        seen = f"The feature {name} carries {percent(evidence.importance[name])} of the forecast."
    return Finding(
        "telltale feature",
        "warning",
        seen,
        "Does it know what came later? `foretell check leakage` looks; a fact known late needs its known_at column.",
    )
