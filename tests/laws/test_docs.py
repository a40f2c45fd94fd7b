"""The documents say what the program does: columns, commands, links, and what the demo prints."""

from __future__ import annotations

import re
import runpy
from dataclasses import fields
from pathlib import Path

import pytest

from foretell.backtest.forecast import Measured
from foretell.cli.screen.outcomes import BACK_DATED, HEAD
from foretell.customer_log.schema import REJECTED
from foretell.customer_log.tables.registry import FACT_TABLES, FactTable
from foretell.features import FEATURES
from foretell.scores.table import SCORES

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GENERATE = runpy.run_path(str(ROOT / "docs" / "generate.py"))


def columns_told(section: str) -> list[str]:
    """The names in the first column of the table of a section of the definitions."""
    text = (ROOT / "docs" / "reference" / "definitions.md").read_text(encoding="utf-8")
    table = text.split(f"## {section}", 1)[1].split("\n## ", 1)[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]


def test_every_column_of_the_scores_is_defined() -> None:
    assert columns_told("scores.parquet") == list(SCORES)


def test_every_key_of_the_backtest_is_defined() -> None:
    assert columns_told("backtest.json") == [field.name for field in fields(Measured)]


def test_every_column_of_the_rejected_rows_is_defined() -> None:
    assert columns_told("rejected.parquet") == REJECTED.names


def test_the_reference_of_commands_is_up_to_date() -> None:
    written = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    assert written == GENERATE["command_reference"](), "run `make docs`"


def test_the_reference_of_vendors_is_up_to_date() -> None:
    written = (ROOT / "docs" / "reference" / "vendors.md").read_text(encoding="utf-8")
    assert written == GENERATE["vendor_reference"](), "run `make docs`"


def test_the_reference_of_segments_is_up_to_date() -> None:
    written = (ROOT / "docs" / "reference" / "segments.md").read_text(encoding="utf-8")
    assert written == GENERATE["segment_reference"](), "run `make docs`"


def test_the_parameters_of_the_generated_shop_are_up_to_date() -> None:
    written = (ROOT / "docs" / "explanation" / "generated_shop.md").read_text(encoding="utf-8")
    assert written == GENERATE["with_parameters"](written), "run `make docs`"


def test_the_check_of_data_is_shown_as_it_is_printed() -> None:
    written = (ROOT / "docs" / "how-to" / "check-data.md").read_text(encoding="utf-8")
    assert written == GENERATE["with_checked_data"](written), "run `make docs`"


@pytest.mark.parametrize("table", FACT_TABLES.values(), ids=lambda table: table.name)
def test_every_role_and_feature_of_a_table_is_told(table: FactTable) -> None:
    text = (ROOT / "docs" / "reference" / "tables.md").read_text(encoding="utf-8")
    section = text.split(f"## {table.name}\n", 1)[1].split("\n## ", 1)[0]
    told = set(re.findall(r"`(\w+)`", section))
    own = {name for name, feature in FEATURES.items() if feature.table == table.name}
    assert {*table.role_names, *table.times, *own} - told == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert "://" in link or (document.parent / link).exists(), link


def test_the_commands_in_the_documents_exist() -> None:
    known = set(re.findall(r"^## foretell (\w+)", GENERATE["command_reference"](), re.MULTILINE))
    for document in DOCUMENTS:
        typed = re.findall(r"^(?:\.venv/bin/)?foretell (\w+)", document.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(typed) <= known, document.name


def test_the_readme_shows_what_the_demo_prints() -> None:
    shown = GENERATE["printed_demo"]((ROOT / "README.md").read_text(encoding="utf-8"))
    words, figures = apart(shown)
    printed_words, printed_figures = apart(GENERATE["demo_output"]())
    assert words == printed_words, "run `make docs`"
    assert figures == pytest.approx(printed_figures, rel=0.02, abs=1.01), "run `make docs`"


def test_what_became_of_forecasts_is_shown_as_it_is_printed() -> None:
    page = (ROOT / "docs" / "how-to" / "outcomes.md").read_text(encoding="utf-8")
    shown = GENERATE["LOOP"].search(page)[0].splitlines()
    head = next(line for line in shown if line.startswith("run "))
    assert [name.strip() for name in re.split(r"\s{2,}", head)] == list(HEAD), "run `make docs`"
    assert any(line.startswith(BACK_DATED) for line in shown), "run `make docs`"


def test_the_tour_shows_what_its_commands_print_and_its_ranges_hold_what_was_planted() -> None:
    tour = runpy.run_path(str(ROOT / "docs" / "tour.py"))
    shown = tour["TOUR"].read_text(encoding="utf-8")
    printed = tour["with_tour"](shown)
    (words, figures), (printed_words, printed_figures) = apart(shown), apart(printed)
    assert (words, len(figures)) == (printed_words, len(printed_figures)), "run `make docs`"
    for added, planted in (("Orders added", "treated_extra_orders_60"), ("Spend added", "treated_extra_spend_60")):
        (row,) = [line.replace("−", "-") for line in printed.splitlines() if line.strip().startswith(added)]
        _, low, high = (float(figure.replace(",", "")) for figure in re.findall(r"[+-][\d,.]*\d", row))
        (truth,) = re.findall(rf'"{planted}": ([\d.]+)', printed)
        assert low < float(truth) < high


def apart(text: str) -> tuple[list[str], list[float]]:
    """The words, and the figures: another processor's arithmetic may differ in a figure's last digit."""
    figures = [float(figure.replace(",", "")) for figure in re.findall(r"\d[\d,]*(?:\.\d+)?|\.\d+", text)]
    return re.sub(r"\d[\d,]*(?:\.\d+)?|\.\d+", "#", text).split(), figures
