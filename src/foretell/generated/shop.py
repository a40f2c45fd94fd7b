"""The whole shop, drawn and written block by block, and the foretell.toml that declares it."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from foretell.generated.baskets import Catalogue, Sales, drawn_catalogue, drawn_sales, order_rows
from foretell.generated.calendar import DAY
from foretell.generated.consents import Consents
from foretell.generated.contacts import contacts_table, drawn_contacts
from foretell.generated.continued.span import rows_between
from foretell.generated.continued.state import write_state
from foretell.generated.customers import Customers, drawn_customers
from foretell.generated.feedback import feedback_rows
from foretell.generated.identifiers import numbered
from foretell.generated.orders import Leaving, drawn_orders, in_time_order
from foretell.generated.profiles import profile_rows
from foretell.generated.request import ShopRequest
from foretell.generated.subscriptions import subscription_rows
from foretell.generated.truth import truth_rows, truth_texts
from foretell.generated.visits import event_rows
from foretell.project.errors import InputError
from foretell.project.progress import Progress

SOURCES: Mapping[str, Mapping[str, str]] = {
    "orders": {
        "customer": "customer_id", "time": "time", "order": "order_id", "product": "product", "category": "category",
        "quantity": "quantity", "unit_price": "unit_price", "amount": "amount", "state": "status",
    },
    "events": {
        "customer": "customer_id", "time": "time", "name": "event", "channel": "channel", "product": "product",
    },
    "contacts": {
        "customer": "customer_id", "time": "time", "campaign": "campaign", "channel": "channel", "offer": "offer",
        "arm": "arm", "cost": "cost", "response": "response",
    },
    "feedback": {
        "customer": "customer_id", "time": "time", "kind": "kind", "score": "score", "scale": "scale", "text": "text",
    },
    "profiles": {
        "customer": "customer_id", "time": "since", "city": "city", "age_group": "age_group", "source": "source",
        "signed_up_at": "signed_up_at",
    },
    "subscriptions": {
        "customer": "customer_id", "subscription": "subscription_id", "plan": "plan", "amount": "amount",
        "interval": "interval", "started_at": "started_at", "asked_to_cancel_at": "asked_to_cancel_at",
        "ended_at": "ended_at", "reason": "reason",
    },
    "consents": {
        "customer": "customer_id", "time": "time", "channel": "channel", "purpose": "purpose", "state": "state",
    },
}  # fmt: skip
"""Table to role to column, as the declaration names them."""
QUOTED = ("feedback",)
"""The tables with words of customers in them, which hold commas."""
TRUTH = "truth"


def write_shop(request: ShopRequest, folder: Path, progress: Progress) -> dict[str, int]:
    """Write the shop into a new or empty folder, where its files appear once all are written; gives rows by file.
    InputError where the folder holds something or cannot be written."""
    folder = folder.resolve()
    _require_empty(folder)
    aside = folder.parent / f".{folder.name}.{uuid.uuid4().hex[:8]}.part"
    try:
        (aside / TRUTH).mkdir(parents=True)
        rows = _written(request, aside, progress)
        folder.mkdir(exist_ok=True)
        for path in sorted(aside.iterdir(), reverse=True):
            os.replace(path, folder / path.name)
    except OSError as error:
        raise InputError(
            "The shop cannot be written.",
            file=str(folder),
            found=str(error),
            hint="is the disk full, or the folder read-only?",
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return rows


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            "The shop needs a folder of its own.",
            file=str(folder),
            found="a file" if not folder.is_dir() else f"{sum(1 for _ in folder.iterdir())} files or folders in it",
            expected="a folder that is not there yet, or an empty one",
            hint="name another one with --out",
        )


def _written(request: ShopRequest, folder: Path, progress: Progress) -> dict[str, int]:
    (folder / "foretell.toml").write_text(declaration_text(request), encoding="utf-8")
    for name, text in truth_texts(request).items():
        (folder / TRUTH / name).write_text(text, encoding="utf-8")
    rows: dict[str, int] = {}
    progress.step("Generating customers", len(request.blocks))
    with ExitStack() as open_files:
        writers: dict[str, pq.ParquetWriter | arrow_csv.CSVWriter] = {}
        for tables in generated_blocks(request):
            for name, drawn in tables.items():
                table = rows_between(name, drawn, 0, request.days * DAY) if request.ahead else drawn
                if name not in writers:
                    writers[name] = _writer(folder, name, table.schema, open_files)
                writers[name].write_table(table)
                rows[name] = rows.get(name, 0) + table.num_rows
            progress.advance()
    if request.ahead:
        write_state(folder, folder, request.days, tuple(SOURCES))
    return rows


def _writer(
    folder: Path, name: str, schema: pa.Schema, open_files: ExitStack
) -> pq.ParquetWriter | arrow_csv.CSVWriter:
    """A writer of blocks; the header of a CSV file is written here, since Arrow would put it in quotes."""
    if name == TRUTH:
        return open_files.enter_context(pq.ParquetWriter(folder / TRUTH / "customers.parquet", schema))
    file = open_files.enter_context((folder / f"{name}.csv").open("wb"))
    file.write((",".join(schema.names) + "\n").encode())
    style = "needed" if name in QUOTED else "none"
    options = arrow_csv.WriteOptions(include_header=False, quoting_style=style)
    return open_files.enter_context(arrow_csv.CSVWriter(file, schema, write_options=options))


def generated_blocks(request: ShopRequest) -> Iterator[Mapping[str, pa.Table]]:
    """Name of the table to its rows, block by block; each block in order of time."""
    for block in drawn_blocks(request):
        yield block.tables


@dataclass(frozen=True)
class Block:
    """Customers drawn together, all that they do up to the last day that is drawn, and the shop's products."""

    number: int
    customers: Customers
    leaving: Leaving
    sales: Sales
    catalogue: Catalogue
    tables: Mapping[str, pa.Table]
    next_order: int
    """The number of the first order after those of this block."""


