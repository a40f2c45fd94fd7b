"""Categories bought next: history as plain code tells it, counts that add up, chances that know no neighbours."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pyarrow as pa
import pytest

from foretell.customer_log.stable_keys import stable_keys
from foretell.forecasts.next_categories.counts import CategoryCounts
from foretell.forecasts.next_categories.history import (
    Buyers,
    CategoryHistory,
    Vocabulary,
    buyers,
    category_history,
    joined,
)
from foretell.forecasts.next_categories.model import CategoryModel, blocks, fit
from foretell.models.contract import CannotFit
from foretell.timelines.batch import Timelines
from made_baskets import BEGIN, DAYS, basket_lines, batches
from made_orders import DAY, Line

H = 30
CUTOFF = BEGIN + (DAYS - H) * DAY
LINES = basket_lines()


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return buyers(batches(LINES)[0], CUTOFF).vocabulary()


@pytest.fixture(scope="module")
def history(vocabulary: Vocabulary) -> CategoryHistory:
    return category_history(batches(LINES)[0], CUTOFF, H, vocabulary)


def fitted(parts: list[Timelines], vocabulary: Vocabulary) -> CategoryModel:
    def at(back: int) -> list[CategoryHistory]:
        return [category_history(part, CUTOFF - back * H * DAY, H, vocabulary) for part in parts]

    before, newest = (
        reduce(CategoryCounts.__add__, (CategoryCounts.of(one, vocabulary.common) for one in at(back)))
        for back in (2, 1)
    )
    return fit(vocabulary, H, before, joined(at(1)), newest)


@pytest.fixture(scope="module")
def model(vocabulary: Vocabulary) -> CategoryModel:
    return fitted(batches(LINES), vocabulary)


def key_of(text: str) -> int:
    return int(stable_keys(pa.array([text])).view(np.int64)[0])


def test_the_vocabulary_begins_with_what_most_bought(vocabulary: Vocabulary) -> None:
    known = [line for line in LINES if line.happened_at < CUTOFF]
    count = {name: len({line.customer_id for line in known if line.category == name})
             for name in {str(line.category) for line in known}}  # fmt: skip
    assert vocabulary.kind == "category"
    by_key = {key_of(name): buyer_count for name, buyer_count in count.items()}
    assert sorted(vocabulary.keys) == sorted(by_key)
    assert vocabulary.common == sum(buyer_count >= 20 for buyer_count in by_key.values())
    told = [by_key[key] for key in vocabulary.keys.tolist()]
    assert told == sorted(told, reverse=True)


def test_history_is_what_plain_code_finds(history: CategoryHistory, vocabulary: Vocabulary) -> None:
    names = {key_of(name): name for name in {str(line.category) for line in LINES}}
    owner = {int(np.uint64(key_of(one) % 2**64)): one for one in {line.customer_id for line in LINES}}
    random = np.random.default_rng(3)
    for pair in random.choice(len(history.row), 60, replace=False):
        who = owner[int(history.customer_key[history.row[pair]])]
        what = names[int(vocabulary.keys[history.column[pair]])]
        own = [line for line in LINES if line.customer_id == who and line.category == what]
        ages = sorted({(CUTOFF - 1 - line.happened_at) // DAY for line in own if line.happened_at < CUTOFF})
        assert history.times[pair] == len(ages)
        assert (history.days_since_last[pair], history.days_since_first[pair]) == (ages[0], ages[-1])
        assert history.lately[pair] == pytest.approx(sum(2.0 ** (-age / 15) for age in ages))
        assert history.long[pair] == pytest.approx(sum(2.0 ** (-age / 60) for age in ages))
        then = any(CUTOFF <= line.happened_at < CUTOFF + H * DAY for line in own)
        assert history.then[history.row[pair], history.column[pair]] == then


def test_counts_add_up_over_batches(history: CategoryHistory, vocabulary: Vocabulary) -> None:
    parts = [category_history(part, CUTOFF, H, vocabulary) for part in batches(LINES, 3)]
    whole, *others = (CategoryCounts.of(one, vocabulary.common) for one in (history, *parts))
    added = reduce(CategoryCounts.__add__, others)
    for name in ("customers", "owners", "again", "firsts", "both", "led"):
        np.testing.assert_array_equal(getattr(added, name), getattr(whole, name))
    found = reduce(Buyers.__add__, [buyers(part, CUTOFF) for part in batches(LINES, 3)]).vocabulary()
    np.testing.assert_array_equal(found.keys, vocabulary.keys)
    again = joined(parts)
    for name in ("customer_key", "row", "column", "times", "lately", "orders"):
        assert getattr(again, name).tobytes() == getattr(joined([history]), name).tobytes(), name


def test_the_cut_into_batches_changes_no_byte(model: CategoryModel, vocabulary: Vocabulary) -> None:
    again = fitted(batches(LINES, 3)[::-1], vocabulary)
    for side in ("repeat", "new"):
        assert getattr(again, side).coefficients.tobytes() == getattr(model, side).coefficients.tobytes()


def test_chances_are_chances_and_hold_together(model: CategoryModel, history: CategoryHistory) -> None:
    repeat, new = model.repeat_chances(history), model.new_chances(history)
    assert ((repeat > 0) & (repeat < 1)).all()
    assert (new[history.row, history.column] == 0).all()
    assert ((new >= 0) & (new < 1)).all()
    again = np.asarray(history.then[history.row, history.column])
    assert repeat.mean() == pytest.approx(again.mean(), rel=0.15)
    assert new.sum() == pytest.approx(history.then.sum() - again.sum(), rel=0.4)


def test_a_customer_alone_has_the_same_chances(model: CategoryModel, history: CategoryHistory) -> None:
    whole, new = model.repeat_chances(history), model.new_chances(history)
    for row in (0, 17, len(history) - 1):
        alone = history.take(np.array([row]))
        assert history.between(row, row + 1).row.tolist() == alone.row.tolist()
        assert model.repeat_chances(alone).tobytes() == whole[history.row == row].tobytes()
        assert model.new_chances(alone)[0].tobytes() == new[row].tobytes()
    assert np.concatenate([model.repeat_chances(part) for part in blocks(history)]).tobytes() == whole.tobytes()


def test_what_owners_of_alike_buy_comes_first(model: CategoryModel, history: CategoryHistory) -> None:
    """Customers buy among six of twenty-four categories: new ones that rank first are of their kind."""
    keys = {key_of(f"aisle {number:02d}"): number // 6 for number in range(24)}
    kind = np.array([keys[int(key)] for key in model.vocabulary.keys])
    owned = history.by_category(np.ones(len(history.row))).toarray()
    likes = np.stack([owned[:, kind == one].sum(axis=1) for one in range(4)], axis=1).argmax(axis=1)
    new = model.new_chances(history)
    open_ = np.array([((owned[row] == 0) & (kind == likes[row])).any() for row in range(len(history))])
    assert open_.sum() > 30
    assert (kind[new[open_].argmax(axis=1)] == likes[open_]).mean() > 0.8


def test_products_stand_in_where_nothing_names_a_category() -> None:
    found = buyers(batches(basket_lines(150, category=False))[0], CUTOFF).vocabulary()
    assert found.kind == "product"
    assert len(found) > 5


def test_little_to_learn_from_is_refused(vocabulary: Vocabulary) -> None:
    few = [line for line in LINES if line.customer_id in ("c1", "c2")]
    taught = fitted(batches(few), vocabulary)
    assert (taught.repeat, taught.new) == (None, None)
    assert "are needed" in taught.cannot
    asked = category_history(batches(few)[0], CUTOFF, H, vocabulary)
    for chances in (taught.repeat_chances, taught.new_chances):
        with pytest.raises(CannotFit, match="are needed"):
            chances(asked)


def test_what_is_given_back_is_not_bought(vocabulary: Vocabulary) -> None:
    name = "aisle 01"
    back = [Line("c1", CUTOFF - DAY, CUTOFF - DAY, None, "thing", name, -1.0, -50_000),
            Line("c1", CUTOFF - 9 * DAY, CUTOFF - 9 * DAY, None, "thing", "aisle 02", 1.0, 50_000)]  # fmt: skip
    found = category_history(batches(back)[0], CUTOFF, H, vocabulary)
    assert vocabulary.keys[found.column].tolist() == [key_of("aisle 02")]
