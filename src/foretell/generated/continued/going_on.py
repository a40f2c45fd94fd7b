"""A shop that goes on: its next days, and what its customers do about assignments from outside."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from foretell.generated.calendar import DAY
from foretell.generated.continued.assignments import no_assignments, read_assignments
from foretell.generated.continued.reactions import HORIZONS, Reaction, drawn_reaction, expected_effects
from foretell.generated.continued.span import STATES, in_order_of_time, rows_between
from foretell.generated.continued.state import State, read_state, write_state
from foretell.generated.shop import QUOTED, SOURCES, TRUTH, drawn_blocks, with_order_id
from foretell.project.errors import InputError
from foretell.project.progress import Progress

ASSIGNMENTS, CAMPAIGNS = Path(TRUTH) / "assignments.parquet", Path(TRUTH) / "campaigns.json"
STAGED, PART = ".continuing", ".continuing.part"


@dataclass(frozen=True)
class Continued:
    """`days` that the shop has now, rows more by file; `resumed` where an interrupted continuation was finished, and
    nothing else was done."""

    days: int
    rows: dict[str, int]
    resumed: bool = False


def continue_shop(folder: Path, days: int, assignments: Path | None, progress: Progress) -> Continued:
    """Write the next days of a shop behind what it has, which stays byte for byte; subscriptions, whose rows change,
    are written anew. Written aside and moved once whole: a call that was killed before has changed nothing, and one
    that was killed while it moved is finished by the next call. InputError as of `read_state` and
    `read_assignments`, where a customer is not known to the shop yet, or the days go beyond those that were drawn."""
    if (folder / STAGED).is_dir():
        _move(folder)
        return Continued(read_state(folder).days, {}, resumed=True)
    state = read_state(folder)
    end = state.days + days
    _require_within(state, days)
    new = no_assignments() if assignments is None else read_assignments(assignments, state.days, end)
    try:
        shutil.rmtree(folder / PART, ignore_errors=True)
        (folder / PART / TRUTH).mkdir(parents=True)
        rows = _staged(folder, state, end, (new, assignments), progress)
        os.rename(folder / PART, folder / STAGED)
        _move(folder)
    except OSError as error:
        raise InputError("The shop cannot be written.", file=str(folder), found=str(error)) from error
    finally:
        shutil.rmtree(folder / PART, ignore_errors=True)
    return Continued(end, rows)


def _move(folder: Path) -> None:
    """Every staged file into its place, the state last."""
    staged = sorted(path for path in (folder / STAGED).rglob("*") if path.is_file())
    for path in sorted(staged, key=lambda path: path.name == "state.json"):
        os.replace(path, folder / path.relative_to(folder / STAGED))
    shutil.rmtree(folder / STAGED)


def _require_within(state: State, days: int) -> None:
    left = state.request.days + state.request.ahead - state.days
    if not 1 <= days <= left:
        raise InputError(
            "The shop cannot go on so far.",
            column="--days",
            found=f"{days:,}",
            expected=f"a whole number from 1 to {left:,}" if left else "nothing: all days that were drawn are written",
            hint="generate the shop with more days --ahead",
        )


def _staged(
    folder: Path, state: State, end: int, brought: tuple[pa.Table, Path | None], progress: Progress
) -> dict[str, int]:
    """Write the files as they shall be into `PART`; rows more by table."""
    new, source = brought
    part = folder / PART
    known = pq.read_table(folder / ASSIGNMENTS) if (folder / ASSIGNMENTS).is_file() else no_assignments()
    found = {name: list[pa.Table]() for name in SOURCES}
    reactions, effects, last = list[tuple[int, Reaction]](), list[pa.Table](), 1
    request, unknown = state.request, set(new["customer_id"].to_pylist())
    together = pa.concat_tables([known.select(new.column_names), new])
    progress.step("Generating customers", len(request.blocks))
    for block in drawn_blocks(request):
        ids = block.tables[TRUTH]["customer_id"].to_pylist()
        unknown -= {one for one, at in zip(ids, block.customers.signed_up, strict=True) if at < state.days * DAY}
        for name in SOURCES:
            begins = 0 if name in STATES else state.days * DAY
            found[name].append(rows_between(name, block.tables[name], begins, end * DAY))
        for number, batch in _batches(together.filter(pc.is_in(together["customer_id"], pa.array(ids, pa.string())))):
            reactions.append((number, drawn_reaction(block, batch, request)))
            effects.append(expected_effects(block, batch, request))
        last = block.next_order
        progress.advance()
    if unknown:
        raise InputError("An assignment is of nobody whom the shop knows by now.", file=str(source), found=min(unknown))
    for _, reaction in sorted(reactions, key=lambda pair: pair[0]):
        for name, table in reaction.tables.items():
            told = table if name == "contacts" else with_order_id(table, last)
            found[name].append(rows_between(name, told, state.days * DAY, end * DAY))
        last += reaction.orders
    rows = {name: _write(folder, part, name, pa.concat_tables(tables)) for name, tables in found.items()}
    if effects:
        _write_truth(part, pa.concat_tables(effects))
    write_state(part, part, end, tuple(SOURCES))
    return rows


def _batches(assigned: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    """The number of each batch, and its assignments."""
    for number in dict.fromkeys(assigned["batch"].to_pylist()):
        yield number, assigned.filter(pc.equal(assigned["batch"], number))


def _write(folder: Path, part: Path, name: str, table: pa.Table) -> int:
    """The table's file as it stands with these rows behind it; a table of states anew, with its header."""
    old, new = folder / f"{name}.csv", part / f"{name}.csv"
    with old.open("rb") as begun:
        header = begun.readline()
        before = sum(1 for _ in begun) if name in STATES else 0
    if name in STATES:
        new.write_bytes(header)
    else:
        shutil.copyfile(old, new)
        table = in_order_of_time(name, table)
    style = "needed" if name in QUOTED else "none"
    with new.open("ab") as file:
        arrow_csv.write_csv(table, file, arrow_csv.WriteOptions(include_header=False, quoting_style=style))
    return table.num_rows - before


