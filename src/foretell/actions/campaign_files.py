"""The files of a campaign, made from the ledger: all assignments, and the contacts for whoever sends them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from foretell.actions.assignments import TREATED, Whose
from foretell.project.intervals import day_of, from_microseconds
from foretell.project.parts.actions import OfferPart
from foretell.storage.spreadsheet_cells import with_own_texts, without_formulas
from foretell.storage.written_aside import all_written

FOLDER = "campaigns"
ASSIGNMENTS_FILE, CONTACTS_FILE, LEAVE_OUT_FILE = "assignments.csv", "contacts.csv", "leave_out.csv"
LEARN_FILE = "learn.parquet"
IN_NAMES = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Contents:
    """What contacts say beside their offer: `texts` by customer, where it differs from one to the next; `dropped` are
    those treated customers who may not be contacted any more; `timezone` tells the last day of an offer. With `is_rest`
    the treated are those whom every mailing leaves out."""

    texts: Mapping[str, str]
    dropped: AbstractSet[str] = frozenset()
    timezone: str = "UTC"
    is_rest: bool = False


def folder_of(out: Path, campaign: str) -> Path:
    """Where the files of a campaign lie in the folder of the results; a name of letters, digits, `_`, `.` and `-`."""
    return out / FOLDER / IN_NAMES.sub("-", campaign).strip("-.").lower()


def written(folder: Path, assigned: pa.Table, offers: Sequence[OfferPart], contents: Contents) -> dict[str, Path]:
    """Write `assignments.csv` and `contacts.csv` (`leave_out.csv` where the treated are left alone) from the ledger's
    assignments, aside and renamed; name to path."""
    treated = LEAVE_OUT_FILE if contents.is_rest else CONTACTS_FILE
    tables = {ASSIGNMENTS_FILE: assignments_table(assigned), treated: contacts_table(assigned, offers, contents)}
    return all_written(folder, {name: _Writer(table) for name, table in tables.items()})


def rows_forgotten(out: Path, is_one: Whose) -> int:
    """Take the rows of somebody out of all files of campaigns below a folder of results; how many there were. Tables to
    learn from go as a whole: they can be written anew."""
    gone = 0
    for table in (*out.glob(f"{FOLDER}/*/{LEARN_FILE}"), *out.glob(f"{FOLDER}/*/.{LEARN_FILE}.*.part")):
        table.unlink()
    for name in (ASSIGNMENTS_FILE, CONTACTS_FILE, LEAVE_OUT_FILE):
        for aside in out.glob(f"{FOLDER}/*/.{name}.*.part"):
            aside.unlink()
        for path in out.glob(f"{FOLDER}/*/{name}"):
            texts = pa_csv.ConvertOptions(column_types=dict.fromkeys(_header(path), pa.string()))
            table = pa_csv.read_csv(path, pa_csv.ReadOptions(use_threads=False), convert_options=texts)
            named = np.asarray(is_one(with_own_texts(table)["customer_id"].combine_chunks()))
            if named.any():
                all_written(path.parent, {name: _Writer(table.filter(pa.array(~named)))})
                gone += int(named.sum())
    return gone


def assignments_table(assigned: pa.Table) -> pa.Table:
    """Everybody in the campaign, with times as ISO texts in UTC; no cell is a formula."""
    moments = assigned["assigned_at"].to_pylist()
    told = {moment: from_microseconds(moment).isoformat() for moment in set(moments)}
    times = pa.array([told[moment] for moment in moments], pa.string())
    return without_formulas(assigned.set_column(1, "assigned_at", times))


def contacts_table(assigned: pa.Table, offers: Sequence[OfferPart], contents: Contents) -> pa.Table:
    """The treated who may still be contacted: id, offer, channel, content, what it takes off, its last day."""
    own = assigned.filter(pc.equal(assigned["arm"], TREATED))
    by_name = {offer.name: offer for offer in offers}
    rows = []
    for row in own.select(["customer_id", "offer", "channel", "assigned_at"]).to_pylist():
        if row["customer_id"] in contents.dropped:
            continue
        offer = by_name.get(row["offer"])
        last = "" if offer is None else _last_day(row["assigned_at"], offer.valid_days, contents.timezone)
        fixed, takes_off = ("", "") if offer is None else (offer.content, str(offer.takes_off or ""))
        rows.append(
            (row["customer_id"], row["offer"], row["channel"], contents.texts.get(row["customer_id"], fixed),
             takes_off, last)
        )  # fmt: skip
    names = ("customer_id", "offer", "channel", "content", "takes_off", "valid_until")
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return without_formulas(
        pa.table({name: pa.array(one, pa.string()) for name, one in zip(names, columns, strict=True)})
    )


def _last_day(moment: int, valid_days: int, timezone: str) -> str:
    return (date.fromisoformat(day_of(moment, timezone)) + timedelta(days=valid_days)).isoformat()


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file), [])


@dataclass(frozen=True)
class _Writer:
    table: pa.Table

    def __call__(self, path: Path) -> None:
        pa_csv.write_csv(self.table, path)
