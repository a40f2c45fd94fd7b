"""An act is committed before anything is written, survives being killed at any moment, and is done once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from actions.drawn_from.campaigns_made import AT, people, to_act
from foretell.actions.acting import act, finished, ripe_day
from foretell.actions.assignments import Assignments
from foretell.actions.campaign_files import Contents
from foretell.project.errors import InputError

TIMES = 100
KILLED = """
import json, os, random, signal, sys, time
from pathlib import Path
from actions.drawn_from.campaigns_made import people, to_act
from foretell.actions.acting import act, finished
from foretell.actions.assignments import Assignments
from foretell.actions.campaign_files import Contents

asked = to_act(people(40))

def acted(folder):
    ledger = Assignments(folder)
    return finished(act(asked, ledger, "Ann"), asked, ledger, folder / "out", Contents({}), 0)

def seen(folder):
    ledger = Assignments(folder)
    files = sorted(path.name for path in folder.glob("out/campaigns/*/*") if not path.name.startswith("."))
    return [len(ledger.campaigns()), len(ledger.assignments()), len(ledger.acts("win back 1")), files]

def child(folder):
    folder.mkdir()
    started = os.fork()
    if not started:
        acted(folder)
        os._exit(0)
    return started

root = Path(sys.argv[1])
(root / "warm").mkdir()
acted(root / "warm")
begun = time.perf_counter()
os.waitpid(child(root / "whole"), 0)
takes = time.perf_counter() - begun
draws, left = random.Random(1), []
for number in range(int(sys.argv[2])):
    folder = root / str(number)
    started = child(folder)
    time.sleep(draws.random() * takes * 1.1)
    os.kill(started, signal.SIGKILL)
    _, status = os.waitpid(started, 0)
    left.append([os.WIFSIGNALED(status), *seen(folder)])
    acted(folder)
print(json.dumps(left))
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Assignments:
    return Assignments(tmp_path)


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: whoever is killed leaves the same there, and no disk is waited for."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def test_killed_a_hundred_times_it_is_whole_or_has_not_been_and_ends_the_same(quick_folder: Path) -> None:
    paths = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)])
    environment = os.environ | {"PYTHONPATH": paths, "PYTHONWARNINGS": "ignore"}
    told = subprocess.run(
        [sys.executable, "-c", KILLED, str(quick_folder), str(TIMES)],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    left = json.loads(told.stdout)
    assert len(left) == TIMES
    states = set()
    for _, campaigns, assignments, acts, files in left:
        assert (campaigns, assignments, acts) in ((0, 0, 0), (1, 40, 1))
        assert not files or campaigns
        states.add((campaigns, len(files)))
    assert sum(killed for killed, *_ in left) > TIMES / 4
    assert {(0, 0), (1, 2)} <= states
    whole = Assignments(quick_folder / "whole").assignments()
    for number in range(TIMES):
        folder = quick_folder / str(number)
        assert Assignments(folder).assignments().equals(whole)
        for name in ("assignments.csv", "contacts.csv"):
            place = Path("out/campaigns/win-back-1") / name
            assert (folder / place).read_bytes() == (quick_folder / "whole" / place).read_bytes()


def test_the_same_run_acts_once(ledger: Assignments) -> None:
    first = act(to_act(), ledger, "Ann")
    again = act(to_act(), ledger, "Bob")
    assert (first.is_new, again.is_new) == (True, False)
    assert again.assigned.equals(first.assigned)
    assert [one.approved_by for one in ledger.acts("win back 1")] == ["Ann"]


def test_nobody_approved_and_nobody_to_contact_are_refused(ledger: Assignments) -> None:
    with pytest.raises(InputError, match="approves"):
        act(to_act(), ledger, "  ")
    with pytest.raises(InputError, match="nobody to contact") as refused:
        act(to_act(people(3, objecting=3)), ledger, "Ann")
    assert refused.value.details()["found"] == "3 objects to contact"
    with pytest.raises(InputError, match="nobody to contact") as refused:
        act(to_act(playbook={"triggered": True, "capacity": 1, "holdout": 0.0, "budget": 0.1}), ledger, "Ann")
    assert refused.value.details()["found"].startswith("40 may be reached")
    assert not ledger.path.exists()


def test_whoever_objects_after_the_draw_is_not_contacted_and_stays_in_their_arm(
    ledger: Assignments, tmp_path: Path
) -> None:
    asked = to_act()
    first = finished(act(asked, ledger, "Ann"), asked, ledger, tmp_path, Contents({}), AT)
    assert first.dropped == 0
    rows = first.drawn.assigned.to_pylist()
    (who, *_) = [row["customer_id"] for row in rows if row["arm"] == "treated"]
    now = people()
    now.why_not[now.customer_id.to_pylist().index(who)] = "objects to contact"
    later = replace(asked, candidates=now)
    for _ in range(2):
        again = finished(act(later, ledger, "Ann"), later, ledger, tmp_path, Contents({}), AT + 1)
        assert again.dropped == 1
    contacts = again.files["contacts.csv"].read_text(encoding="utf-8")
    assert f'"{who}"' not in contacts
    assert contacts.count("\n") == first.drawn.treated
    assert again.drawn.assigned.equals(first.drawn.assigned)


def test_a_read_out_is_ripe_when_the_last_window_is_over(ledger: Assignments) -> None:
    drawn = act(to_act(playbook={"window": "30d"}), ledger, "Ann")
    assert ripe_day(drawn, "UTC") == "2023-12-14"
