"""Markup is text that a template takes as it is; what is put together with other text is checked again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from foretell.report.markup import Markup

PAGE = Environment(autoescape=True).from_string("{{ given }}")


@given(st.text())
def test_a_template_sets_markup_as_it_is_and_escapes_other_text(text: str) -> None:
    assert PAGE.render(given=Markup(text)) == text
    escaped = PAGE.render(given=text)
    assert not {"<", ">", '"', "'"} & set(escaped)


def test_what_is_made_of_markup_is_plain_text_again() -> None:
    drawn = Markup("<b>a</b>")
    assert PAGE.render(given=drawn + "<i>") == "&lt;b&gt;a&lt;/b&gt;&lt;i&gt;"
    assert PAGE.render(given=drawn.upper()) == "&lt;B&gt;A&lt;/B&gt;"
    assert drawn == "<b>a</b>"
