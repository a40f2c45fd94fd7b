"""Models by name, and on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.examples.examples import Examples
from foretell.models.registry import MODELS, load, model_named, save
from foretell.project.errors import InputError
from foretell.project.objectives import TARGETS


def test_names_are_their_keys_and_formulas_one_line():
    for name, model in MODELS.items():
        assert model.name == name
        assert "\n" not in model.formula
        assert model_named(name) is model


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(InputError, match="gradient_boosting"):
        model_named("oracle")


def test_the_same_model_is_stored_as_the_same_bytes(examples: Examples, tmp_path: Path):
    model = MODELS["blend"]
    for folder in ("one", "two"):
        save(model.fit(examples, TARGETS["purchase"], 2), model, tmp_path / folder / "purchase.v1")
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["purchase.v1.json", "purchase.v1.npz"]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_missing_or_broken_file_is_an_input_error(examples: Examples, tmp_path: Path):
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "nothing")
    model = MODELS["base_rate"]
    save(model.fit(examples, TARGETS["purchase"], 2), model, tmp_path / "model")
    (tmp_path / "model.npz").write_bytes(b"PK torn")
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "model")
    (tmp_path / "model.json").write_text('{"model": "oracle", "arrays": [], "values": {}}', encoding="utf-8")
    with pytest.raises(InputError):
        load(tmp_path / "model")
