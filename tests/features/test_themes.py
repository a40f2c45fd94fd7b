"""Themes: one meaning a name, and words for each."""

from __future__ import annotations

import pytest

from foretell.features import FEATURES, themes
from foretell.features.themes import ORDER_HISTORY, THEMES, declared_theme, theme_in_words


@pytest.mark.parametrize("name", FEATURES)
def test_every_feature_belongs_to_a_theme_that_has_words(name: str) -> None:
    assert FEATURES[name].words.theme in THEMES


def test_a_theme_is_declared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(themes, "THEMES", dict(THEMES))
    assert declared_theme("visits", "how often they look") == "visits"
    assert declared_theme("visits", "how often they look") == "visits"
    assert theme_in_words("visits") == "how often they look"
    with pytest.raises(ValueError, match="the theme visits is declared twice"):
        declared_theme("visits", "when they look")


def test_a_theme_that_is_not_known_is_said_by_its_name() -> None:
    assert theme_in_words("days_of_rain") == "days of rain"
    assert theme_in_words(ORDER_HISTORY) == "when, how often and for how much they order"
