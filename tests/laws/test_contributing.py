"""The examples of CONTRIBUTING.md are what they say: short, and they work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest

from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import SourceTable
from foretell.examples.examples import FACTS, Examples
from foretell.features import FEATURES
from foretell.models.contract import Model
from foretell.project.intervals import days
from foretell.project.objectives import TARGETS
from foretell.timelines.as_of import AsOf, Past, Population
from foretell.timelines.facts import Facts

GUIDE = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = {
    kind: (module, code)
    for kind, module, code in re.findall(r"<!-- example: (\w+), ([\w.]+) -->\n```python\n(.*?)```", GUIDE, re.DOTALL)
}


def ran(kind: str) -> ModuleType:
    """The example as a module of the name it would have."""
    name, code = EXAMPLES[kind]
    module = ModuleType(name)
    exec(compile(code, "CONTRIBUTING.md", "exec"), module.__dict__)
    return module


@pytest.fixture
def restored_registry() -> Iterator[None]:
    before = dict(FEATURES)
    yield
    FEATURES.clear()
    FEATURES.update(before)


def test_there_is_one_example_of_each() -> None:
    assert set(EXAMPLES) == {"feature", "model", "source"}


@pytest.mark.parametrize("kind", ["feature", "model", "source"])
def test_an_example_is_short(kind: str) -> None:
    lines = [line for line in EXAMPLES[kind][1].splitlines() if line.strip()]
    assert len(lines) <= 30


def orders_of_two() -> AsOf:
    """Two customers at day 100: one spent 10 on day 5 and 30 on day 95, one spent nothing on day 50."""
    moments = np.array([days(5), days(95), days(50)])
    facts = Facts(np.array([0, 2, 3]), {"happened_at": moments, "amount": np.array([100_000, 300_000, 0])})
    past = Past(facts, days(100), {})
    return AsOf(days(100), Population(0, np.nan, np.nan), past, past, past)


@pytest.mark.usefixtures("restored_registry")
def test_the_feature_is_found_and_right() -> None:
    ran("feature")
    feature = FEATURES["spend_share_30d"]
    assert (feature.family, feature.unit) == ("money", "share")
    assert "last 30 days" in feature.meaning
    np.testing.assert_array_equal(feature(orders_of_two()), [0.75, np.nan])


def test_the_model_fits_explains_and_is_restored() -> None:
    model: Model = ran("model").Tenure()
    observed = np.arange(400.0)
    rows = Examples(
        horizon_days=30,
        customer_key=np.arange(400, dtype=np.uint64),
        cutoff=np.zeros(400, dtype=np.int64),
        feature_names=(),
        features=np.zeros((400, 0)),
        facts=dict.fromkeys(FACTS, observed),
        labels={"ordered": (observed < 200).astype(float)},
        eligible={"all": np.ones(400, dtype=bool)},
    )
    fitted = model.fit(rows, TARGETS["purchase"], seed=0)
    predicted = fitted.predict(rows)
    assert predicted[:150].min() > 0.6
    assert predicted[250:].max() < 0.4
    told = fitted.contributions(rows)
    np.testing.assert_allclose(1 / (1 + np.exp(-told.base - told.values.sum(axis=1))), predicted, rtol=1e-9)
    np.testing.assert_array_equal(model.restore(fitted.state()).predict(rows), predicted)


def test_the_source_gives_its_rows_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "orders.arrow"
    orders = pa.table({"customer": ["a", "b", "c"], "amount": [1.5, 2.0, -1.0], "note": ["", "", ""]})
    with pa.ipc.new_file(path, orders.schema) as writer:
        writer.write_table(orders, max_chunksize=2)
    table: SourceTable = ran("source").ArrowTable(SourceFile(path, path.name, "parquet"))
    blocks = list(table.batches(["amount", "customer"]))
    assert table.column_names == ["customer", "amount", "note"]
    assert pa.concat_tables([block.rows for block in blocks]).equals(orders.select(["amount", "customer"]))
    assert np.concatenate([block.lines for block in blocks]).tolist() == [2, 3, 4]


def test_the_guide_names_files_that_exist() -> None:
    root = Path(__file__).parents[2]
    for name in re.findall(r"`((?:src|tests|docs)/[\w/.]+)`|\((docs/[\w/.-]+)\)", GUIDE):
        assert (root / (name[0] or name[1])).exists(), name
