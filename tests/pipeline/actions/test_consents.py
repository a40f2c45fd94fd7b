"""The latest word about contact counts, by channel and purpose, and one that came after the run as well."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from foretell.pipeline.actions.consents import standings_of
from foretell.timelines.engine import Engine
from pipeline.actions.told_log import NOW, PEOPLE, told_log

IDS = pa.array([*PEOPLE, "stranger"])
SAID = """a,2024-02-01,email,marketing,granted
b,2024-02-01,E-Mail,marketing,granted
b,2024-03-01,any,marketing,withdrawn
c,2024-02-01,email,marketing,denied
c,2024-03-01,newsletter,marketing,granted
d,2024-02-01,sms,marketing,granted
e,2024-02-01,email,profiling,denied
e,2024-02-01,email,analytics,denied
e,2024-02-02,email,newsletter,yes
f,2024-02-01,email,marketing,granted
f,2024-07-01,email,marketing,denied
"""


def told(engine: Engine, channel: str, moment: int = NOW) -> dict[str, str]:
    standing = standings_of(engine, moment, IDS, [channel])[channel]
    rows = zip(IDS.to_pylist(), standing.granted.tolist(), standing.denied.tolist(), strict=True)
    return {one: "granted" * granted + "denied" * denied for one, granted, denied in rows if granted or denied}


def test_the_last_word_of_a_purpose_counts_whether_of_the_channel_or_of_all(tmp_path: Path) -> None:
    engine = told_log(tmp_path, consents=SAID)
    assert told(engine, "email") == {"a": "granted", "b": "denied", "c": "granted", "e": "granted", "f": "denied"}
    assert told(engine, "sms") == {"b": "denied", "d": "granted"}
    assert told(engine, "post") == {"b": "denied"}


def test_a_denial_of_one_purpose_stands_and_of_two_words_of_a_moment_the_denial(tmp_path: Path) -> None:
    rows = """a,2024-02-01,email,offers,denied
a,2024-03-01,email,news,granted
b,2024-02-01,email,news,granted
b,2024-02-01,email,news,denied
"""
    assert told(told_log(tmp_path, consents=rows), "email") == {"a": "granteddenied", "b": "denied"}


def test_without_a_source_of_consents_nothing_is_told(tmp_path: Path) -> None:
    assert standings_of(told_log(tmp_path), NOW, IDS, ["email"]) == {}
