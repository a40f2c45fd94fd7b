"""A finished step is read, an unfinished one leaves nothing, and what is not as it was written is noticed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.errors import InputError
from foretell.storage import codec
from foretell.storage.artefacts import MANIFEST, Artefact, Artefacts, Damaged, Kept

Sums = Mapping[str, float | np.ndarray]
SUM: Artefact[Sums] = Artefact("sum", Mapping[str, float | np.ndarray])
ONE_TWO = {"numbers": "1, 2"}


def three() -> Sums:
    return {"sum": 3.0, "numbers": np.array([1.0, 2.0])}


def never() -> Sums:
    raise AssertionError("a finished step was made again")


@pytest.fixture
def artefacts(tmp_path: Path) -> Artefacts:
    return Artefacts(tmp_path)


@pytest.fixture
def kept(artefacts: Artefacts) -> Kept:
    return artefacts.kept_or_made(SUM, ONE_TWO, three)[0]


def files(artefacts: Artefacts) -> list[str]:
    return sorted(str(path.relative_to(artefacts.root)) for path in artefacts.root.rglob("*") if path.is_file())


def test_a_finished_step_is_not_made_again(artefacts: Artefacts) -> None:
    made = artefacts.kept_or_made(SUM, ONE_TWO, three)
    first = made[0]
    assert made[1] is not None
    assert artefacts.kept_or_made(SUM, ONE_TWO, never) == (first, None)
    assert artefacts.find(SUM, ONE_TWO) == first
    assert artefacts.read(SUM, first)["sum"] == artefacts.value_of(SUM, ONE_TWO, never)["sum"] == 3.0
    assert first.ingredients == ONE_TWO


def test_other_ingredients_or_another_version_make_another_step(artefacts: Artefacts, kept: Kept) -> None:
    others = [
        artefacts.kept_or_made(SUM, {"numbers": "1, 3"}, three)[0],
        artefacts.kept_or_made(SUM, {"figures": "1, 2"}, three)[0],
        artefacts.kept_or_made(replace(SUM, version=2), ONE_TWO, three)[0],
        artefacts.kept_or_made(replace(SUM, name="total"), ONE_TWO, three)[0],
    ]
    assert len({one.key for one in [kept, *others]}) == 5
    assert {one.fingerprint for one in others} == {kept.fingerprint}
    assert artefacts.find(SUM, {"numbers": "2, 2"}) is None


def test_another_release_makes_it_again(kept: Kept, artefacts: Artefacts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foretell.storage.artefacts.__version__", "another")
    assert artefacts.find(SUM, ONE_TWO) is None
    assert artefacts.kept_or_made(SUM, ONE_TWO, three)[0].key != kept.key


def test_another_content_has_another_fingerprint(artefacts: Artefacts, kept: Kept) -> None:
    other = artefacts.kept_or_made(SUM, {"numbers": "2, 2"}, lambda: {"sum": 4.0})[0]
    assert other.fingerprint != kept.fingerprint


def test_nothing_is_on_disk_before_the_first_step(tmp_path: Path) -> None:
    artefacts = Artefacts(tmp_path)
    assert artefacts.is_empty
    assert artefacts.find(SUM, ONE_TWO) is None
    artefacts.tidy([])
    assert list(tmp_path.iterdir()) == []
    artefacts.kept_or_made(SUM, ONE_TWO, three)
    assert not artefacts.is_empty


def test_a_step_that_fails_leaves_nothing(artefacts: Artefacts, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError):
        artefacts.kept_or_made(SUM, ONE_TWO, never)
    with pytest.raises(TypeError, match="cannot be kept"):
        artefacts.kept_or_made(SUM, ONE_TWO, lambda: {"sum": object()})  # type: ignore[dict-item]

    def half(value: object, folder: Path) -> None:
        (folder / codec.VALUE).write_text("{")
        raise OSError("no space left on device")

    monkeypatch.setattr(codec, "write", half)
    with pytest.raises(InputError, match="no space"):
        artefacts.kept_or_made(SUM, ONE_TWO, three)
    assert list(artefacts.root.iterdir()) == []


def changed_byte(folder: Path) -> None:
    path = folder / codec.ARRAYS
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def folder_for_a_file(folder: Path) -> None:
    (folder / codec.VALUE).unlink()
    (folder / codec.VALUE).mkdir()


def emptied(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a changed byte": changed_byte,
    "a file is missing": lambda folder: (folder / codec.ARRAYS).unlink(),
    "a file is empty": lambda folder: (folder / codec.VALUE).write_bytes(b""),
    "a folder in place of a file": folder_for_a_file,
    "no manifest": lambda folder: (folder / MANIFEST).unlink(),
    "an empty manifest": lambda folder: (folder / MANIFEST).write_text(""),
    "a manifest of a list": lambda folder: (folder / MANIFEST).write_text("[]"),
    "a manifest without files": lambda folder: (folder / MANIFEST).write_text('{"artefact": "sum"}'),
    "nothing": emptied,
    "no folder": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_not_as_it_was_written_is_damaged_and_made_again(tmp_path: Path, kept: Kept, damage: str) -> None:
    notes: list[str] = []
    artefacts = Artefacts(tmp_path, notes.append)
    before = files(artefacts)
    DAMAGES[damage](artefacts.root / kept.folder)
    with pytest.raises(Damaged):
        artefacts.read(SUM, kept)
    assert artefacts.find(SUM, ONE_TWO) is None
    made = artefacts.kept_or_made(SUM, ONE_TWO, three)
    again = made[0]
    assert (again, made[1] is None) == (kept, False)
    assert len(notes) == (damage != "no folder")
    assert all(note.startswith("The kept step sum is damaged (") for note in notes)
    assert files(artefacts) == before
    assert artefacts.read(SUM, again)["sum"] == 3.0


def test_a_file_that_is_not_its_own_is_damage(artefacts: Artefacts, kept: Kept) -> None:
    (artefacts.root / kept.folder / "more").write_text("?")
    assert artefacts.find(SUM, ONE_TWO) is None


def test_a_folder_under_another_name_is_another_ones(artefacts: Artefacts, kept: Kept) -> None:
    other = replace(kept, key="0" * len(kept.key))
    (artefacts.root / kept.folder).rename(artefacts.root / other.folder)
    with pytest.raises(Damaged, match="another one's"):
        artefacts.read(SUM, other)


def test_what_was_made_since_is_not_what_a_run_made(artefacts: Artefacts, kept: Kept) -> None:
    shutil.rmtree(artefacts.root / kept.folder)
    artefacts.kept_or_made(SUM, ONE_TWO, lambda: {"sum": 4.0})
    with pytest.raises(Damaged, match="not the one that the run made"):
        artefacts.read(SUM, kept)


def test_what_fits_no_more_is_damaged(artefacts: Artefacts, kept: Kept) -> None:
    with pytest.raises(Damaged, match="it cannot be read"):
        artefacts.read(Artefact("sum", tuple[int, ...]), kept)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.text(max_size=3), inside, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(("artefact", "key", "ingredients", "files", codec.VALUE, codec.ARRAYS)), JSON | st.just(...))
def test_a_manifest_with_anything_in_it_is_read_or_damaged(name: str, value: object) -> None:
    with TemporaryDirectory() as folder:
        check_with_manifest(Artefacts(Path(folder)), name, value)


def check_with_manifest(artefacts: Artefacts, name: str, value: object) -> None:
    kept, _ = artefacts.kept_or_made(SUM, ONE_TWO, three)
    path = artefacts.root / kept.folder / MANIFEST
    manifest = json.loads(path.read_text())
    part = manifest["files"] if name in manifest["files"] else manifest
    part.pop(name) if value is ... else part.update({name: value})
    path.write_text(json.dumps(manifest))
    with suppress(Damaged):
        artefacts.read(SUM, kept)
    found, _ = artefacts.kept_or_made(SUM, ONE_TWO, three)
    assert replace(found, ingredients={}) == replace(kept, ingredients={})
    assert artefacts.read(SUM, found)["sum"] == 3.0


def test_tidying_leaves_what_is_named_and_nothing_else(artefacts: Artefacts, kept: Kept) -> None:
    artefacts.kept_or_made(SUM, {"numbers": "1, 3"}, three)
    (artefacts.root / f".{kept.folder}-interrupted").mkdir()
    artefacts.tidy([kept.folder])
    assert [path.name for path in artefacts.root.iterdir()] == [kept.folder]
    assert artefacts.kept_or_made(SUM, ONE_TWO, never) == (kept, None)


@dataclass(frozen=True)
class Held:
    """A value that can be held."""

    numbers: np.ndarray


def test_a_value_in_use_is_given_again_until_its_files_are_touched(artefacts: Artefacts) -> None:
    kind: Artefact[Held] = Artefact("held", Held)
    kept, _ = artefacts.kept_or_made(kind, ONE_TWO, lambda: Held(np.arange(3)))
    first = artefacts.read(kind, kept)
    assert artefacts.read(kind, kept) is first
    arrays = next((artefacts.root / kept.folder).glob("*.npz"))
    arrays.write_bytes(arrays.read_bytes())
    again = artefacts.read(kind, kept)
    assert again is not first
    assert np.array_equal(again.numbers, first.numbers)
    arrays.write_bytes(arrays.read_bytes()[:-1] + b"x")
    with pytest.raises(Damaged):
        artefacts.read(kind, kept)
