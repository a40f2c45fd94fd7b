"""What is told of orders that came more than once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from foretell.customer_log.manifest import Load
from foretell.customer_log.tables.registry import ORDERS
from foretell.words.wording import counted


def notes_on_versions(loads: Sequence[Load], missing: int, older: int) -> list[str]:
    """Sentences on the loads that stand: what the newest one brought, what stands in several files, and how many orders
    are kept that no file holds, in times that the files cover (`missing`) and in `older` ones."""
    of_orders = sorted((load for load in loads if load.table == ORDERS), key=lambda load: load.number)
    notes = [_brought(of_orders[-1])] if of_orders and of_orders[-1].number > 1 else []
    for load in of_orders:
        notes += _elsewhere(load)
    if withdrawn := sum(load.withdrawn for load in of_orders):
        notes.append(f"{_orders(withdrawn)} that the exports hold no longer {_are(withdrawn)} withdrawn")
    if missing:
        notes.append(
            f"{_orders(missing)} that the exports hold no longer, in the time that they cover, {_are(missing)} kept: "
            'on_missing = "withdraw" in [[sources]] of foretell.toml lets them go'
        )
    if older:
        notes.append(f"{_orders(older)} of times that the exports cover no longer {_are(older)} kept")
    return notes


def _brought(load: Load) -> str:
    return (
        f"the newest export, {_name(load)}, brought: new {load.new:,}, changed {load.changed:,}, "
        f"seen before {load.seen_before:,}, gone {load.gone:,}"
    )


def _elsewhere(load: Load) -> list[str]:
    """What of a file stands in other files too."""
    told = {
        "twice": "in another file with the same content: each counts once",
        "differing": "in another file in another version: the newer file counts",
        "divided": "in another file with other lines: they are added up",
    }
    counts = {name: getattr(load, name) for name in told}
    notes = [
        f"{_orders(count)} of {_name(load)} {'stands' if count == 1 else 'stand'} {told[name]}"
        for name, count in counts.items()
        if count
    ]
    if load.meeting:
        numbers = counted(load.meeting, "order number")
        notes.append(f"{numbers} of {_name(load)} stand under another customer too: they are orders of their own")
    return notes


def _name(load: Load) -> str:
    return PurePath(load.source).name


def _orders(number: int) -> str:
    return counted(number, "order")


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