def _write_truth(part: Path, effects: pa.Table) -> None:
    """What is to be expected of each assignment, and of each campaign on average and of its treated together."""
    effects = effects.sort_by([(name, "ascending") for name in ("batch", "at", "customer_id", "campaign")])
    pq.write_table(effects, part / ASSIGNMENTS)
    told = [_campaign(effects.filter(own), *names) for names, own in _campaigns(effects)]
    text = json.dumps({"generated": True, "campaigns": told}, indent=2, ensure_ascii=False)
    (part / CAMPAIGNS).write_text(text + "\n", encoding="utf-8")


def _campaigns(effects: pa.Table) -> Iterator[tuple[tuple[str, str], pa.ChunkedArray]]:
    names = zip(effects["playbook"].to_pylist(), effects["campaign"].to_pylist(), strict=True)
    for playbook, campaign in dict.fromkeys(names):
        own = pc.and_(pc.equal(effects["playbook"], playbook), pc.equal(effects["campaign"], campaign))
        yield (playbook, campaign), own


def _campaign(own: pa.Table, playbook: str, campaign: str) -> dict[str, object]:
    treated = own.filter(pc.equal(own["arm"], "treated"))
    names = [f"extra_{what}_{days}" for what in ("orders", "spend") for days in HORIZONS]
    return {
        "playbook": playbook,
        "campaign": campaign,
        "first_second": pc.min(own["at"]).as_py(),
        "treated": len(treated),
        "control": len(own) - len(treated),
        **{f"mean_{name}": pc.mean(own[name]).as_py() for name in names},
        **{f"treated_{name}": pc.sum(treated[name]).as_py() or 0.0 for name in names},
    }
