"""Discovered groups: those that were planted are found, none where there are none, and their names stay."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from foretell.features.scale import logged
from foretell.segments.clusters import EVERYONE, Groups, Stability, chosen, discovered, groups_of_json
from foretell.segments.profile import BEHAVIOUR
from foretell.words.wording import letters

Features = dict[str, np.ndarray]
CENTRES = 6.0 * np.eye(4, len(BEHAVIOUR))


def features_of(points: np.ndarray) -> Features:
    """Features that have these points as their coordinates, but for scale."""
    columns = dict(zip(BEHAVIOUR, points.T, strict=True))
    is_logged = {name: logged(np.array([-1.0]), name)[0] == 0 for name in BEHAVIOUR}
    return {name: np.expm1(6 + column / 4) if is_logged[name] else column for name, column in columns.items()}


def blobs(*sizes: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points around one centre after another, and whose they are."""
    truth = np.repeat(np.arange(len(sizes)), sizes)
    return CENTRES[truth] + np.random.default_rng(seed).normal(size=(len(truth), len(BEHAVIOUR))), truth


def keys(customers: int, seed: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).permutation(customers).astype(np.uint64)


def part(features: Features, rows: np.ndarray) -> Features:
    return {name: values[rows] for name, values in features.items()}


@pytest.fixture(scope="module")
def three() -> tuple[Features, np.ndarray, Groups]:
    points, truth = blobs(220, 140, 100)
    features = features_of(points)
    return features, truth, discovered(features, keys(len(truth)))


def test_three_planted_groups_are_found_and_named_by_size(three: tuple[Features, np.ndarray, Groups]) -> None:
    features, truth, found = three
    assert found.segments == ("Group A", "Group B", "Group C")
    assert adjusted_rand_score(truth, found.assign(features)) > 0.99
    assert np.bincount(found.assign(features)).tolist() == pytest.approx([220, 140, 100], abs=2)
    assert found.verdict.startswith("3 groups come out the same")


@pytest.mark.parametrize("sizes", [(150, 150, 150), (300, 100, 50), (120, 120, 120, 120)], ids=str)
def test_as_many_groups_are_found_as_were_planted(sizes: tuple[int, ...]) -> None:
    points, truth = blobs(*sizes, seed=2)
    found = discovered(features_of(points), keys(len(truth)))
    assert len(found.segments) == len(sizes)


def test_one_blob_has_no_stable_groups() -> None:
    points = np.random.default_rng(3).normal(size=(500, len(BEHAVIOUR)))
    found = discovered(features_of(points), keys(500))
    assert found.segments == (EVERYONE,)
    assert not found.is_stable
    assert found.verdict.startswith("No stable groups: even the best")
    assert set(found.assign(features_of(points)).tolist()) == {0}


@pytest.mark.parametrize("customers", [0, 1, 99, 300])
def test_too_few_customers_or_all_alike_have_no_groups(customers: int) -> None:
    alike = {name: np.ones(customers) for name in BEHAVIOUR}
    found = discovered(alike, keys(customers))
    assert found.segments == (EVERYONE,)
    assert "too few" in found.verdict
    assert found.assign(alike).tolist() == [0] * customers


def test_a_wholesaler_makes_no_group() -> None:
    points, truth = blobs(200, 200)
    features = features_of(points)
    for name in ("orders_365d", "spend_365d", "order_value_mean_life", "products_life"):
        features[name][:2] *= 1_000
    found = discovered(features, keys(len(truth)))
    assert np.bincount(found.assign(features)).tolist() == pytest.approx([200, 200], abs=4)


def test_a_feature_that_nobody_has_changes_nothing_and_a_missing_one_is_the_median() -> None:
    points, truth = blobs(200, 200)
    features = features_of(points) | {"products_life": np.full(400, np.nan)}
    found = discovered(features, keys(400))
    assert adjusted_rand_score(truth, found.assign(features)) > 0.99
    missing = part(features, np.array([0])) | {"gap_days_median": np.array([np.nan])}
    median = missing | {"gap_days_median": np.array([np.median(features["gap_days_median"])])}
    np.testing.assert_allclose(found.scale(missing), found.scale(median), atol=1e-4)


def test_the_order_of_customers_changes_nothing(three: tuple[Features, np.ndarray, Groups]) -> None:
    features, truth, found = three
    order = np.random.default_rng(8).permutation(len(truth))
    again = discovered(part(features, order), keys(len(truth))[order])
    assert again.as_json() == found.as_json()


def test_names_stay_when_groups_are_found_anew(three: tuple[Features, np.ndarray, Groups]) -> None:
    features, truth, found = three
    points, later = blobs(80, 120, 200, seed=9)
    again = discovered(features_of(points), keys(len(later)), seed=4, before=found)
    assert again.segments == found.segments
    assert again.named == 3
    for group in range(3):
        before = np.bincount(found.assign(features)[truth == group], minlength=3).argmax()
        after = np.bincount(again.assign(features_of(points))[later == group], minlength=3).argmax()
        assert again.segments[after] == found.segments[before]


def test_a_new_group_has_a_new_name_and_no_name_is_given_twice(three: tuple[Features, np.ndarray, Groups]) -> None:
    _, _, found = three
    points, truth = blobs(200, 150, 100, 120)
    four = discovered(features_of(points), keys(len(truth)), before=found)
    assert four.segments == ("Group A", "Group B", "Group C", "Group D")
    fourth = np.bincount(four.assign(features_of(points))[truth == 3]).argmax()
    assert four.segments[fourth] == "Group D"
    without_c = discovered(features_of(points[truth != 2]), keys(int((truth != 2).sum())), before=four)
    assert without_c.segments == ("Group A", "Group B", "Group D")
    back = discovered(features_of(points), keys(len(truth)), before=without_c)
    assert back.segments == ("Group A", "Group B", "Group D", "Group E")


def test_a_customer_is_assigned_by_their_own_row(three: tuple[Features, np.ndarray, Groups]) -> None:
    features, truth, found = three
    whole = found.assign(features)
    assert [int(found.assign(part(features, np.array([row])))[0]) for row in range(len(truth))] == whole.tolist()


def test_groups_are_stored_as_plain_values(three: tuple[Features, np.ndarray, Groups]) -> None:
    features, _, found = three
    kept = json.loads(json.dumps(found.as_json()))
    again = groups_of_json(kept)
    assert again is not None
    assert again.as_json() == found.as_json()
    assert again.assign(features).tolist() == found.assign(features).tolist()
    assert groups_of_json(kept | {"features": ["another"]}) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=7))
def test_the_largest_stable_number_is_chosen(measured: list[tuple[float, float]]) -> None:
    tried = [Stability(groups, *found) for groups, found in enumerate(measured, start=2)]
    count = chosen(tried)
    if stable := [found.groups for found in tried if found.agreement >= 0.8 and found.weakest >= 0.8]:
        assert count == max(stable)
    elif count > 1:
        best = next(found.agreement for found in tried if found.groups == count)
        assert best == max(found.agreement for found in tried) >= 0.6
    else:
        assert all(found.agreement < 0.6 for found in tried)


def test_letters_go_on_after_z() -> None:
    names = [letters(number) for number in range(800)]
    assert names[:3] == ["A", "B", "C"]
    assert names[701:703] == ["ZZ", "AAA"]
    assert len(set(names)) == len(names)
