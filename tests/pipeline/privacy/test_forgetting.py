"""Forgetting: nothing is left in the bytes, whenever the command is stopped, and nobody comes back."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from actions.drawn_from.campaigns_made import people as people_to_act
from actions.drawn_from.campaigns_made import to_act
from foretell.actions.acting import act, finished
from foretell.actions.assignments import FILE_NAME as ACTIONS
from foretell.actions.assignments import Assignments
from foretell.actions.campaign_files import Contents
from foretell.alerts.state import FILE_NAME as ALERTS
from foretell.alerts.state import AlertState
from foretell.answers.published import PublishedRun
from foretell.customer_log.erasure.forgotten import BlockList
from foretell.customer_log.store import Store
from foretell.delivery.ledger import FILE_NAME as LEDGER
from foretell.delivery.ledger import Ledger
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.privacy import forgetting
from foretell.pipeline.privacy.forgetting import finish_forgetting, forget
from foretell.pipeline.privacy.person import person_of
from foretell.project.errors import InputError
from foretell.project.progress import Silent
from foretell.project.request import Request
from foretell.storage.catalogue import Catalogue
from shops.private_shop import EMAIL, OTHER, PERSON, copied_run, files_that_name, people, read_in, warned_of

NAMES = (PERSON, EMAIL, "Zwolle", "Zandvoort", "Z900", "Z901")
STEPS = ("_runs_deleted", "_files_deleted", "log_without", "_frame_without")
LINKS = """
[[sources]]
table = "identities"
path = "ids.csv"
columns = { customer = "who", other = "other", time = "since" }
"""
STOPPED = """
import os, sys
from pathlib import Path
from foretell.pipeline.privacy import forgetting
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.project.progress import Silent
forgetting.{step} = lambda *_: os._exit(9)
request = request_of_declaration(Path("foretell.toml"))
forgetting.forget(request.place, {person!r}, request, Silent())
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose log is read in, and that warned of its people."""
    folder = tmp_path_factory.mktemp("people")
    request = people(folder)
    read_in(request)
    warned_of(request.place.state, PERSON, OTHER)
    warned_of(request.place.state, PERSON, day=5)
    return folder


@pytest.fixture
def peopled(original: Path, tmp_path: Path) -> Request:
    """A copy of it."""
    shutil.copytree(original, tmp_path / "shop")
    return request_of_declaration(tmp_path / "shop" / "foretell.toml")


def left_of(request: Request) -> list[str]:
    return files_that_name(request.place.state, *NAMES)


def test_a_person_is_gone_from_log_alerts_and_ledger_and_does_not_come_back(peopled: Request) -> None:
    before = Store.kept(peopled.place.state)
    assert {path.split("/")[0] for path in left_of(peopled)} == {"loads", ALERTS, LEDGER}
    assert before.rows("orders") == 56
    done = forget(peopled.place, f" {PERSON} ", peopled, Silent())
    assert left_of(peopled) == []
    assert not done.already
    assert (done.rows["orders"], done.rows["events"], done.rows["rejected"]) == (28, 2, 2)
    assert (done.alerts, done.emptied, done.unsent) == (2, 2, 2)
    assert dict(done.in_sources) == {"orders.csv": 30, "profiles.csv": 3, "events.csv": 2}
    (kept,) = AlertState(peopled.place.state / ALERTS).raised()
    assert kept.alert.customers == (OTHER,)
    assert {row[2] for row in Ledger(peopled.place.state / LEDGER).bodies()} == {"delivered"}
    with (peopled.orders.files[0]).open("a", encoding="utf-8") as file:
        file.write(f"{PERSON},2024-02-03 10:00,Z77,soap,4.50,paid\n{OTHER},2024-02-03,B77,tea,3,paid\n")
    left_out = read_in(peopled)["left_out"]
    assert isinstance(left_out, pa.Table)
    assert left_out.select(["kind", "reason", "rows"]).to_pylist()[-1] == {
        "kind": "forgotten",
        "reason": "1",
        "rows": 1,
    }
    assert left_of(peopled) == []
    assert Store.kept(peopled.place.state).rows("orders") == 29


def test_campaigns_forget_who_somebody_was_and_keep_that_they_were_there(peopled: Request) -> None:
    place = peopled.place
    ledger = Assignments(place.state)
    who = people_to_act(4).taken(range(4))
    who = replace(who, customer_id=pa.array([PERSON, OTHER, "c1", "c2"]))
    asked = to_act(who)
    drawn = act(asked, ledger, "Ann")
    finished(drawn, asked, ledger, place.out, Contents({}), 0)
    told = person_of(place, PERSON, peopled, Silent())["assignments"]
    assert [(row["campaign"], row["assigned_at"][:10]) for row in told] == [("win back 1", "2023-11-14")]
    assert ACTIONS in {path.split("/")[-1] for path in left_of(peopled)}
    assert forget(place, PERSON, peopled, Silent()).assignments == 1
    assert (left_of(peopled), files_that_name(place.out, *NAMES)) == ([], [])
    after = ledger.assignments("win back 1")
    assert sorted(after["arm"].to_pylist()) == sorted(drawn.assigned["arm"].to_pylist())
    assert {OTHER, "c1", "c2"} < set(after["customer_id"].to_pylist())


def test_the_same_again_says_so_and_a_stranger_is_refused_with_who_may_be_meant(peopled: Request) -> None:
    with pytest.raises(InputError) as refused:
        forget(peopled.place, "bob-7", peopled, Silent())
    assert refused.value.details()["expected"] == f"an id such as {OTHER}"
    forget(peopled.place, PERSON, peopled, Silent())
    again = forget(peopled.place, EMAIL.upper(), peopled, Silent())
    assert (again.already, again.runs, dict(again.rows)) == (True, 0, {})
    assert again.in_sources["orders.csv"] == 30


def test_all_linked_ids_of_a_person_are_forgotten_with_one_of_them(peopled: Request) -> None:
    folder = peopled.place.state.parent
    (folder / "ids.csv").write_text(
        f"who,other,since\n{PERSON},Zed-9,2024-01-02\nZed-9,zz-device,2024-01-03\n{OTHER},bob@x.org,2024-01-03\n",
        encoding="utf-8",
    )
    with (folder / "orders.csv").open("a", encoding="utf-8") as file:
        file.write("Zed-9,2024-01-08 10:00,Z500,soap,4.50,paid\nzz-device,2024-01-09 10:00,Z501,soap,4.50,paid\n")
    with (folder / "foretell.toml").open("a", encoding="utf-8") as file:
        file.write(LINKS)
    request = request_of_declaration(folder / "foretell.toml")
    read_in(request)
    assert Store.kept(request.place.state).manifest.path.name.startswith("joined")
    done = forget(request.place, "zz-device", request, Silent())
    assert set(done.also) == {"Zed-9", PERSON, EMAIL}
    names = (*NAMES, "Zed-9", "zz-device")
    assert files_that_name(request.place.state, *names) == []
    assert forget(request.place, PERSON, request, Silent()).already
    read_in(request)
    assert files_that_name(request.place.state, *names) == []
    assert Store.kept(request.place.state).customer_ids().to_pylist() == [OTHER]
    assert person_of(request.place, "Bob@x.org", request, Silent())["also_known_as"] == [OTHER]
    forget(request.place, "Bob@x.org", request, Silent())
    assert Store.kept(request.place.state).customer_ids().to_pylist() == [], "known by a link alone"


def test_the_parts_of_a_forgotten_account_stay_and_are_told(peopled: Request) -> None:
    folder = peopled.place.state.parent
    (folder / "ids.csv").write_text(f"who,other,since\nAcme,{PERSON},2024-01-02\nAcme,{OTHER},2024-01-02\n", "utf-8")
    with (folder / "foretell.toml").open("a", encoding="utf-8") as file:
        file.write(f'{LINKS}entity = "account"\n')
    request = request_of_declaration(folder / "foretell.toml")
    read_in(request)
    assert forget(request.place, "Acme", request, Silent()).parts == (OTHER, PERSON)
    read_in(request)
    store = Store.kept(request.place.state)
    assert {OTHER, PERSON} <= set(store.customer_ids().to_pylist())
    assert files_that_name(request.place.state, "Acme") == []


@pytest.mark.parametrize("step", STEPS)
def test_what_fails_half_way_is_finished_by_the_next_command(
    peopled: Request, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(forgetting, step, _failing)
        with pytest.raises(OSError, match="stopped here"):
            forget(peopled.place, PERSON, peopled, Silent())
    assert BlockList(peopled.place.state).unfinished()
    assert "forgotten.sqlite" not in left_of(peopled)
    finish_forgetting(peopled.place, Silent())
    assert left_of(peopled) == []
    assert BlockList(peopled.place.state).unfinished() == {}
    assert Store.kept(peopled.place.state).rows("orders") == 28


def test_a_killed_process_leaves_what_the_next_one_finishes(peopled: Request) -> None:
    code = STOPPED.format(step="log_without", person=PERSON)
    folder = peopled.place.state.parent
    ended = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 9, ended.stderr
    assert {path.split("/")[0] for path in left_of(peopled)} == {"loads"}
    assert forget(peopled.place, PERSON, peopled, Silent()).already
    assert left_of(peopled) == []


def test_a_run_and_its_files_go_and_the_cut_points_stay(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = copied_run(shop_run.request.place.out, tmp_path)
    person = str(shop_run.main.scores["customer_id"][0].as_py())
    assert files_that_name(place.out, person)
    done = forget(place, person, None, Silent())
    assert files_that_name(place.out, person) == []
    assert done.runs == len(Catalogue(shop_run.request.place.state).runs())
    assert len(done.files) >= 9
    assert {Path(path).parent for path in done.files} == {place.out.resolve()}
    left = {path.name.split("-")[0] for path in (place.state / "artefacts").iterdir()}
    assert left == {"cuts", "published_forecast", "shadow_scores", "model_version"}
    assert done.in_sources["orders.csv"] > 0
    assert (shop_run.request.place.out / "scores.parquet").exists()


def test_the_table_that_python_gave_loses_the_person(peopled: Request) -> None:
    frame = peopled.place.state / "the frame"
    pq.write_table(pa.table({"who": [PERSON, OTHER, None], "paid": [1, 2, 3]}), frame)
    forget(peopled.place, PERSON, peopled, Silent())
    assert pq.ParquetFile(frame).read()["who"].to_pylist() == [OTHER, None]


def _failing(*_: object) -> Callable[[], None]:
    raise OSError("stopped here")
