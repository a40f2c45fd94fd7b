"""The whole check: of a run it is read back as it was written, and what stops is told in its words."""

from __future__ import annotations

from foretell.answers.published import RunOverHorizon
from foretell.health.data.checked import DATA_CHECK, DataCheck, stopped
from foretell.project.errors import InputError


def test_a_run_keeps_the_check_of_its_data(shop_main: RunOverHorizon) -> None:
    found = shop_main.read(DATA_CHECK)
    (orders,) = found.tables
    loads = shop_main.intake.loads
    assert (orders.table, orders.rows) == ("orders", sum(load.rows_read for load in loads))
    assert found.horizon_days == shop_main.horizon_days
    assert found.counted("stop") == found.counted("warning") == 0
    assert next(one for one in found.abilities if "purchase" in one.question).is_carried


def test_what_stops_is_told_in_the_words_of_the_error() -> None:
    found = stopped(InputError("No.", file="a.csv", line=3, found="x", expected="y", hint="write y"))
    (finding,) = found.findings
    assert (finding.severity, finding.seen, finding.fix, finding.example) == (
        "stop",
        "No. Found: x.",
        "Write y",
        "a.csv, line 3",
    )
    assert stopped(InputError("No.", expected="y")).findings[0].fix == "Expected: y."


def test_programs_are_told_the_same_without_what_was_only_sought() -> None:
    plain = stopped(InputError("No.")).as_json()
    assert list(plain["findings"]) == [  # type: ignore[call-overload]
        {
            "check": "refused",
            "severity": "stop",
            "table": "",
            "seen": "No.",
            "fix": "Correct it in the source.",
            "example": "",
        }
    ]
    assert DataCheck().as_json()["abilities"] == ()
