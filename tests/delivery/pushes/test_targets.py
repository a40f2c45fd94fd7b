"""Declared pushes, opened: the right address, and tokens that are asked of the environment and shown to nobody."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from foretell.delivery.pushes.csv_file import CsvFile
from foretell.delivery.pushes.customer_match import CustomerMatch
from foretell.delivery.pushes.mailchimp import Mailchimp
from foretell.delivery.pushes.segment import Segment
from foretell.delivery.pushes.targets import file_of, opened, target_of
from foretell.project.errors import InputError
from foretell.project.parts.pushes import PushPart
from foretell.project.place import Place
from vendors.pushed import ENVIRONMENT, USUAL, declared
from vendors.speaking import TOKEN


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place.of_results(tmp_path / "results")


@pytest.mark.parametrize("kind", USUAL)
def test_the_token_comes_from_the_environment_and_is_never_shown(kind: str, place: Place) -> None:
    part = declared(kind, "https://tool.example/3.0")
    assert TOKEN not in repr(opened(part, place, ENVIRONMENT))
    for environment in ({}, {"TOOL_TOKEN": "tóken"}, {"TOOL_TOKEN": "a\nb"}):
        with pytest.raises(InputError, match="is not there") as told:
            opened(part, place, environment)
        assert not any(value and value in str(told.value) for value in environment.values())


@pytest.mark.parametrize("kind", USUAL)
def test_a_tool_in_ones_own_network_is_admitted_by_name_alone(kind: str, place: Place) -> None:
    with pytest.raises(InputError, match="not encrypted"):
        opened(declared(kind, "http://127.0.0.1:1", allow_private=False), place, ENVIRONMENT)


def test_mailchimp_answers_where_its_key_says(place: Place) -> None:
    part = declared("mailchimp", "")
    target = target_of(part, place, ENVIRONMENT)
    assert isinstance(target, Mailchimp)
    assert (target.api.server.host, target.api.server.path) == ("us6.api.mailchimp.com", "/3.0")
    with pytest.raises(InputError, match="does not say") as told:
        target_of(part, place, {"TOOL_TOKEN": "keywithoutcentre"})
    assert "keywithoutcentre" not in str(told.value)


def test_once_is_kept_even_where_repeating_would_be_harmless(place: Place) -> None:
    assert opened(declared("klaviyo", "https://a.example"), place, ENVIRONMENT).repeats_for == math.inf
    assert opened(declared("klaviyo", "https://a.example", once=True), place, ENVIRONMENT).repeats_for == 0
    assert isinstance(target_of(declared("segment", "https://a.example"), place, ENVIRONMENT), Segment)


def test_files_need_no_token_and_lie_with_the_results(place: Place) -> None:
    part = PushPart(name="ads", kind="google", email="mail")
    assert isinstance(target_of(part, place, {}), CustomerMatch)
    assert isinstance(target_of(PushPart(name="list", kind="csv"), place, {}), CsvFile)
    assert file_of(part, place) == place.out / "pushes" / "ads.csv"
    assert file_of(part.model_copy(update={"path": "ads/all.csv"}), place) == place.state.parent / "ads" / "all.csv"
