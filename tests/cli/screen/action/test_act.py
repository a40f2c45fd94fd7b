"""What `foretell act` prints says what is done, to whom, why not to others, and when to come back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foretell.answers.published import PublishedRun
from foretell.cli.screen.action.act import done_lines, prepared_lines
from foretell.pipeline.actions.act import acted_on, prepared
from shops.acting_shop import acting_shop


def test_each_state_of_an_act_has_its_words(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = acting_shop(shop_run, tmp_path, "\n[actions]\nglobal_holdout = 0.2\n")
    ready = prepared(place, "win back", "2024-09-30")
    told = prepared_lines(ready)
    assert told[0] == "win back 1 would be drawn now; nothing has been done."
    assert any("left out: global holdout" in line for line in told)
    assert any("days older than the contact" in line for line in told)
    assert told[-1] == 'To do it: foretell act "win back" --approve "YOUR NAME"'
    done = acted_on(place, "win back", "Ann", "2024-09-10")
    text = "\n".join(done_lines(done))
    assert f"{done.acted.drawn.treated:,} treated (contacted)" in text
    assert f"cost {done.acted.drawn.cost:,.2f}" in text
    assert all(str(path) in text for path in done.acted.files.values())
    dropped = done_lines(replace(done, acted=replace(done.acted, dropped=1)))
    assert any("1 treated customer may not be contacted any more" in line for line in dropped)
