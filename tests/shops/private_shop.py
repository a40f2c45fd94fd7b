"""A small shop with people: every table that may name one, a run that was copied, and a search of bytes."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from foretell.alerts.alert import Alert, Driver, alert_id
from foretell.alerts.proof import RuleProof
from foretell.alerts.sending import message_of
from foretell.alerts.state import FILE_NAME as ALERTS
from foretell.alerts.state import AlertState
from foretell.delivery.ledger import FILE_NAME as LEDGER
from foretell.delivery.ledger import Ledger, Outcome
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.project.request import Request

PERSON, EMAIL, OTHER = "Zoë-0042", "Zoe.Quill@Example.org", "Bob-7"
TOML = """
[[sources]]
path = "orders.csv"
columns = { customer = "who", time = "at", order = "no", product = "sku", amount = "paid", state = "state" }

[[sources]]
table = "profiles"
path = "profiles.csv"
columns = { customer = "who", time = "since", attribute = "attribute", value = "value" }

[[sources]]
table = "events"
path = "events.csv"
columns = { customer = "who", time = "at", name = "event" }
"""
PROOF = RuleProof("", (1, 2), 9, 8, 4, 0.5, 0.3, 0.7, 0.2, 0.4, (30.0, 10.0, 50.0), "", 1.5)


def people(folder: Path) -> Request:
    """The files of a shop in which `PERSON` has orders, one of them cancelled, rows that cannot be used, an e-mail, and
    visits under the e-mail; and the request of its `foretell.toml`."""
    orders = ["who,at,no,sku,paid,state"]
    for day in range(1, 29):
        orders += [
            f'"{PERSON}",2024-01-{day:02d} 10:00,Z{day},soap,4.50,paid',
            f"{OTHER},2024-01-{day:02d},B{day},tea,3,paid",
        ]
    orders += [f"{PERSON},2024-01-09,Z900,soap,4,failed", f"{PERSON},2024-13-45,Z901,soap,4,paid"]
    profiles = ["who,since,attribute,value", f"{PERSON},2024-01-01,email,{EMAIL}", f"{PERSON},2024-01-01,city,Zwolle"]
    profiles += [f"{OTHER},2024-01-01,city,Bath", f"{OTHER},2024-01-01,gender,male"]
    profiles += [f"{PERSON},2024-77-01,city,Zandvoort"]
    events = ["who,at,event", f"{PERSON},2024-01-03 09:00,visit", f"{EMAIL.lower()},2024-01-04 09:00,visit"]
    events += [f"{OTHER},2024-01-05 09:00,visit"]
    for name, rows in (("orders", orders), ("profiles", profiles), ("events", events)):
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "foretell.toml").write_text(TOML, encoding="utf-8")
    return request_of_declaration(folder / "foretell.toml")


def read_in(request: Request) -> dict[str, object]:
    """The log of the request brought up to date, and what was said of it."""
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    log = brought_up_to_date(settled, files, columns, Silent())
    return {"notes": log.intake.notes, "left_out": log.intake.left_out, "rejected": log.intake.rejected}


def warned_of(state: Path, *customers: str, day: int = 3) -> Alert:
    """An alert that warns of these customers, sent over one channel and waiting on another."""
    found = Alert(
        alert_id("leaving", f"2024-06-{day:02d}", customers), "leaving", "p_churn > 60 %", f"2024-06-{day:02d}", 30,
        customers, 12.5, "GBP", "2024-06-01", (Driver(1, "orders", 0.5, None),), PROOF, ("webhook:crm",), None,
    )  # fmt: skip
    alerts, ledger = AlertState(state / ALERTS), Ledger(state / LEDGER)
    alerts.add(found, 1)
    alerts.holds_since("leaving", "p_churn > 60 %", f"2024-06-{day:02d}", customers)
    for channel in ("sent", "waiting"):
        ledger.queue(f"alert_{found.id}", channel, message_of(found, 1), 1)
    attempt = ledger.begin(2, {"sent"})
    assert attempt is not None
    ledger.end(attempt, Outcome(True, "200"), 3)
    return found


def copied_run(out: Path, folder: Path) -> Place:
    """The results and the state of a run, copied."""
    shutil.copytree(out, folder / "out")
    return Place.of_results(folder / "out")


def files_that_name(folder: Path, *names: str) -> list[str]:
    """The files below a folder that hold one of the names anywhere: in plain bytes, in UTF-16, in what Parquet and
    archives pack."""
    spelled = {form for name in names for text in {name, name.lower(), name.upper(), json.dumps(name)[1:-1]}
               for form in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"))}  # fmt: skip
    found = []
    for path in (one for one in sorted(folder.rglob("*")) if one.is_file()):
        held = path.read_bytes()
        if held[:4] == b"PAR1":
            held += _unpacked(path)
        if held[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(held)) as archive:
                held += b"".join(archive.read(name) for name in archive.namelist())
        if any(form in held for form in spelled):
            found.append(str(path.relative_to(folder)))
    return found


def _unpacked(path: Path) -> bytes:
    """Every buffer of a Parquet file, its dictionaries too."""
    table = pq.ParquetFile(path).read(use_threads=False)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
