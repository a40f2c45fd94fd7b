"""Ids of the ledger are read under the id that the log holds their facts under, from when that is known."""

from __future__ import annotations

from pathlib import Path

from foretell.pipeline.actions.known_as import KnownAs
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.project.intervals import parse_day
from shops.private_shop import OTHER, PERSON, people, read_in

LINKS = """
[[sources]]
table = "identities"
path = "ids.csv"
columns = { customer = "who", other = "other", time = "since" }
"""


def test_linked_ids_are_one_customer_once_that_is_known(tmp_path: Path) -> None:
    people(tmp_path)
    (tmp_path / "ids.csv").write_text(f"who,other,since\n{PERSON},Zed-9,2024-01-02\n", encoding="utf-8")
    with (tmp_path / "orders.csv").open("a", encoding="utf-8") as file:
        file.write("Zed-9,2024-01-08 10:00,Z500,soap,4.50,paid\n")
    with (tmp_path / "foretell.toml").open("a", encoding="utf-8") as file:
        file.write(LINKS)
    request = request_of_declaration(tmp_path / "foretell.toml")
    read_in(request)
    ids = ["zed-9", "Zed-9", PERSON, OTHER]
    before, after = (KnownAs.at(request.place, parse_day(day, "UTC")) for day in ("2024-01-01", "2024-03-01"))
    assert list(before(ids)) == ids
    held = list(after(ids))
    assert held[1] == held[2] != held[3] == OTHER
    assert KnownAs({})(ids) is ids
