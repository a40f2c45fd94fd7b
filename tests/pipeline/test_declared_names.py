"""Names in rules, moves and series are checked before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.pipeline.declared_names import refuse_unknown_names
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.run import published_run
from foretell.project.errors import InputError
from foretell.project.progress import Silent

SOURCE = '[[sources]]\npath = "o.csv"\ncolumns = { customer = "c", time = "t", amount = "a" }\n'


def declared(folder: Path, more: str) -> Path:
    path = folder / "foretell.toml"
    path.write_text(SOURCE + more)
    return path


@pytest.mark.parametrize(
    ("more", "what", "found"),
    [
        ('[[alerts]]\nname = "x"\nspike = "ordrs"', "series that there is not (alert x)", "ordrs"),
        (
            '[[alerts]]\nname = "x"\nwhen = "not segment = \'Championz\'"',
            "names a segment that there is not",
            "Championz",
        ),
        ('[[alerts]]\nname = "x"\nmove = "Nirvana -> Lost"', "move names a segment", "Nirvana"),
        (
            '[[alerts]]\nname = "x"\nwhen = "events_7d > 1"',
            "table that no source has (alert x)",
            "events_7d, of events",
        ),
        (
            '[[segments]]\nset = "mine"\nname = "a"\nwhen = "last_rating < 0.2"',
            "table that no source has (segment a of set mine)",
            "last_rating, of feedback",
        ),
        ('[[alerts]]\nname = "x"\nwhen = "nonsense > 1"', "neither a feature nor a score", "nonsense"),
        (
            '[[segments]]\nset = "mine"\nname = "a"\nwhen = "p_purchase > 1 and (next_segment = \'Gone\')"',
            "names a segment that there is not (segment a of set mine)",
            "Gone",
        ),
        ('[[playbooks]]\nname = "x"\nwhen = "p_chrun > 1"', "neither a feature nor a score (playbook 'x')", "p_chrun"),
        (
            '[[playbooks]]\nname = "x"\nwhen = "p_churn > 0.5"\nnever = "segment = \'Lots\'"',
            "names a segment that there is not (playbook x)",
            "Lots",
        ),
        (
            '[[playbooks]]\nname = "x"\ntemplate = "rest"',
            "table that no source has (playbook x)",
            "contacts_90d, of contacts",
        ),
    ],
)
def test_an_unknown_name_is_refused_before_a_file_is_opened(more: str, what: str, found: str, tmp_path: Path) -> None:
    request = request_of_declaration(declared(tmp_path, more))
    with pytest.raises(InputError) as error:
        published_run(request, Silent())
    assert what in error.value.what
    assert error.value.found == found
    assert [path.name for path in tmp_path.iterdir()] == ["foretell.toml"]


@pytest.mark.parametrize(
    "more",
    [
        '[[alerts]]\nname = "x"\nspike = "Lost"',
        '[[alerts]]\nname = "x"\nspike = "churn risk"',
        '[[alerts]]\nname = "x"\nwhen = "segment = \'Lost\' and customer_id = 5 and p_next_lost > 1"',
        '[[alerts]]\nname = "x"\nmove = "* -> Lost, p >= 40 %"',
        '[scores]\nsegment_set = "discovered"\n[[alerts]]\nname = "x"\nmove = "* -> who knows"',
        '[scores]\nsegment_set = "mine"\n[[segments]]\nset = "mine"\nname = "a"\nwhen = "orders_90d > 1"\n'
        '[[alerts]]\nname = "x"\nmove = "a -> other"',
        '[[playbooks]]\nname = "x"\ntemplate = "win back"\nnever = "p_next_lost > 20 % or customer_id = 5"',
        '[scores]\nsegment_set = "discovered"\n[[playbooks]]\nname = "x"\nwhen = "p_next_whoever > 20 %"',
        "",
    ],
)
def test_known_names_pass(more: str, tmp_path: Path) -> None:
    refuse_unknown_names(request_of_declaration(declared(tmp_path, more)))
