"""Monitoring: whether sources, features and scores are still what they were, as of the newest published run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import partial

import numpy as np

from foretell.alerts.rules import declared
from foretell.alerts.sending import Clock, Notice, clock, send_notices
from foretell.answers.published import published
from foretell.customer_log.schema import NEVER
from foretell.outcomes.monitoring.at_once import AtOnce, of_contracts, of_loads, of_log
from foretell.outcomes.monitoring.book import Break, MonitoringBook
from foretell.outcomes.monitoring.cells import CountCells, Counted, merged
from foretell.outcomes.monitoring.judging import CUSTOMERS, verdict
from foretell.outcomes.monitoring.monitored import Broken, Monitored
from foretell.outcomes.monitoring.sources import SourceSeries, lags_of, new_values
from foretell.outcomes.monitoring.weeks import judged_day, usual_lag
from foretell.pipeline.intake.log import kept_engine
from foretell.pipeline.loop.contracts import brought
from foretell.pipeline.loop.counting import OF_SOURCES, Versions, both, day_number, population_counts, source_counts
from foretell.pipeline.loop.drawn_contacts import ledger_before
from foretell.pipeline.privacy.forgetting import finish_forgetting
from foretell.project.declaration import FILE_NAME, read_declaration
from foretell.project.fingerprints import fingerprint
from foretell.project.intervals import day_of
from foretell.project.one_thread import on_one_thread
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.storage.lock import alone_at_work
from foretell.timelines.engine import Engine

LEAST_TOLD = 5


@on_one_thread
def monitor(place: Place, progress: Progress, now: Clock = clock) -> Monitored:
    """Compare the newest published run and its sources with what was kept of earlier days, keep what is new, and let a
    line go out for each break that was not told yet. The same run again writes nothing."""
    with alone_at_work(place.state):
        finish_forgetting(place, progress)
        run, book = published(place), MonitoringBook(place.state)
        day = run.main.plan.as_of_day()
        ledger = ledger_before(place, run.main.plan.as_of, run.request.asked.policy)
        engine = kept_engine(run.request).knowing(ledger.campaigns)
        words: dict[int, str] = {}
        counted = cells_of(engine, run.request.settings.timezone, words, progress)
        today = day_of(now(), run.request.settings.timezone)
        if all(one[:2] != (day, run.record.run) for one in book.days()):
            of_sources = source_counts(counted, day, book.sketches(OF_SOURCES, day))
            book.keep((day, run.record.run, today), both(of_sources, population_counts(run, engine, book, progress)))
        lag = usual_lag(book.days(), day)
        by_then = day if lag is None else (date.fromisoformat(today) - timedelta(days=lag)).isoformat()
        at_once = of_contracts(book, brought(run), day) + of_loads(run.main.intake.loads, day)
        at_once += of_log(counted, day, by_then)
        found = _settled(book, at_once, Versions.of(run), _Words(counted, words), day)
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
class _Words:
    counted: Counted
    words: Mapping[int, str]

    def new_before(self, day: str, one: SourceSeries) -> Sequence[str]:
        """The values of a column that are new in the week before a day, in words, those with most facts first; what few
        facts hold may be somebody's name, and is not told."""
        cells, number = self.counted[one.table, one.column], day_number(day)
        end = number - lags_of(self.counted, number).get(one.table, 0)
        fresh, week = new_values(cells, end), cells.within(end - 7, end)
        facts = {int(code): int(week.counts[week.values == code].sum()) for code in fresh}
        most = sorted(fresh.tolist(), key=lambda code: -facts[code])
        return [self.words[code] for code in most if code in self.words and facts[code] >= LEAST_TOLD]


def _settled(book: MonitoringBook, at_once: AtOnce, versions: Versions, words: _Words, day: str) -> Monitored:
    monitored = [one for one, _, _ in book.days()]
    of_day, before = judged_day(monitored, day), book.breaks()
    known = as_of_today(before, at_once, day)
    populations = {**book.sketches(versions.features, of_day), **book.sketches(versions.scores, of_day)}
    of_week = verdict(book.sketches(OF_SOURCES, of_day), populations, known, of_day, partial(words.new_before, of_day))
    found = [*at_once.broken, *(replace(one, since=day) for one in of_week.broken)]
    sources = {one.source for one in at_once.watched}
    gone = {one.broken.key for one in before if one.broken.source not in {*sources, CUSTOMERS}}
    judged = {*at_once.judged, *of_week.judged, *gone}
    is_newest = day == max(monitored)
    broken = book.settle(day, found, judged) if is_newest else found
    return Monitored(
        day,
        (*at_once.watched, *of_week.watched),
        tuple(broken),
        of_week.week_to,
        of_week.limits.limit if np.isfinite(of_week.limits.limit) else None,
        of_week.limits.weeks,
    )


def as_of_today(before: Sequence[Break], at_once: AtOnce, day: str) -> list[Break]:
    """The breaks that were known, with what was seen at once today: what is whole again has healed, what is broken for
    the first time lasts from today."""
    broken, standing = {one.key for one in at_once.broken}, {one.broken.key for one in before if one.healed is None}
    healed = (at_once.judged & standing) - broken
    known = [replace(one, healed=day) if one.healed is None and one.broken.key in healed else one for one in before]
    return [*known, *(Break(one, None) for one in at_once.broken if one.key not in standing)]


def notice_of(one: Broken) -> Notice:
    """The message of a break: the same break has the same id for as long as it lasts."""
    data = {name: value for name, value in asdict(one).items() if name not in ("series", "is_new")}
    return Notice(f"monitor_{fingerprint([one.key, one.since])[:12]}", "monitoring.broken", one.said, data)


def _channels(place: Place) -> tuple[str, ...]:
    path = place.state.parent / FILE_NAME
    if not path.is_file():
        return ()
    return read_declaration(path).monitoring.channels([one.channel for one in declared(place)[1]])
