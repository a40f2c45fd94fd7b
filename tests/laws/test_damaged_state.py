"""Whatever happens to a file of the state folder: the same answer as before, or one clear error."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from foretell.answers.backtest import backtests
from foretell.answers.customer import customer_of
from foretell.answers.migration import migrations
from foretell.answers.model import model_cards
from foretell.answers.published import published
from foretell.answers.score_change import score_change_of
from foretell.answers.segments import segment_named, summaries
from foretell.pipeline.alert_overview import alert_overview
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import run
from foretell.project.errors import InputError
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.project.request import Request
from foretell.report.page import report_html
from shop import made_shop, written

EXPORTS = ("scores.csv", "backtest.json", "segments.json")
EVERY_ARTEFACT = 16
"""One file in so many is tried with each kind of damage: all of them take minutes."""
Read = Callable[[Place], object]


def _explained(place: Place) -> object:
    found = published(place)
    customer = customer_of("C0003", found)
    change = score_change_of(customer, found)
    return customer.lines(), change and change.as_json()


READING: dict[str, Read] = {
    "explain": _explained,
    "segment": lambda place: asdict(
        segment_named(published(place).main.scores["segment"][0].as_py(), published(place))
    ),
    "segments": lambda place: [asdict(one) for one in summaries(published(place))],
    "migration": lambda place: [one.as_json() for one in migrations(place)],
    "migration between": lambda place: [one.as_json() for one in migrations(place, "rfm", "2024-01-20", "2024-02-10")],
    "backtest": lambda place: [(one.as_json(), one.measures.rows) for one in backtests(place)],
    "model": lambda place: [asdict(card) for card in model_cards(place)],
    "alerts": lambda place: alert_overview(place).as_json(),
    "report": lambda place: report_html(published(place)),
}
DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut in half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "emptied": lambda path: path.write_bytes(b""),
    "deleted": lambda path: path.unlink(),
    "noise": lambda path: path.write_bytes(random.Random(3).randbytes(path.stat().st_size)),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project after two runs, the second on a day later."""
    folder = tmp_path_factory.mktemp("state")
    source = written(made_shop(customers=50, days=45), folder / "orders.csv")
    for day in ("2024-02-12", "2024-02-15"):
        run(_request(source, folder, as_of=day), Silent())
    return folder


@pytest.fixture(scope="module")
def before(whole: Path) -> dict[str, object]:
    """Every answer while nothing is damaged."""
    return _answers(whole, whole / "orders.csv")


def _request(source: Path, folder: Path, **asked: object) -> Request:
    return request_for_files([source], folder / "out", horizons=(14,), workers=1, **asked)


def _places(folder: Path) -> list[Path]:
    """One file of each kind below the state folder: of artefacts one of each step that the newest run is made of."""
    state = folder / "out" / ".foretell"
    named = {kept.folder for kept in published(Place.of_results(folder / "out")).record.artefacts.values()}
    kinds: dict[str, Path] = {}
    for path in sorted(path for path in state.rglob("*") if path.is_file() and path.name != "at_work.lock"):
        if path.parent.parent.name == "artefacts" and path.parent.name not in named:
            continue
        kinds.setdefault(f"{path.parent.name.rsplit('-', 1)[0]}/{path.name}", path)
    return list(kinds.values())


class Told(Silent):
    """Keeps what a run notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, message: str) -> None:
        self.notes.append(message)


def _answers(folder: Path, source: Path) -> dict[str, object]:
    """Every answer as text, or the error that came in its place."""
    found: dict[str, object] = {}
    for name, read in READING.items():
        try:
            text = json.dumps(read(Place.of_results(folder / "out")), default=str, sort_keys=True)
            found[name] = text.replace(str(source), "orders.csv").replace(str(folder), "")
        except InputError as error:
            found[name] = error
    return found


def _run_again(request: Request, progress: Told) -> InputError | None:
    try:
        run(request, progress)
    except InputError as error:
        return error
    return None


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_changes_no_answer_in_silence(
    damage: str, whole: Path, before: dict[str, object], tmp_path: Path
) -> None:
    source = whole / "orders.csv"
    assert [name for name, answer in before.items() if isinstance(answer, InputError)] == []
    exports = {name: (whole / "out" / name).read_bytes() for name in EXPORTS}
    for place, path in enumerate(_places(whole)):
        every = EVERY_ARTEFACT if "artefacts" in path.parts else 2
        if place % every != list(DAMAGES).index(damage) % every:
            continue
        folder, name = tmp_path / str(place), path.relative_to(whole)
        shutil.copytree(whole, folder)
        DAMAGES[damage](folder / name)
        for asked, answer in _answers(folder, source).items():
            assert isinstance(answer, InputError) or answer == before[asked], f"{damage}: {name}: {asked}"
        told = Told()
        error = _run_again(_request(source, folder, as_of="2024-02-15"), told)
        if error is not None:
            assert error.file, f"{damage}: {name}: {error}"
            assert error.hint, f"{damage}: {name}: {error}"
        else:
            same = all((folder / "out" / one).read_bytes() == content for one, content in exports.items())
            assert same or told.notes, f"{damage}: {name}"
        shutil.rmtree(folder)
