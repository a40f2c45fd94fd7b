"""The simulation on the screen: what it lost first, then everything."""

from __future__ import annotations

import json
from collections.abc import Iterator

from foretell.cli.screen.folded import folded
from foretell.cli.screen.progress import Listener
from foretell.pipeline.simulation.asked import SimulationAsked
from foretell.pipeline.simulation.loop import simulate
from foretell.pipeline.simulation.losses import losses
from foretell.pipeline.simulation.simulated import Simulated
from foretell.words.wording import counted, expected, percent

WIDTH = 42


def show_simulation(weeks: int, seeds: int, customers: int, redraws: int, as_json: bool) -> None:
    """Run it, and print what it came to."""
    asked = SimulationAsked(weeks, seeds, customers, redraws)
    with Listener(quiet=as_json) as listener:
        found = simulate(asked, listener)
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        print(simulation_text(found))


def simulation_text(found: Simulated) -> str:
    """All that it came to; the losses first."""
    return folded(_lines(found)).replace("\xa0", " ")


def _lines(found: Simulated) -> Iterator[str]:
    asked = found.asked
    yield (
        f"The loop over {counted(asked.weeks, 'week')} on {counted(asked.seeds, 'generated shop')} of "
        f"{asked.customers:,} customers; nothing in it is real."
    )
    yield ""
    yield "Losses"
    yield from [f"  {one}" for one in losses(found)] or ["  None of what is told below falls short."]
    yield ""
    yield from _policies(found)
    yield ""
    yield from _calibration(found)
    yield ""
    yield from _coverage(found)
    yield ""
    yield from _alarms(found)


def _policies(found: Simulated) -> Iterator[str]:
    yield "True profit a shop, all with the same money for the same customers"
    yield f"  {'':<{WIDTH}}{'letters':>8}{'profit':>9}   from shop to shop"
    for one in found.policies:
        spread = "" if one.spread is None else f"   ± {expected(one.spread)}"
        yield f"  {one.policy:<{WIDTH}}{expected(one.contacts):>8}{one.profit:>9,.0f}{spread}"


def _calibration(found: Simulated) -> Iterator[str]:
    told = found.calibration
    if not told.graded:
        yield "Calibration: no forecast was ripe in so few weeks."
        return
    yield f"Chance of an order in {counted(told.graded, 'graded week')}, by tenths of the forecast"
    yield f"  {'tenth':>5}{'promised':>10}{'came':>8}{'forecasts':>11}"
    for tenth in told.tenths:
        yield f"  {tenth.number:>5}{percent(tenth.promised):>10}{percent(tenth.came):>8}{tenth.forecasts:>11,}"
    for one in told.sums:
        yield f"  {one.what}: {one.promised:,.0f} promised, {one.came:,.0f} came"


def _coverage(found: Simulated) -> Iterator[str]:
    yield f"Read-outs of one campaign a shop, drawn anew {found.asked.redraws:,} times: 95 % intervals that held"
    for one in found.coverage_of_all:
        name = f"{one.outcome} {one.campaign}"
        arms = f"{one.treated:,.0f} treated, {one.aside:,.0f} aside"
        yield f"  {name:<{WIDTH}}{percent(one.share, 1):>8}   {arms}"


def _alarms(found: Simulated) -> Iterator[str]:
    yield "Planted drifts"
    for one in found.delays:
        after = "" if one.median_days is None else f", after {one.median_days:,.0f} days in the median"
        yield f"  {one.drift:<{WIDTH}}seen in {one.seen} of {counted(one.shops, 'shop')}{after}"
    alarms = found.alarms
    yield f"  False alarms without drift: {alarms.a_month:.1f} a month ({alarms.alarms} in {alarms.days:,} days)"
    models = ", ".join(f"{count} {name}" for name, count in found.decisions.items())
    yield f"  Models, retrained each fourth week and checked each: {models}"
