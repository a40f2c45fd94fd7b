"""The loop on the screen: a forecast of spring, and what had come of it by the end of the data."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping

from foretell.cli.screen.outcomes import outcome_lines
from foretell.cli.screen.progress import Listener
from foretell.pipeline.loop.outcomes import outcomes
from foretell.pipeline.run import run
from foretell.pipeline.score import score
from foretell.project.request import Request
from foretell.words.wording import counted

SPRING: Mapping[str, object] = {"as_of": "2011-06-01", "horizons": (60,)}
"""A day of the bundled orders with enough before it for two tests over this horizon, and with its end inside them."""
WIDTH = 79


def show_loop(request: Request, as_json: bool) -> None:
    """Run a request as of its day, score again at the end of the data, grade the first forecast, and print it."""
    with Listener(quiet=as_json) as listener:
        first = run(request, listener).run
        later = score(request.place, None, listener).run
        found = outcomes(request.place, None, listener)
    if as_json:
        print(json.dumps({"outcomes": [one.as_json() for one in found]}, ensure_ascii=False))
        return
    day, end = (one.main.plan.as_of_day() for one in (first, later))
    told = (
        f"As of {day}, knowing nothing later, it was forecast what each of "
        f"{counted(len(first.main.scores), 'customer')} would do over {first.main.horizon_days} days. The same log "
        f"goes on to {end}: here is what came of it. The forecast of {end} waits for its own outcome."
    )
    print("\n".join([*textwrap.wrap(told, WIDTH), "", *outcome_lines(found)]).replace("\xa0", " "))
