"""`foretell retrain` and `foretell model versions|serve`, as their user types them."""

from __future__ import annotations

import json
from pathlib import Path

from foretell.answers.published import PublishedRun
from shops.private_shop import copied_run
from typed import typed


def test_versions_are_listed_served_and_retrained(shop_run: PublishedRun, tmp_path: Path) -> None:
    out = str(copied_run(shop_run.request.place.out, tmp_path).out)
    (one,) = json.loads(typed("model", "versions", "--out", out, "--json", folder=tmp_path).stdout)
    assert (one["number"], one["serves"], one["changes"]) == (1, True, ["The first version."])
    done = json.loads(typed("model", "serve", "1", "--out", out, "--json", folder=tmp_path).stdout)
    assert (done["version"], done["customers"]) == (1, len(shop_run.main.scores))
    assert Path(done["files"]["scores.parquet"]).is_file()
    none = typed("model", "serve", "9", "--out", out, folder=tmp_path)
    assert (none.returncode, "no such model version" in none.stderr) == (2, True)
    told = json.loads(typed("retrain", "--out", out, "--json", folder=tmp_path).stdout)
    assert (told["decision"], told["version"]) == ("not due", 1)
    assert (
        "No shadow score of version 1 is ripe yet." in typed("retrain", "--check", "--out", out, folder=tmp_path).stdout
    )
    assert typed("retrain", folder=tmp_path).returncode == 2
