from __future__ import annotations

from foretell.customer_log.manifest import Load
from foretell.customer_log.versions.notes import notes_on_versions

FIRST = Load("a", "/x/a.csv", "read", 9, number=1, new=100)


def test_a_first_file_alone_says_nothing() -> None:
    assert notes_on_versions([FIRST], 0, 0) == []


def test_everything_is_told_with_its_count() -> None:
    second = Load(
        "b", "/x/b.csv", "read", 9, number=2, new=84, changed=3, seen_before=1270, gone=1, withdrawn=1, twice=1270,
        differing=1, divided=2, meeting=5,
    )  # fmt: skip
    told = notes_on_versions([second, FIRST], 4, 1)
    assert told[0] == "the newest export, b.csv, brought: new 84, changed 3, seen before 1,270, gone 1"
    assert told[1].startswith("1,270 orders of b.csv stand in another file")
    assert told[2].startswith("1 order of b.csv stands in another file in another version")
    assert "2 orders" in told[3]
    assert told[4].startswith("5 order numbers of b.csv")
    assert told[5].startswith("1 order that")
    assert 'on_missing = "withdraw"' in told[6]
    assert told[7] == "1 order of times that the exports cover no longer is kept"


def test_other_tables_say_nothing() -> None:
    visits = Load("v", "/x/v.csv", "read", 9, table="visits", number=7)
    assert notes_on_versions([FIRST, visits], 0, 0) == []
