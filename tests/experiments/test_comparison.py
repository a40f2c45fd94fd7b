"""The entry of experiment.json."""

from __future__ import annotations

from foretell.experiments.comparison import ENTRY, Comparison


def test_an_entry_has_the_keys_of_the_contract_and_no_other() -> None:
    entry = Comparison("spend", "mail", 10, 20, 3, 4, "by hand", ("rough",), effect=1.5).as_entry()
    assert tuple(entry) == ENTRY
    assert entry["warnings"] == ["rough"]
    assert (entry["effect"], entry["low"], entry["n_arm"]) == (1.5, None, 20)
