"""Pushing files of people: to whom is declared, without the forgotten, and the same file once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from foretell.customer_log.erasure.forgotten import BlockList
from foretell.pipeline.actions.push import (
    Ways,
    batch_of,
    declared_push,
    look,
    push_file,
    push_state,
    push_table,
    push_waiting,
)
from foretell.project.errors import InputError
from foretell.project.place import Place
from foretell.project.progress import Silent
from vendors.crm_servers import HubSpotServer
from vendors.pushed import ENVIRONMENT, QUICK, table
from vendors.speaking import Said, Trouble, open_for_calls

DECLARED = """
[[sources]]
path = "orders.csv"
columns = {{ customer = "who" }}

[[pushes]]
name = "crm"
kind = "hubspot"
url = "{url}"
allow_private = true
secret_env = "TOOL_TOKEN"
key_property = "shop_id"
create = true
fields = {{ score = "score" }}

[[pushes]]
name = "list"
kind = "csv"
"""


@pytest.fixture
def vendor() -> HubSpotServer:
    return HubSpotServer()


@pytest.fixture
def ways(vendor: HubSpotServer, tmp_path: Path) -> Iterator[Ways]:
    with open_for_calls(vendor) as url:
        (tmp_path / "foretell.toml").write_text(DECLARED.format(url=url))
        (tmp_path / "people.csv").write_text("customer_id,score\nk0,0.5\nk1,0.25\nk2,\n")
        yield Ways(Place.of_declaration(tmp_path / "foretell.toml", "results"), ENVIRONMENT, QUICK)


def test_the_same_file_goes_once_and_another_one_again(ways: Ways, vendor: HubSpotServer, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    assert len(look(ways, "crm", file, "").preview.added) == 3
    first, again = push_file(ways, "crm", file, "", Silent()), push_file(ways, "crm", file, "", Silent())
    assert (first.answer.done, again.answer.done, again.answer.already) == (3, 0, 3)
    file.write_text(file.read_text().replace("0.25", "0.75"))
    assert push_file(ways, "crm", file, "", Silent()).answer.done == 3
    assert vendor.by_key()["k1"]["score"] == "0.75"
    assert "score" not in vendor.by_key()["k2"]
    assert look(ways, "crm", file, "new").preview.same == ("k0", "k1", "k2")


def test_a_campaign_is_its_own_batch_and_those_kept_aside_never_leave(ways: Ways, vendor: HubSpotServer) -> None:
    assigned = table(4).append_column("arm", pa.array(["treated", "control"] * 2))
    assigned = assigned.append_column("campaign", pa.array(["c7"] * 4))
    pushed = push_table(ways, "crm", assigned, "", Silent())
    assert (pushed.answer.batch, pushed.answer.done, pushed.held_back) == ("c7", 2, 2)
    assert set(vendor.by_key()) == {"k0", "k2"}
    two = assigned.set_column(4, "campaign", pa.array(["c7", "c8", "c7", "c8"]))
    with pytest.raises(InputError, match="several campaigns"):
        push_table(ways, "crm", two, "", Silent())
    assert push_table(ways, "crm", two, "mine", Silent()).answer.batch == "mine"
    assert batch_of(declared_push(ways.place, "crm"), [], two.slice(0, 0)) == "empty"


def test_the_forgotten_are_not_sent(ways: Ways, vendor: HubSpotServer, tmp_path: Path) -> None:
    ways.place.state.mkdir(parents=True)
    BlockList(ways.place.state).add(["k1"], "")
    pushed = push_file(ways, "crm", tmp_path / "people.csv", "", Silent())
    assert (pushed.answer.done, pushed.forgotten) == (2, 1)
    assert "k1" not in vendor.by_key()


def test_who_waits_is_listed_and_gone_on_with(ways: Ways, vendor: HubSpotServer, tmp_path: Path) -> None:
    vendor.troubles.append(Trouble("answer", Said(401, {"message": "expired"})))
    assert push_file(ways, "crm", tmp_path / "people.csv", "b", Silent()).answer.waiting == 3
    assert push_state(ways.place).counts == [("crm", "b", "waiting", 3)]
    assert [one.person for one in push_state(ways.place, "crm").entries] == ["k0", "k1", "k2"]
    assert push_state(ways.place, "other").entries == []
    assert [one.answer.done for one in push_waiting(ways, "crm", Silent())] == [3]
    with pytest.raises(InputError, match="writes a file"):
        push_waiting(ways, "list", Silent())


def test_a_push_that_is_not_declared_is_told_with_those_that_are(ways: Ways, tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        declared_push(ways.place, "crn")
    assert told.value.expected == "one of: crm, list"
    with pytest.raises(InputError, match="no such push"):
        declared_push(Place.of_results(tmp_path / "elsewhere"), "crm")
