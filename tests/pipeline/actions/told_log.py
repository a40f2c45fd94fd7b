"""A log of a few orders, consents and contacts, read from files as a run reads them."""

from __future__ import annotations

from pathlib import Path

from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.project.intervals import parse_day
from foretell.project.progress import Silent
from foretell.timelines.engine import Engine

NOW = parse_day("2024-06-01", "UTC")
PEOPLE = "abcdef"
DECLARED = """
[[sources]]
path = "orders.csv"
columns = { customer = "customer", time = "time", amount = "amount" }
"""
CONSENTS = """
[[sources]]
table = "consents"
path = "consents.csv"
columns = { customer = "customer", time = "time", channel = "channel", purpose = "purpose", state = "state" }
"""
CONTACTS = """
[[sources]]
table = "contacts"
path = "contacts.csv"
columns = { customer = "customer", time = "time", campaign = "campaign", arm = "arm" }
"""


def told_log(folder: Path, consents: str = "", contacts: str = "") -> Engine:
    """The engine over one order of each of `PEOPLE`, and over what the rows of the other tables say."""
    orders = "".join(f"{one},2024-01-0{at + 1},10\n" for at, one in enumerate(PEOPLE))
    (folder / "orders.csv").write_text(f"customer,time,amount\n{orders}")
    declared = DECLARED
    if consents:
        (folder / "consents.csv").write_text(f"customer,time,channel,purpose,state\n{consents}")
        declared += CONSENTS
    if contacts:
        (folder / "contacts.csv").write_text(f"customer,time,campaign,arm\n{contacts}")
        declared += CONTACTS
    (folder / "foretell.toml").write_text(declared)
    request = request_of_declaration(folder / "foretell.toml")
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    return brought_up_to_date(settled, files, columns, Silent()).engine
