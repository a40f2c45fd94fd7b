"""The people of an account or a household: how many there are, who of them does something, and who fell silent."""

from __future__ import annotations

import numpy as np

from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.people import ACTED, ORDERED, PEOPLE
from foretell.features.registry import feature
from foretell.features.themes import declared_theme
from foretell.project.intervals import days as days_of
from foretell.timelines.as_of import AsOf, Past, ratio
from foretell.words.reasons import FeatureWords

WHO = declared_theme("people", "who of their people is active")


@feature(
    "people",
    unit="persons",
    table=PEOPLE.name,
    words=FeatureWords(WHO, "more people", "fewer people", "{} known", verb="have"),
)
def people(view: AsOf) -> np.ndarray:
    """People who were linked, on a date that is told, or who did something; null where none is known."""
    return _of_some(view, _people(view).distinct("person"))


@feature(
    "people_active_{days}d",
    unit="persons",
    over=(30, 90),
    table=PEOPLE.name,
    words=FeatureWords(
        WHO,
        "more people active in {days} days",
        "fewer people active in {days} days",
        "{} active in the last {days} days",
        "nobody active in the last {days} days",
        window_days=90,
    ),
)
def people_active(view: AsOf, days: int) -> np.ndarray:
    """People who ordered, came online, clicked or told something in the last {days} days; null where the log begins
    later, or no person is known."""
    return _over(view, days, _acts(view).distinct("person", since=days))


@feature(
    "people_new_90d",
    unit="persons",
    table=PEOPLE.name,
    words=FeatureWords(WHO, "more new people", "fewer new people", "{} new in the last 90 days", is_rare=True),
)
def people_new(view: AsOf) -> np.ndarray:
    """People of whom the first fact lies in the last 90 days; null where the log begins later, or no person is
    known."""
    seen = _people(view)
    return _over(view, 90, seen.distinct("person") - seen.distinct("person", until=90))


@feature(
    "people_silent_90d",
    unit="persons",
    table=PEOPLE.name,
    words=FeatureWords(
        WHO,
        "more people silent for 90 days",
        "fewer people silent for 90 days",
        "{} silent for 90 days",
        "nobody silent for 90 days",
        towards=-1,
    ),
)
def people_silent(view: AsOf) -> np.ndarray:
    """People who did something once, and nothing in the last 90 days; null where the log begins later, or no person is
    known."""
    done = _acts(view)
    return _over(view, 90, done.distinct("person") - done.distinct("person", since=90))


@feature(
    "people_active_share_90d",
    unit="share",
    table=PEOPLE.name,
    words=FeatureWords(
        WHO, "a larger share of people active in 90 days", "a smaller share of people active in 90 days"
    ),
)
def people_active_share(view: AsOf) -> np.ndarray:
    """Of the people who are known, the share who did something in the last 90 days; null where the log begins later, or
    no person is known."""
    return ratio(people_active(view, 90), people(view))


@feature(
    "orders_top_person_share",
    unit="share",
    table=PEOPLE.name,
    words=FeatureWords(WHO, "orders in fewer hands", "orders in more hands", "{} of orders by one person"),
)
def orders_top_person_share(view: AsOf) -> np.ndarray:
    """Of the orders of people ever, the share of the one who has most; what was added to an order later counts as one
    more. Null without an order of a person."""
    ordered = _people(view).where("step", code_of(ORDERED))
    most = (ordered.maximum("square_person") + 1) / 2
    return ratio(most, ordered.count())


def _of_some(view: AsOf, values: np.ndarray) -> np.ndarray:
    return np.where(_people(view).count() > 0, values, np.nan)


def _over(view: AsOf, days: int, values: np.ndarray) -> np.ndarray:
    """Values of a window of which the log can know; whoever is linked may be so since before it begins."""
    covered = view.cutoff - days_of(days) >= view.population.log_start
    return _of_some(view, values) if covered else np.full(view.customers, np.nan)


def _acts(view: AsOf) -> Past:
    return _people(view).where("step", code_of(ORDERED), code_of(ACTED))


def _people(view: AsOf) -> Past:
    return view.table(PEOPLE.name)
