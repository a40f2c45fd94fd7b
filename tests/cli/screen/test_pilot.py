"""What `foretell pilot` prints: the rule first, then what it came to."""

from __future__ import annotations

from foretell.actions.pilot import Decision, GoRule, Pilot
from foretell.cli.screen.pilot import standing_as_json, standing_lines, stepped_as_json, stepped_lines
from foretell.pipeline.actions.pilot import Standing, Stepped
from outcomes.results_made import drawn, result

PILOT = Pilot("win back", "At risk", GoRule(), "Ann", 0)


def test_where_a_pilot_stands_is_said() -> None:
    went = Decision(0, "go", 1, "Ann", {"why": "profit per contact 1.50", "campaign": "win back 1", "rule": "go when"})
    stopped = Decision(0, "no go", 1, "Ann", {"why": "nothing could be compared"})
    for standing, says, then in (
        (Standing(PILOT, -1, None, None), "begun; nobody has been drawn yet", 0),
        (Standing(PILOT, 0, result(drawn(complete=0.5)), None), "the pilot is running", None),
        (Standing(PILOT, 0, result(), None), "the pilot is over: ready to be judged", None),
        (Standing(PILOT, 0, result(), went), "go after the pilot: profit per contact 1.50", 1),
        (Standing(PILOT, 3, result(), went), "go after the step to 100%", None),
        (Standing(PILOT, 1, result(), stopped), "no go after the step to 10%: nothing could be compared", None),
    ):
        told = standing_lines(standing)
        assert told[0].startswith(f"win back: At risk: {says}")
        assert "is above 0.00 (approved by Ann)" in told[1]
        assert standing.next_step == then
        assert standing_as_json(standing)["says"] == standing.says


def test_a_decision_is_told_with_its_evidence() -> None:
    stopped = Decision(0, "no go", 1, "Ann", {"why": "nothing could be compared"})
    step = Stepped(Standing(PILOT, 0, result(), stopped), judged=stopped)
    assert stepped_lines(step)[1] == "  Judged: no go; nothing could be compared"
    assert "no go after the pilot" in stepped_lines(step)[2]
    told = stepped_as_json(step)
    assert (told["judged"]["decision"], told["done"], told["treated"]) == ("no go", False, None)
