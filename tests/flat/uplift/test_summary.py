"""The answer in sentences."""

from __future__ import annotations

from dataclasses import replace

from foretell.flat.uplift import summary
from foretell.flat.uplift.run import UpliftOutcome
from foretell.uplift.decision import Decision


def test_headlines(dogs: UpliftOutcome) -> None:
    assert summary.headline(dogs).startswith("Target: effects differ")
    said = {
        Decision("treat all", 1, "why"): "Treat all with mail: why.",
        Decision("treat none", 0, "why"): "Treat none: why.",
        Decision("no evidence that targeting pays", 0, "why"): (
            "No evidence that targeting pays; for everybody: none: why."
        ),
    }
    for decision, headline in said.items():
        assert summary.headline(replace(dogs, decision=decision)) == headline


def test_every_arm_and_policy_has_a_line(dogs: UpliftOutcome) -> None:
    arms = summary.arm_lines(dogs)
    assert arms[0].endswith("the control")
    assert "effect" in arms[1]
    assert len(summary.policy_lines(dogs)) == 6
    assert "contacts 0 %" in summary.policy_lines(dogs)[1].replace("\xa0", " ")


def test_notes_tell_of_few_outcomes_and_rows_left_out(dogs: UpliftOutcome) -> None:
    few = replace(
        dogs,
        effects=tuple(replace(arm, positives=3) for arm in dogs.effects),
        intake=replace(dogs.intake, without_arm=2, without_outcome=1, warnings=("look",)),
    )
    told = " | ".join(summary.notes(few)).replace("\xa0", " ")
    assert "look" in told
    assert "mail has 3 rows with an outcome" in told
    assert "2 rows without an arm" in told
    assert summary.notes(dogs) == []
