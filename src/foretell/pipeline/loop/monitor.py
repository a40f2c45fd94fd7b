"""Monitoring: whether sources, features and scores are still what they were, as of the newest published run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

import numpy as np

from foretell.alerts.rules import declared
from foretell.alerts.sending import Notice, send_notices
from foretell.answers.published import published
from foretell.customer_log.schema import NEVER
from foretell.outcomes.kpis.standing import EPOCH
from foretell.outcomes.monitoring.book import Break, MonitoringBook
from foretell.outcomes.monitoring.cells import ROWS, CountCells, Counted, merged
from foretell.outcomes.monitoring.contract import broken_terms
from foretell.outcomes.monitoring.freshness import freshness
from foretell.outcomes.monitoring.judging import CUSTOMERS, verdict
from foretell.outcomes.monitoring.monitored import Broken, Monitored, Watched
from foretell.outcomes.monitoring.sources import SourceSeries, lags_of, new_values
from foretell.outcomes.monitoring.told import freshness_said, units_said
from foretell.outcomes.monitoring.units import units
from foretell.outcomes.monitoring.weeks import NEW_NORMAL, judged_day
from foretell.pipeline.intake.log import kept_engine
from foretell.pipeline.loop.contracts import Brought, brought
from foretell.pipeline.loop.counting import OF_SOURCES, Versions, both, day_number, population_counts, source_counts
from foretell.pipeline.privacy.forgetting import finish_forgetting
from foretell.project.declaration import FILE_NAME, read_declaration
from foretell.project.fingerprints import fingerprint
from foretell.project.one_thread import on_one_thread
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.storage.lock import alone_at_work
from foretell.timelines.engine import Engine


@on_one_thread
def monitor(place: Place, progress: Progress) -> Monitored:
    """Compare the newest published run and its sources with what was kept of earlier days, keep what is new, and let a
    line go out for each break that was not told yet. The same run again writes nothing."""
    with alone_at_work(place.state):
        finish_forgetting(place, progress)
        run, book = published(place), MonitoringBook(place.state)
        day = run.main.plan.as_of_day()
        engine = kept_engine(run.request)
        words: dict[int, str] = {}
        counted = cells_of(engine, run.request.settings.timezone, words, progress)
        if (day, run.record.run) not in book.days():
            counts = both(source_counts(counted, day, book.sketches(OF_SOURCES, day)),
                          population_counts(run, engine, book, progress))  # fmt: skip
            book.keep(day, run.record.run, counts)
        at_once = _at_once(book, brought(run), counted, day)
        found = _settled(book, at_once, Versions.of(run), _Words(counted, words, day), day)
    send_notices(place, [notice_of(one) for one in found.broken], _channels(place))
    return found


def cells_of(engine: Engine, timezone: str, words: dict[int, str], progress: Progress) -> Counted:
    """The cells of every table of the log, with all that it holds; the texts behind codes are put into `words`."""
    progress.step("Counting what sources brought", len(engine.buckets))
    whole: Counted = {}
    for counted, texts in engine.over(CountCells(timezone), NEVER, progress=progress):
        whole = merged(whole, counted)
        words |= texts
    return whole


@dataclass(frozen=True)
class _AtOnce:
    """What is judged on every day, by itself: what is watched of it, what is broken, and the keys that were judged."""

    watched: tuple[Watched, ...]
    broken: tuple[Broken, ...]
    judged: frozenset[str]


@dataclass(frozen=True)
class _Words:
    counted: Counted
    words: Mapping[int, str]
    day: str

    def __call__(self, one: SourceSeries) -> Sequence[str]:
        """The values of a column that are new in the week before the day, in words, those with most facts first."""
        cells, number = self.counted[one.table, one.column], day_number(self.day)
        end = number - lags_of(self.counted, number).get(one.table, 0)
        fresh, week = new_values(cells, end), cells.within(end - 7, end)
        facts = {int(code): int(week.counts[week.values == code].sum()) for code in fresh}
        most = sorted(fresh.tolist(), key=lambda code: -facts[code])
        return [self.words[code] for code in most if code in self.words]


def _at_once(book: MonitoringBook, files: Brought, counted: Counted, day: str) -> _AtOnce:
    watched, broken, keys = list[Watched](), list[Broken](), set[str]()
    _look_at_contract(book, files, day, (watched, broken, keys))
    number = day_number(day)
    newest = max((int(cells.days[-1]) + 1 for cells in counted.values() if len(cells.days)), default=number)
    now, lags = max(number, newest), lags_of(counted, number)
    for (table, column), cells in counted.items():
        if column == ROWS:
            fresh = freshness(table, cells, now)
            watched.append(Watched("freshness", table, "days since the newest fact", fresh.days, fresh.gaps,
                                   fresh.cannot))  # fmt: skip
            key = f"{table} freshness"
            keys |= set() if fresh.cannot else {key}
            if fresh.is_broken:
                last = (EPOCH + timedelta(days=now - fresh.days)).isoformat()
                broken.append(Broken(key, "freshness", table, freshness_said(fresh, last), day))
        elif cells.kind == "money":
            money = units(table, column, cells, number - lags.get(table, 0))
            watched.append(Watched("units", table, column, money.times, money.rows, money.cannot))
            key = f"{table} {column} units"
            keys |= set() if money.cannot else {key}
            if money.is_broken:
                broken.append(Broken(key, "units", table, units_said(money), day))
    return _AtOnce(tuple(watched), tuple(broken), frozenset(keys))


def _look_at_contract(
    book: MonitoringBook, files: Brought, day: str, into: tuple[list[Watched], list[Broken], set[str]]
) -> None:
    """What of the agreed terms does not hold; what is new is agreed, and what has been otherwise for long as well."""
    watched, broken, keys = into
    agreed, since = book.terms(), {one.broken.key: one.broken.since for one in book.breaks() if one.healed is None}
    for term in files.terms:
        watched.append(Watched("contract", term.source.partition("#")[0], f"{term.role}: {term.column}"))
        keys.add(f"{term.key} contract")
    for label, why in files.cannot.items():
        watched.append(Watched("contract", label.partition("#")[0], "its columns", cannot=why))
    today = {term.key: term for term in files.terms}
    news = [term for key, term in today.items() if key not in agreed or (term.holds and not agreed[key].holds)]
    for one in broken_terms(agreed, files.terms, files.columns):
        key = f"{one.term.key} contract"
        begun = date.fromisoformat(since.get(key, day))
        if date.fromisoformat(day) - begun > NEW_NORMAL and one.term.key in today:
            news.append(today[one.term.key])
            continue
        table = one.term.source.partition("#")[0]
        broken.append(Broken(key, "contract", table, f"{table}: {one.said}.", day))
    book.agree(news)


def _settled(book: MonitoringBook, at_once: _AtOnce, versions: Versions, words: _Words, day: str) -> Monitored:
    monitored = [one for one, _ in book.days()]
    of_day, before = judged_day(monitored, day), book.breaks()
    standing = {one.broken.key for one in before if one.healed is None}
    known = [*before, *(Break(one, None) for one in at_once.broken if one.key not in standing)]
    populations = {**book.sketches(versions.features, of_day), **book.sketches(versions.scores, of_day)}
    of_week = verdict(book.sketches(OF_SOURCES, of_day), populations, known, of_day, words)
    found = [*at_once.broken, *(replace(one, since=day) for one in of_week.broken)]
    sources = {one.source for one in at_once.watched}
    gone = {one.broken.key for one in before if one.broken.source not in {*sources, CUSTOMERS}}
    judged = {*at_once.judged, *of_week.judged, *gone}
    is_newest = day == max(monitored)
    broken = book.settle(day, found, judged) if is_newest else found
    return Monitored(
        day,
        (*at_once.watched, *of_week.watched),
        tuple(sorted(broken, key=lambda one: (one.since, one.key))),
        of_week.week_to,
        of_week.limits.limit if np.isfinite(of_week.limits.limit) else None,
        of_week.limits.weeks,
    )


def notice_of(one: Broken) -> Notice:
    """The message of a break: the same break has the same id for as long as it lasts."""
    data = {name: value for name, value in asdict(one).items() if name not in ("series", "is_new")}
    return Notice(f"monitor_{fingerprint([one.key, one.since])[:12]}", "monitoring.broken", one.said, data)


def _channels(place: Place) -> tuple[str, ...]:
    path = place.state.parent / FILE_NAME
    if not path.is_file():
        return ()
    return read_declaration(path).monitoring.channels([one.channel for one in declared(place)[1]])
