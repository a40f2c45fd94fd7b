"""What is judged on every day, each by itself: contracts, freshness and units of sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from foretell.customer_log.manifest import Load
from foretell.outcomes.kpis.standing import EPOCH
from foretell.outcomes.monitoring.book import MonitoringBook
from foretell.outcomes.monitoring.cells import HAPPENED, ROWS, Counted
from foretell.outcomes.monitoring.contract import Term, broken_terms, table_of, unread
from foretell.outcomes.monitoring.freshness import freshness, goes_on_to
from foretell.outcomes.monitoring.monitored import Broken, Watched
from foretell.outcomes.monitoring.sources import lags_of
from foretell.outcomes.monitoring.told import freshness_said, units_said, unread_said
from foretell.outcomes.monitoring.units import units
from foretell.outcomes.monitoring.weeks import NEW_NORMAL


@dataclass(frozen=True)
class Brought:
    """`terms` are those that sources keep to today, `columns` the names in the newest file of each source that was
    looked at, `cannot` says why another was not, `gone` which file of one is not there any more."""

    terms: tuple[Term, ...] = ()
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cannot: Mapping[str, str] = field(default_factory=dict)
    gone: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AtOnce:
    """What is watched, what of it is broken, and the keys of breaks that were judged."""

    watched: tuple[Watched, ...] = ()
    broken: tuple[Broken, ...] = ()
    judged: frozenset[str] = frozenset()

    def __add__(self, other: AtOnce) -> AtOnce:
        return AtOnce(self.watched + other.watched, self.broken + other.broken, self.judged | other.judged)


def of_log(counted: Counted, day: str, today: str) -> AtOnce:
    """Freshness and units of every table as of a day. A table is as fresh as it was by `today`, or by the last day to
    which another one goes on, whichever is later."""
    number = (date.fromisoformat(day) - EPOCH).days
    newest = max((goes_on_to(cells) for (_, column), cells in counted.items() if column == HAPPENED), default=number)
    now = max(number, newest, (date.fromisoformat(today) - EPOCH).days)
    lags, whole = lags_of(counted, number), AtOnce()
    for (table, column), cells in counted.items():
        if column == ROWS:
            fresh = freshness(table, cells, now)
            last = (EPOCH + timedelta(days=now - fresh.days)).isoformat()
            said = freshness_said(fresh, last) if fresh.is_broken else ""
            watched = Watched("freshness", table, "days since the newest fact", fresh.days, fresh.gaps, fresh.cannot)
            whole += _judged(watched, f"{table} freshness", said, day)
        elif cells.kind == "money":
            money = units(table, column, cells, number - lags.get(table, 0))
            watched = Watched("units", table, column, money.times, money.rows, money.cannot)
            whole += _judged(watched, f"{table} {column} units", units_said(money) if money.is_broken else "", day)
    return whole


def of_contracts(book: MonitoringBook, files: Brought, day: str) -> AtOnce:
    """What of the agreed terms of sources does not hold. What is new is agreed from now on, and what has been otherwise
    for more than eight weeks."""
    agreed, since = book.terms(), {one.broken.key: one.broken.since for one in book.breaks() if one.healed is None}
    today = {term.key: term for term in files.terms}
    news = [term for key, term in today.items() if key not in agreed or (term.holds and not agreed[key].holds)]
    whole = AtOnce(
        tuple(Watched("contract", table_of(label), "its columns", cannot=why) for label, why in files.cannot.items())
    )
    whole += AtOnce(judged=frozenset(f"{label} file" for label in files.columns))
    for label, name in files.gone.items():
        said = f"{table_of(label)}: {name} is not there any more."
        whole += _judged(Watched("contract", table_of(label), "its file"), f"{label} file", said, day)
    broken = {one.term.key: one for one in broken_terms(agreed, files.terms, files.columns)}
    for key in dict.fromkeys((*today, *broken)):
        term, named = today.get(key) or broken[key].term, f"{key} contract"
        is_normal = date.fromisoformat(day) - date.fromisoformat(since.get(named, day)) > NEW_NORMAL and key in today
        said = f"{table_of(term.source)}: {broken[key].said}." if key in broken and not is_normal else ""
        if is_normal:
            news.append(today[key])
        whole += _judged(Watched("contract", table_of(term.source), f"{term.role}: {term.column}"), named, said, day)
    book.agree(news)
    return whole


def of_loads(loads: Sequence[Load], day: str) -> AtOnce:
    """Whether the newest load of each table could be read as those before it."""
    whole = AtOnce()
    for one in unread(loads):
        share = one.rejected / max(one.rows, 1)
        watched = Watched("contract", one.table, "rows that cannot be read", share, one.rows, one.cannot)
        whole += _judged(watched, f"{one.table} rows unread", unread_said(one) if one.is_broken else "", day)
    return whole


def _judged(watched: Watched, key: str, said: str, day: str) -> AtOnce:
    broken = (Broken(key, watched.kind, watched.source, said, day),) if said else ()
    return AtOnce((watched,), broken, frozenset() if watched.cannot else frozenset([key]))
