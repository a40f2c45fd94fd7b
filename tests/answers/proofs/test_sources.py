"""What each source adds, in words: figures where it adds, and plainly nothing where it does not."""

from __future__ import annotations

from foretell.answers.proofs.sources import HOW, QUESTION, sources_as_json, sources_line, sources_table
from foretell.backtest.bootstrap import Figure
from foretell.backtest.source_worth import SourceWorth

FOUND = (
    SourceWorth("events", 4, 900, Figure(-0.0491, -0.061, -0.038), Figure(0.0312, 0.02, 0.04)),
    SourceWorth("feedback", 4, 900, Figure(-0.004, -0.02, 0.012), Figure(0.001, -0.002, 0.004)),
    SourceWorth("contacts", 4, 900, Figure(0.001, -0.002, 0.004), Figure(-0.0001, -0.001, 0.001)),
    SourceWorth("profiles", 0, 0, None, None),
)


def test_the_line_tells_what_adds_and_what_does_not() -> None:
    assert sources_line(FOUND).replace("\xa0", " ") == (
        "Beside orders: events log loss −4.9 % [−6.1, −3.8]. Feedback: no gain that this log can show. "
        "Contacts: no gain, left out of the models. Profiles: nothing of it was known at a past cutoff."
    )
    assert sources_line(()) == ""


def test_the_table_has_a_row_a_source() -> None:
    told = sources_table(FOUND)
    assert told is not None
    assert (told.question, told.reason) == (QUESTION, HOW)
    rows = [tuple(cell.replace("\xa0", " ") for cell in row) for row in told.rows]
    assert rows[0] == ("events", "−4.9 % [−6.1, −3.8]", ".031 [.020, .040]", "adds")
    assert rows[2][1:3] == ("+0.1 % [−0.2, +0.4]", ".000 [−.001, .001]")
    assert rows[3] == ("profiles", "–", "–", "not known")
    assert sources_table(()) is None


def test_programs_get_the_figures_and_the_verdict() -> None:
    told = sources_as_json(FOUND)
    assert [(one["table"], one["adds"], one["is_left_out"]) for one in told] == [
        ("events", True, False),
        ("feedback", False, False),
        ("contacts", False, True),
        ("profiles", False, False),
    ]
    assert told[0]["log_loss"] == {"value": -0.0491, "low": -0.061, "high": -0.038}
