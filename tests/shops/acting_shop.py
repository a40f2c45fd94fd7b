"""The small shop's run in a folder of its own, with a declaration that has playbooks."""

from __future__ import annotations

import shutil
from pathlib import Path

from foretell.answers.published import PublishedRun
from foretell.project.place import Place

DECLARED = """
[project]
timezone = "UTC"
currency = "EUR"
margin = 0.4

[[sources]]
path = "orders.csv"
columns = { customer = "customer", time = "sold_at", order = "order_no", product = "sku", amount = "amount" }

[[offers]]
name = "letter"
channel = "post"
cost = 0.5
takes_off = "10 %"
content = "next categories"

[[playbooks]]
name = "win back"
when = "p_purchase < 90 %"
offers = ["letter"]
window = "30d"
cooldown = "0d"
cooldown_all = "0d"
effect = "5 %"
"""


def acting_shop(run: PublishedRun, folder: Path, more: str = "") -> Place:
    """The place of a project in that folder, which has the run; `more` is added to its declaration."""
    shutil.copytree(run.request.place.state, folder / ".foretell")
    (folder / "foretell.toml").write_text(DECLARED + more, encoding="utf-8")
    return Place(folder / "foretell-results", folder / ".foretell")
