"""No password is written down, and none is told."""

from __future__ import annotations

import pytest

from foretell.project.database_address import address_in, public, refuse_password, without_secrets
from foretell.project.errors import InputError

SECRET = "hunter2"


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://ann:{SECRET}@db/shop",
        f"postgresql://db/shop?user=ann&password={SECRET}",
        f"mysql+pymysql://ann:{SECRET}@[db/shop",
        f"postgresql://ann:{SECRET}/rest@db/shop",
        f"postgresql://ann:{SECRET}#rest@db/shop",
        f"postgresql://ann:{SECRET}?rest@db/shop",
        f"postgresql://ann:12/{SECRET}@db/shop",
        f"snowflake://ann@account/shop?token={SECRET}",
    ],
)
def test_an_address_with_a_secret_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(InputError) as refused:
        refuse_password(address)
    assert SECRET not in str(refused.value)
    assert "url_from" in str(refused.value)
    assert SECRET not in public(address)


def test_an_address_without_one_is_taken() -> None:
    assert refuse_password("postgresql://ann@db:5433/shop?sslmode=require") == (
        "postgresql://ann@db:5433/shop?sslmode=require"
    )
    assert refuse_password("postgresql://db:5433/shop?user=ann@server")
    assert refuse_password("s3://bucket/day@night/orders.parquet")
    with pytest.raises(InputError, match="no address"):
        refuse_password("shop.sqlite")


def test_what_drivers_say_is_told_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "from environment")
    said = f"cannot connect to postgresql://ann:{SECRET}@db/shop, password={SECRET}; tried 'from environment', p%40ss"
    told = without_secrets(said, "postgresql://ann:p%40ss@db/shop")
    assert not any(part in told for part in (SECRET, "from environment", "p%40ss"))
    assert told.startswith("cannot connect to postgresql://db/shop")


def test_an_environment_variable_holds_an_address_or_is_refused() -> None:
    assert address_in("SHOP", {"SHOP": "postgresql://ann:x@db/shop"}) == "postgresql://ann:x@db/shop"
    for held in ({}, {"SHOP": SECRET}):
        with pytest.raises(InputError) as refused:
            address_in("SHOP", held)
        assert SECRET not in str(refused.value)
