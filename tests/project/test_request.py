"""A request is told in plain values and read back from them, so that a run can be asked again elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.declaration import ObjectivePart
from foretell.project.place import Place
from foretell.project.request import Asked, Request, Settings, Source

HERE = Place.of_results(Path("/shop/out"))
ORDERS = Source((Path("/shop/a.csv"), Path("/shop/b.csv")), columns={"customer": "id"}, date_order="dmy", decimal=",")
VISITS = Source((Path("/shop/visits.csv"),), "visits")
REQUESTS = st.builds(
    Request,
    st.sampled_from(((ORDERS,), (VISITS, ORDERS))),
    st.builds(
        Settings,
        st.text(max_size=4),
        st.sampled_from(("UTC", "Europe/London")),
        st.sampled_from(("", "EUR")),
        st.sampled_from(("net", "gross")),
        st.floats(0.01, 1),
        st.floats(0, 1),
        st.integers(0, 9),
    ),
    st.builds(
        Asked,
        st.sampled_from((None, "2024-05-01")),
        st.sampled_from(((), (90,), (90, 30))),
        st.sampled_from(((), (ObjectivePart(name="churn", decision="who gets the mail"),))),
        st.just(()),
        st.sampled_from(("rfm", "value")),
        st.sampled_from(("quick", "full")),
    ),
    st.just(HERE),
    st.integers(0, 10**15),
    identity=st.sampled_from(("", "foretell.toml of a shop", "/shop/a.csv")),
)


@given(REQUESTS)
def test_what_was_told_in_plain_values_is_read_back(request_made: Request) -> None:
    plain = json.loads(json.dumps(request_made.as_plain()))
    again = Request.of_plain(plain, request_made.place, request_made.now)
    assert again == request_made
    assert again.as_plain() == request_made.as_plain()


@given(REQUESTS)
def test_orders_are_found_wherever_they_stand(request_made: Request) -> None:
    assert request_made.orders is ORDERS
    assert request_made.is_declared == (request_made.identity == "foretell.toml of a shop")


def test_how_a_run_is_worked_on_is_no_part_of_what_decides_it() -> None:
    slow = Request((ORDERS,), Settings(), Asked(), HERE, 1)
    fast = Request((ORDERS,), Settings(), Asked(), Place.of_results(Path("/else")), 2, 8, 64, assume_yes=True)
    assert slow.as_plain() == fast.as_plain()


def test_files_are_told_by_their_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = Request((Source((Path("a.csv"),)),), Settings(), Asked(), HERE, 1).as_plain()
    assert told["sources"][0]["files"] == [str((tmp_path / "a.csv").resolve())]
