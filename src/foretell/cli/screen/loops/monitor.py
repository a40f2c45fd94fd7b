"""Monitoring on the screen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from foretell.cli.screen.folded import folded
from foretell.cli.screen.progress import Listener
from foretell.outcomes.monitoring.judging import CUSTOMERS
from foretell.outcomes.monitoring.monitored import Monitored
from foretell.pipeline.loop.monitor import monitor
from foretell.project.place import place_of
from foretell.words.wording import count, counted, decimal

MOST_REASONS = 6


def show_monitor(out: Path | None, as_json: bool) -> None:
    """Print what is broken, and what is watched."""
    with Listener(quiet=as_json) as listener:
        found = monitor(place_of(out), listener)
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        print(folded(monitor_lines(found)).replace("\xa0", " "))


def monitor_lines(found: Monitored) -> Iterator[str]:
    """What is broken, one line each; how much is watched; and what could not be judged, by reason."""
    yield f"Monitored as of {found.as_of}"
    yield ""
    for one in found.broken:
        yield f"{'new: ' if one.is_new else f'since {one.since}: '}{one.said}"
    if not found.broken:
        yield "Nothing is broken."
    yield ""
    judged = [one for one in found.watched if not one.cannot]
    sources = {one.source for one in found.watched if one.source != CUSTOMERS}
    of_customers = sum(one.source == CUSTOMERS for one in judged)
    told = f"Watched: {counted(len(judged) - of_customers, 'figure')} of {counted(len(sources), 'source')}"
    yield f"{told}, {count(of_customers)} features and scores of customers." if of_customers else f"{told}."
    if found.limit is not None:
        yield (
            f"The week up to {found.week_to} beside {count(found.weeks)} before it; the limit of "
            f"{decimal(found.limit, 1)} usual deviations lets one false alarm a month through, over everything watched."
        )
    reasons = Counter(one.cannot for one in found.unjudged)
    for why, times in reasons.most_common(MOST_REASONS):
        yield f"Not judged, {count(times)}: {why}."
