"""The Sankey diagram: as much comes out of a node as goes into the drawing, and nothing leaves the frame."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.report.pictures.migration_matrix import DOWN, UP, DrawnMoves, directions_of
from foretell.report.pictures.sankey import LEAST_SHARE, WIDTH, largest, sankey

NAMES = ("Best", "Good & <b>kind</b>", "Fair", "Gone")
LEVEL = dict(zip(NAMES, (0.8, 0.6, 0.4, 0.2), strict=True))
DIRECTIONS = directions_of(NAMES, LEVEL)


def moves_of(customers: np.ndarray, is_forecast: bool = False) -> DrawnMoves:
    unknown = np.full(customers.shape, np.nan)
    begin, end = date(2024, 1, 1), date(2024, 1, 31)
    return DrawnMoves("rfm", NAMES, is_forecast, begin, end, customers, unknown, unknown, unknown, unknown)


def drawn(customers: np.ndarray) -> ElementTree.Element:
    return ElementTree.fromstring(sankey(moves_of(customers), DIRECTIONS, "30 days", "EUR"))


def depth(path: ElementTree.Element) -> float:
    found = re.search(r"v([\d.]+)c", path.attrib["d"])
    assert found is not None
    return float(found[1])


counts = st.lists(st.floats(0, 1e5).map(lambda value: round(value, 2)), min_size=20, max_size=20).map(
    lambda values: np.array(values).reshape(5, 4)
)


@given(counts)
def test_bands_fill_the_nodes_of_both_sides(customers: np.ndarray) -> None:
    svg = drawn(customers)
    bands = svg.findall("path")
    nodes = svg.findall("rect")
    whole = sum(depth(band) for band in bands)
    sides = {
        x: sum(float(n.attrib["height"]) for n in nodes if n.attrib["x"] == x) for x in {n.attrib["x"] for n in nodes}
    }
    assert len(sides) == (2 if customers.sum() > 0 else 0)
    for height in sides.values():
        assert height == pytest.approx(whole, abs=0.06 * (len(bands) + len(nodes)) + 0.5 * len(nodes))


@given(counts)
def test_nothing_leaves_the_frame(customers: np.ndarray) -> None:
    svg = drawn(customers)
    height = float(svg.attrib["viewBox"].split()[3])
    for node in svg.findall("rect"):
        assert 0 <= float(node.attrib["x"]) <= WIDTH
        assert float(node.attrib["y"]) >= 0
        assert float(node.attrib["y"]) + float(node.attrib["height"]) <= height
    assert "nan" not in ElementTree.tostring(svg, encoding="unicode")


@given(counts)
def test_small_moves_are_merged_and_stays_never(customers: np.ndarray) -> None:
    svg = drawn(customers)
    whole = customers.sum()
    titles = [str(band.findtext("title")) for band in svg.findall("path")]
    large = [title for title in titles if "too small" not in title]
    moved = (customers >= LEAST_SHARE * whole) & (customers > 0)
    moved[np.eye(5, 4, dtype=bool)] = customers[np.eye(5, 4, dtype=bool)] > 0
    assert len(large) == moved.sum()
    small = customers[~moved].sum()
    told = [text for text in svg.itertext() if text.startswith("Other moves")]
    assert len(told) == (2 if small > 0 else 0)


def test_it_names_itself_and_says_what_it_shows() -> None:
    customers = np.diag([40.0, 30, 20, 10])
    customers[0, 3], customers[2, 0] = 15, 12
    svg = drawn(np.vstack([customers, [5, 0, 0, 0]]))
    assert svg.attrib["role"] == "img"
    assert svg.findtext("title") == svg.attrib["aria-label"] == "Moves between segments, last 30 days, as they came"
    description = str(svg.findtext("desc"))
    assert "100 customers stay, 12 customers move up, 15 customers down, 5 customers come newly." in description
    assert "12 Fair → Best; 15 Best → Gone" in description
    assert "Good & <b>kind</b> 30" in ["".join(text.itertext()) for text in svg.findall("text")]


def test_the_largest_come_first_and_only_their_direction() -> None:
    customers = np.array([[0, 5, 9, 0.2], [7, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [50, 0, 0, 0]], dtype=float)
    assert largest(moves_of(customers), DIRECTIONS, DOWN) == ["9 Best → Fair", "5 Best → Good & <b>kind</b>"]
    assert largest(moves_of(customers), DIRECTIONS, UP) == ["7 Good & <b>kind</b> → Best"]
