"""Who a customer is, as far as that was known: the age of the account, where it came from, and attributes by name.

An attribute is a text, which is no quantity: models are taught an indicator for each of its most common values, and
rare ones are none of them (see `examples.indicators`). Attributes of other names are kept, and nothing learns from
them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.profiles import PROFILES, SIGNED_UP
from foretell.features.registry import feature
from foretell.features.themes import declared_theme
from foretell.timelines.as_of import AsOf
from foretell.words.reasons import FeatureWords

PROFILE = declared_theme("profile", "who they are")
ATTRIBUTES = {
    "source": ("source", "came through {}"),
    "country": ("country", "lives in {}"),
    "region": ("region", "lives in {}"),
    "city": ("city", "lives in {}"),
    "language": ("language", "speaks {}"),
    "age_group": ("age", "aged {}"),
    "gender": ("gender", "gender {}"),
    "marital_status": ("marital status", "marital status {}"),
    "income": ("income", "income {}"),
    "household": ("household", "household {}"),
    "children": ("number of children", "children: {}"),
    "home_owner": ("home", "home: {}"),
    "occupation": ("occupation", "occupation {}"),
    "industry": ("industry", "industry {}"),
    "company_size": ("company size", "company size {}"),
    "loyalty": ("loyalty level", "loyalty level {}"),
}
"""The attributes of which features are made, as a noun, and how a value is said of somebody."""


@feature(
    "account_age_days",
    unit="days",
    table=PROFILES.name,
    words=FeatureWords(
        PROFILE, "older account", "newer account", "account opened {} ago", "account opened today",
        verb="have had one for",
    ),
)  # fmt: skip
def account_age_days(view: AsOf) -> np.ndarray:
    """Days from signing up to the cutoff; null where that is not told."""
    signed_up = view.table(PROFILES.name).where("step", code_of(SIGNED_UP))
    return signed_up.days_since(signed_up.first("happened_at"))


def _attribute(name: str) -> Callable[[AsOf], np.ndarray]:
    def value(view: AsOf) -> np.ndarray:
        found = view.table(PROFILES.name).where("attribute", code_of(name)).last("value")
        return np.where(found > 0, found, np.nan)

    value.__doc__ = f"Code of the attribute {name} as it was told last; null where it was not, or was taken away."
    return value


for _name, (_noun, _says) in ATTRIBUTES.items():
    feature(
        f"profile_{_name}",
        unit="code",
        table=PROFILES.name,
        words=FeatureWords(PROFILE, f"one {_noun}", f"another {_noun}", _says, much=_says),
    )(_attribute(_name))
