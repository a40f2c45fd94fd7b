"""What may be asked of a file with an experiment."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.flat.experiment.request import experiment_request
from foretell.project.errors import InputError


def test_what_is_not_given_keeps_its_default(tmp_path: Path) -> None:
    request = experiment_request(
        ["a.csv"], tmp_path, "arm", "none", ["spend", "spend"], before=["b", "b"], unit=None, planned=None
    )
    assert request.files == (Path("a.csv"),)
    assert request.outcomes == ("spend",)
    assert request.before == ("b",)
    assert (request.unit, request.planned, request.winsor) == ("", 5_000, None)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"files": []}, "No file"),
        ({"outcomes": []}, "No outcome"),
        ({"outcomes": ["arm"]}, "two things"),
        ({"before": ["spend"]}, "two things"),
        ({"unit": "arm"}, "two things"),
        ({"decimal": ";"}, "decimal sign"),
        ({"winsor": 1.0, "before": ["b"]}, "quantile"),
        ({"winsor": 0.99}, "before the start"),
        ({"planned": 0.0}, "planned size"),
        ({"planned": float("nan")}, "planned size"),
    ],
)
def test_contradictions_are_refused(tmp_path: Path, changed: dict[str, object], what: str) -> None:
    given: dict[str, object] = {"files": ["a.csv"], "arm": "arm", "control": "none", "outcomes": ["spend"], **changed}
    with pytest.raises(InputError, match=what):
        experiment_request(out=tmp_path, **given)  # type: ignore[arg-type]
