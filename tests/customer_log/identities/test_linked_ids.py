"""The other ids of a customer are found however far links lead, and never through what joins too many."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.customer_log.identities.linked_ids import linked_to, parts_of
from foretell.customer_log.store import Store
from foretell.pipeline.intake.requests import request_of_declaration
from shops.private_shop import OTHER, PERSON, people, read_in

SOURCE = """
[[sources]]
table = "identities"
path = "{path}"
columns = {{ customer = "who", other = "other" }}
{more}
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("linked")
    people(folder)
    shared = "".join(f"x{number},front-desk\n" for number in range(9))
    ids = f"who,other\n{PERSON},Zed-9\nZed-9,zz-device\n{PERSON},front-desk\n{OTHER},front-desk\n{shared}"
    (folder / "ids.csv").write_text(ids, encoding="utf-8")
    (folder / "firms.csv").write_text(f"who,other\nFirm-1,{OTHER}\nFirm-1,{PERSON}\n", encoding="utf-8")
    with (folder / "foretell.toml").open("a", encoding="utf-8") as file:
        file.write(SOURCE.format(path="ids.csv", more=""))
        file.write(SOURCE.format(path="firms.csv", more='entity = "account"'))
    request = request_of_declaration(folder / "foretell.toml")
    read_in(request)
    return Store.kept(request.place.state).as_read()


@pytest.mark.parametrize(
    ("asked", "others"),
    [(PERSON, ["Zed-9", "zz-device"]), ("zz-device", ["Zed-9", PERSON]), (OTHER, []), ("nobody", [])],
)
def test_links_lead_to_all_ids_of_a_customer_and_to_no_other(store: Store, asked: str, others: list[str]) -> None:
    assert linked_to(store, asked) == sorted(others)


def test_a_whole_has_parts_that_are_customers_without_it(store: Store) -> None:
    assert parts_of(store, "Firm-1") == sorted([OTHER, PERSON])
    assert parts_of(store, OTHER) == []
