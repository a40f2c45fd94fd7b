"""Models by name, and stored."""

from __future__ import annotations

from pathlib import Path

from foretell.examples.examples import Examples
from foretell.models.registry import MODELS
from foretell.project.objectives import TARGETS
from foretell.storage import codec


def test_names_are_their_keys_and_formulas_one_line() -> None:
    for name, model in MODELS.items():
        assert model.name == name
        assert "\n" not in model.formula


def test_the_same_model_is_stored_as_the_same_bytes(examples: Examples, tmp_path: Path) -> None:
    model = MODELS["blend"]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        codec.write(dict(model.fit(examples, TARGETS["purchase"], 2).state()), tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["arrays.npz", "value.json"]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
