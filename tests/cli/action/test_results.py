"""`foretell results`, as its user types it, on a campaign that was just begun."""

from __future__ import annotations

import json
from pathlib import Path

from foretell.answers.published import PublishedRun
from shops.acting_shop import acting_shop
from typed import typed


def test_a_campaign_is_told_from_its_first_day_on(shop_run: PublishedRun, tmp_path: Path) -> None:
    acting_shop(shop_run, tmp_path)
    nothing = typed("results", folder=tmp_path)
    assert (nothing.returncode, "foretell act" in nothing.stderr) == (2, True)
    typed("act", "win back", "--at", "2024-09-10", "--approve", "Ann", folder=tmp_path)
    told = typed("results", "win back", "--html", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "Too early to tell: 0 of" in told.stdout
    page = tmp_path / told.stdout.splitlines()[-1].split("Page: ")[1]
    assert "Too early to tell" in page.read_text(encoding="utf-8")
    (one,) = json.loads(typed("results", "--json", folder=tmp_path).stdout)
    assert (one["campaign"], one["complete"], one["ripe_on"]) == ("win back 1", 0, "2024-10-10")
    assert {entry["n_arm"] for entry in one["comparisons"]} == {0}
    other = typed("results", "x", folder=tmp_path)
    assert (other.returncode, "one of: win back 1, win back" in other.stderr) == (2, True)
