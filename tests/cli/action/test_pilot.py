"""`foretell pilot`, as its user types it."""

from __future__ import annotations

import json
from pathlib import Path

from foretell.answers.published import PublishedRun, published
from shops.acting_shop import acting_shop
from typed import typed


def test_a_pilot_is_begun_once_and_tells_where_it_stands(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = acting_shop(shop_run, tmp_path)
    names = published(place).main.scores["segment"].to_pylist()
    words = ("pilot", "win back", "--segment", max(set(names), key=names.count), "--at", "2024-09-10")
    assert typed("pilot", folder=tmp_path).stdout == "No pilot has been begun.\n"
    would = typed(*words, folder=tmp_path)
    assert "nothing has been done" in would.stdout
    assert "--approve" in would.stdout.splitlines()[-1]
    done = json.loads(typed(*words, "--approve", "Ann", "--json", folder=tmp_path).stdout)
    assert (done["done"], done["step"], done["decision"]) == (True, 0, None)
    told = typed("pilot", folder=tmp_path).stdout
    assert "the pilot is running" in told
    assert "is above 0.00 (approved by Ann)" in " ".join(told.split())
    assert json.loads(typed("pilot", "--json", folder=tmp_path).stdout)[0]["campaign"] == "win back 1"
    other = typed(*words, "--approve", "Ann", "--go-above", "2", folder=tmp_path)
    assert (other.returncode, "fixed before its start" in other.stderr) == (2, True)
    assert typed("pilot", "win back", folder=tmp_path).returncode == 2