def drawn_blocks(request: ShopRequest) -> Iterator[Block]:
    """The blocks of a shop, one after the other, with all days that are drawn."""
    catalogue = drawn_catalogue(request.calendar.parameters, request.random("products"))
    first_number = 1
    for which in enumerate(request.blocks):
        block = _block(request, catalogue, which, first_number)
        first_number = block.next_order
        yield block


def _block(request: ShopRequest, catalogue: Catalogue, which: tuple[int, range], first_number: int) -> Block:
    (block, numbers), calendar = which, request.calendar

    def random(noun: str) -> np.random.Generator:
        return request.random(noun, block)

    customers = drawn_customers(numbers, calendar, random("customers"))
    own, leaving = drawn_orders(customers, calendar, random("orders"))
    who = customers, leaving
    consents = Consents(customers, random("consents"))
    contacts = drawn_contacts(customers, consents, leaving, calendar, random("contacts"))
    orders = in_time_order(
        np.concatenate([own.customer, contacts.orders.customer]), np.concatenate([own.at, contacts.orders.at])
    )
    baskets = random("baskets")
    sales = drawn_sales(orders, customers, catalogue, calendar, baskets)
    tables = {
        "orders": with_order_id(order_rows(sales, who, catalogue, calendar, baskets), first_number),
        "events": with_order_id(event_rows(sales, who, calendar, random("visits")), first_number),
        "contacts": contacts_table(contacts, customers),
        "feedback": feedback_rows(orders, who, calendar, random("feedback")),
        "profiles": profile_rows(customers, calendar, random("profiles")),
        "subscriptions": subscription_rows(who, calendar, random("subscriptions")),
        "consents": consents.table(customers, calendar),
        TRUTH: truth_rows(who, calendar),
    }
    return Block(block, customers, leaving, sales, catalogue, tables, first_number + len(orders.at))


def with_order_id(rows: pa.Table, first_number: int) -> pa.Table:
    """The rows with the order's id in the place of its number in the block."""
    place = rows.column_names.index("number")
    numbers = rows["number"].combine_chunks().fill_null(-1).to_numpy()
    ids = numbered("A", np.where(numbers < 0, -1, numbers + first_number), 8)
    return rows.set_column(place, "order_id", ids)


def declaration_text(request: ShopRequest) -> str:
    """The text of foretell.toml: every file of the shop as a source."""
    lines = [
        f"# A generated shop ({request.customers:,} customers, seed {request.seed}): nothing in it is real.",
        "[project]",
        'name = "generated shop"',
        'timezone = "UTC"',
        'currency = "GBP"',
        'value = "net"',
    ]
    for table, roles in SOURCES.items():
        columns = ", ".join(f'{role} = "{column}"' for role, column in roles.items())
        source = ["[[sources]]", f'table = "{table}"', f'path = "{table}.csv"', f"columns = {{ {columns} }}"]
        if table == "orders":
            source.append('states = { paid = "sale", refunded = "refund", failed = "none" }')
        lines += ["", *source]
    return "\n".join(lines) + "\n"
