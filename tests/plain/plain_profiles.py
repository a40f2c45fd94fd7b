"""Every feature of profiles, subscriptions and people once more, slowly and plainly."""

from __future__ import annotations

from collections.abc import Sequence

from foretell.features.tables.profiles import ATTRIBUTES
from made_orders import DAY
from made_told import Told
from plain_features import UNITS, oracle
from plain_tables import MONTH, SECONDS, age, lately, of
from plain_timelines import Customer, code

# profiles


@oracle("account_age_days")
def _(c: Customer) -> float | None:
    signed_up = of(c, "profiles", step="signed up")
    return (c.cutoff - signed_up[0].happened_at) / DAY if signed_up else None


def attribute(name: str) -> None:
    """Declare the oracle of one attribute."""

    @oracle(f"profile_{name}", exact=True)
    def _(c: Customer) -> float | None:
        told = of(c, "profiles", attribute=name)
        value = told[-1]["value"] if told else None
        return None if value is None else code(str(value))


for _name in ATTRIBUTES:
    attribute(_name)


# subscriptions


def begun_last(c: Customer) -> Told | None:
    """The subscription that began last, where one runs."""
    started, ended = (of(c, "subscriptions", step=step) for step in ("started", "ended"))
    return started[-1] if len(started) > len(ended) else None


def number(fact: Told | None, name: str) -> float | None:
    value = None if fact is None else fact[name]
    return None if value is None else float(value)


@oracle("subscriptions_running", exact=True)
def _(c: Customer) -> float | None:
    started, ended = (len(of(c, "subscriptions", step=step)) for step in ("started", "ended"))
    return max(started - ended, 0)


@oracle("subscriptions_ended", exact=True)
def _(c: Customer) -> float | None:
    return len(of(c, "subscriptions", step="ended"))


@oracle("days_since_subscription_ended")
def _(c: Customer) -> float | None:
    return age(c, of(c, "subscriptions", step="ended"))


@oracle("subscription_days")
def _(c: Customer) -> float | None:
    last = begun_last(c)
    return None if last is None else (c.cutoff - last.happened_at) / DAY


@oracle("days_to_renewal")
def _(c: Customer) -> float | None:
    last = begun_last(c)
    seconds = number(last, "interval_seconds")
    if last is None or seconds is None:
        return None
    return (seconds - (c.cutoff - last.happened_at) / 1_000_000 % seconds) / SECONDS


@oracle("subscription_amount_month")
def _(c: Customer) -> float | None:
    amount, seconds = (number(begun_last(c), name) for name in ("amount", "interval_seconds"))
    return None if amount is None or seconds is None else amount / UNITS * MONTH * SECONDS / seconds


@oracle("subscription_plan", exact=True)
def _(c: Customer) -> float | None:
    last = begun_last(c)
    return None if last is None or last["plan"] is None else code(str(last["plan"]))


@oracle("cancel_asked", exact=True)
def _(c: Customer) -> float | None:
    last = begun_last(c)
    asked = of(c, "subscriptions", step="asked to cancel")
    return None if last is None else float(any(one.happened_at > last.happened_at for one in asked))


# people


def names(facts: Sequence[Told]) -> set[str]:
    return {str(one["person"]) for one in facts}


def done(c: Customer) -> list[Told]:
    return [one for one in of(c, "people") if one["step"] != "joined"]


def of_people(c: Customer, value: int, days: int | None = None) -> float | None:
    """A number of people, where the log has any, and reaches back so many days."""
    reaches = days is None or c.cutoff - days * DAY >= c.population.log_start
    return value if reaches and of(c, "people") else None


@oracle("people", exact=True)
def _(c: Customer) -> float | None:
    return of_people(c, len(names(of(c, "people"))))


@oracle("people_active_{days}d", over=(30, 90), exact=True)
def _(c: Customer, days: int) -> float | None:
    return of_people(c, len(names(lately(c, done(c), days))), days)


@oracle("people_new_90d", exact=True)
def _(c: Customer) -> float | None:
    recent = lately(c, of(c, "people"), 90)
    before = [one for one in of(c, "people") if one not in recent]
    return of_people(c, len(names(recent) - names(before)), 90)


@oracle("people_silent_90d", exact=True)
def _(c: Customer) -> float | None:
    return of_people(c, len(names(done(c)) - names(lately(c, done(c), 90))), 90)


@oracle("people_active_share_90d")
def _(c: Customer) -> float | None:
    known, active = names(of(c, "people")), of_people(c, len(names(lately(c, done(c), 90))), 90)
    return active / len(known) if known and active is not None else None


@oracle("orders_top_person_share")
def _(c: Customer) -> float | None:
    ordered = [str(one["person"]) for one in of(c, "people", step="ordered")]
    return max(map(ordered.count, ordered)) / len(ordered) if ordered else None
