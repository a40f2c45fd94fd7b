"""What somebody subscribes to: what runs, since when, for how much, when it is renewed, and whether its end was asked
for."""

from __future__ import annotations

import numpy as np

from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.subscriptions import ASKED, ENDED, INTERVAL_DAYS, STARTED, SUBSCRIPTIONS
from foretell.features.registry import feature
from foretell.features.themes import declared_theme
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.as_of import AsOf, Past
from foretell.words.reasons import FeatureWords

SUBSCRIPTION = declared_theme("subscription", "what they subscribe to")
SECONDS_A_DAY = 86_400


@feature(
    "subscriptions_running",
    unit="subscriptions",
    table=SUBSCRIPTIONS.name,
    words=FeatureWords(
        SUBSCRIPTION, "more subscriptions running", "fewer subscriptions running", "{} running", "no subscription runs"
    ),
)
def subscriptions_running(view: AsOf) -> np.ndarray:
    """Subscriptions that began and have not ended, as far as that was known."""
    return np.maximum(_step(view, STARTED).count() - _step(view, ENDED).count(), 0)


@feature(
    "subscriptions_ended",
    unit="subscriptions",
    table=SUBSCRIPTIONS.name,
    words=FeatureWords(SUBSCRIPTION, "more subscriptions ended", "fewer subscriptions ended"),
)
def subscriptions_ended(view: AsOf) -> np.ndarray:
    """Subscriptions that ended, ever."""
    return _step(view, ENDED).count()


@feature(
    "days_since_subscription_ended",
    unit="days",
    table=SUBSCRIPTIONS.name,
    words=FeatureWords(SUBSCRIPTION, "subscription ended longer ago", "subscription ended more lately"),
)
def days_since_subscription_ended(view: AsOf) -> np.ndarray:
    """Days from the last end of a subscription to the cutoff; null without one."""
    ended = _step(view, ENDED)
    return ended.days_since(ended.last("happened_at"))


@feature(
    "subscription_days",
    unit="days",
    table=SUBSCRIPTIONS.name,
    words=FeatureWords(
        SUBSCRIPTION, "subscribed for longer", "subscribed for less long", "subscribed for {}", "subscribed today",
        verb="have been for",
    ),
)  # fmt: skip
def subscription_days(view: AsOf) -> np.ndarray:
    """Days since the subscription that began last began; null where none runs."""
    return _running(view, _tenure(view))


@feature(
    "days_to_renewal",
    unit="days",
    table=SUBSCRIPTIONS.name,
    words=FeatureWords(
        SUBSCRIPTION, "next renewal further off", "next renewal nearer", "subscription renews in {}",
        "subscription renews today",
        is_own=True,
    ),
)  # fmt: skip
def days_to_renewal(view: AsOf) -> np.ndarray:
    """Days until the subscription that began last is paid again, counted in mean months or years from its begin; null
    where none runs or its interval is not known."""
    interval = _interval_days(view)
    return _running(view, interval - np.mod(_tenure(view), interval))


@feature(
    "subscription_amount_month",
    unit="money",
    table=SUBSCRIPTIONS.name,
    words=FeatureWords(
        SUBSCRIPTION, "dearer subscription", "cheaper subscription", "pays {} a month for a subscription",
        "a subscription for nothing",
        verb="pay",
    ),
)  # fmt: skip
def subscription_amount_month(view: AsOf) -> np.ndarray:
    """What the subscription that began last costs a mean month; null where none runs, or amount or interval is not
    known."""
    started = _step(view, STARTED)
    amount = np.where(started.last("has_amount") > 0, started.last("amount") / UNITS_PER_ONE, np.nan)
    return _running(view, amount * INTERVAL_DAYS["month"] / _interval_days(view))


@feature(
    "subscription_plan",
    unit="code",
    table=SUBSCRIPTIONS.name,
    words=FeatureWords(SUBSCRIPTION, "one plan", "another plan", "on the plan {}", much="plan {}"),
)
def subscription_plan(view: AsOf) -> np.ndarray:
    """Code of the plan of the subscription that began last; null where none runs or no plan is told."""
    plan = _step(view, STARTED).last("plan")
    return _running(view, np.where(plan > 0, plan, np.nan))


@feature(
    "cancel_asked",
    unit="flag",
    table=SUBSCRIPTIONS.name,
    words=FeatureWords(
        SUBSCRIPTION, "asked to cancel", "did not ask to cancel", "asked to cancel", "did not ask to cancel",
        is_own=True,
    ),
)  # fmt: skip
def cancel_asked(view: AsOf) -> np.ndarray:
    """1 where a request to cancel came since the subscription that began last began, else 0; null where none runs."""
    return _running(view, _step(view, ASKED).count_after(_step(view, STARTED).last("happened_at")) > 0)


def _running(view: AsOf, values: np.ndarray) -> np.ndarray:
    return np.where(subscriptions_running(view) > 0, values, np.nan)


def _tenure(view: AsOf) -> np.ndarray:
    started = _step(view, STARTED)
    return started.days_since(started.last("happened_at"))


def _interval_days(view: AsOf) -> np.ndarray:
    seconds = _step(view, STARTED).last("interval_seconds")
    return np.where(seconds > 0, seconds / SECONDS_A_DAY, np.nan)


def _step(view: AsOf, step: str) -> Past:
    return view.table(SUBSCRIPTIONS.name).where("step", code_of(step))
