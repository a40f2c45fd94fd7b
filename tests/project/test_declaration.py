"""The declaration of segments: names that can be told, each once, in the order of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.project.declaration import Declaration, read_declaration
from foretell.project.errors import InputError

SOURCE = '[[sources]]\npath = "orders.csv"\ncolumns = { customer = "id", time = "day", amount = "paid" }\n'


def declared(folder: Path, text: str) -> Declaration:
    path = folder / "foretell.toml"
    path.write_text(SOURCE + text, encoding="utf-8")
    return read_declaration(path)


def segment(of: str = "campaign", name: str = "Sleepers", when: str = "x > 1") -> str:
    return f'[[segments]]\nset = "{of}"\nname = "{name}"\nwhen = """{when}"""\n'


def test_without_segments_the_scores_show_rfm(tmp_path: Path) -> None:
    found = declared(tmp_path, "")
    assert found.segments == []
    assert found.scores.segment_set == "rfm"


def test_segments_keep_the_order_of_the_file(tmp_path: Path) -> None:
    text = segment(name="Zoë & co") + segment(of="board", name="A") + segment(name="B")
    found = declared(tmp_path, f'{text}[scores]\nsegment_set = "board"\n')
    assert [(part.set, part.name) for part in found.segments] == [
        ("campaign", "Zoë & co"),
        ("board", "A"),
        ("campaign", "B"),
    ]
    assert found.scores.segment_set == "board"


def test_scores_say_their_policy(tmp_path: Path) -> None:
    assert declared(tmp_path, "").scores.policy == "as usual"
    assert declared(tmp_path, '[scores]\npolicy = "if nobody is contacted"\n').scores.policy == "if nobody is contacted"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[scores]\npolicy = "if all are contacted"\n', ["scores.policy", "'as usual' or 'if nobody is contacted'"]),
        (segment() + segment(when="x > 2"), ["the same name", "found: campaign: Sleepers"]),
        (segment(name="Other"), ["fits no rule", "segments.0.name"]),
        (segment(name=""), ["segments.0.name"]),
        (segment(name=" a"), ["space", "segments.0.name"]),
        (segment(of="a\\tb"), ["cannot be shown", "segments.0.set"]),
        (segment(name="a" * 61), ["segments.0.name"]),
        ('[[segments]]\nset = "a"\nname = "b"\n', ["segments.0.when"]),
        ("[scores]\nsegments = 5\n", ["scores.segments"]),
    ],
)
def test_what_cannot_be_declared_is_refused_with_its_key(tmp_path: Path, text: str, told: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        declared(tmp_path, text)
    assert "foretell.toml" in str(refused.value)
    for part in told:
        assert part in str(refused.value)
