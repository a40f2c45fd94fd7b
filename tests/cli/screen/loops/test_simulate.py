"""What `foretell simulate` prints, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from foretell.cli.screen.loops.simulate import simulation_text
from pipeline.simulation.made_up.simulations import shop, simulated
from typed import typed


def test_losses_come_first_and_every_part_is_told() -> None:
    lines = simulation_text(simulated(shop(1, ours=-2.0), shop(2, ours=3.0)))
    parts = ["Losses", "True profit a shop", "Chance of an order in 2 graded weeks", "Read-outs", "Planted drifts"]
    assert [lines.index(part) for part in parts] == sorted(lines.index(part) for part in parts)
    assert "nothing in it is real" in " ".join(lines.split())
    assert "seen in 2 of 2 shops, after 7 days" in lines
    assert "95.0 %   80 treated, 20 aside" in lines
    assert "2 kept" in lines
    assert max(len(line) for line in lines.splitlines()) <= 79


def test_a_size_out_of_reach_is_refused(tmp_path: Path) -> None:
    refused = typed("simulate", "--weeks", "1", "--json", folder=tmp_path)
    assert refused.returncode == 2
    assert json.loads(refused.stdout)["where"] == "column --weeks"
    assert not list(tmp_path.iterdir())
