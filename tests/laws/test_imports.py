"""What may import what: a light start, each outside library in its files, nothing that pickles or calls out."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

import foretell

SOURCE = Path(foretell.__file__).parent
MODULES = {str(path.relative_to(SOURCE)): path for path in sorted(SOURCE.rglob("*.py"))}

HEAVY = ("pandas", "torch", "pyspark", "lightgbm", "sklearn", "duckdb", "pyarrow", "scipy", "fastapi")
NETWORK = ("requests", "httpx", "urllib3", "urllib.request", "socket", "http.client", "ftplib", "smtplib")
PICKLES = ("pickle", "_pickle", "dill", "cloudpickle", "joblib.dump", "joblib.load", "shelve", "marshal")
NEVER = ("pandas", "polars", "lifetimes", "hypothesis", "pytest", "playwright")

DISTRIBUTIONS = {"scikit_learn": "sklearn"}

OWNERS = {
    "duckdb": ("timelines/duckdb.py", "customer_log/databases/duckdb_files.py"),
    "adbc_driver_postgresql": ("customer_log/databases/postgresql.py",),
    "deltalake": ("customer_log/databases/delta_tables.py",),
    "python_calamine": ("customer_log/files/excel_files.py", "customer_log/files/sheets.py"),
    "lightgbm": ("models/", "uplift/trees.py"),
    "sklearn": ("models/", "forecasts/next_categories/model.py", "segments/clusters.py"),
    "threadpoolctl": ("project/one_thread.py",),
    "joblib": ("timelines/engine.py", "forecasts/orders/proving.py"),
    "typer": ("cli/",),
    "click": ("cli/",),
    "rich": ("cli/",),
    "jinja2": ("report/page.py",),
    "narwhals": ("pipeline/intake/frames.py",),
}
"""The files and folders that may import a library which could one day be another."""


@cache
def imported(module: str) -> frozenset[str]:
    """The full names of all that a module of src imports, wherever in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names)


def importers(*libraries: str) -> set[str]:
    """The modules of src that import one of the libraries or something inside one."""
    return {
        module
        for module in MODULES
        if any(name == library or name.startswith(f"{library}.") for name in imported(module) for library in libraries)
    }


def loaded_after(statement: str) -> set[str]:
    """The heavy libraries that a new Python has loaded once the statement has run."""
    code = f"import sys\n{statement}\nsys.stderr.write('\\n' + ' '.join(set({HEAVY}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stderr.splitlines()[-1].split())


def test_the_probe_sees_what_is_loaded() -> None:
    assert "pyarrow" in loaded_after("import pyarrow")


def test_import_foretell_is_light() -> None:
    assert loaded_after("import foretell") == set()


def test_help_is_light() -> None:
    call = "from foretell.cli.main import main\nsys.argv = ['foretell', '--help']\ntry: main()\nexcept SystemExit: pass"
    assert loaded_after(call) == set()


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_is_imported_only_by_its_owners(library: str) -> None:
    strangers = {module for module in importers(library) if not module.startswith(OWNERS[library])}
    assert not strangers, f"{library} belongs to {', '.join(OWNERS[library])}"


@pytest.mark.parametrize("library", OWNERS)
def test_every_owner_exists(library: str) -> None:
    for owner in OWNERS[library]:
        assert (SOURCE / owner).exists(), f"{owner}, said to import {library}, is not there"


def test_nothing_pickles() -> None:
    assert importers(*PICKLES) == set()
    assert [module for module, path in MODULES.items() if "allow_pickle=True" in path.read_text(encoding="utf-8")] == []


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entries = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    declared = {re.split(r"[^\w.-]", entry)[0].replace("-", "_") for entry in entries}
    declared = {DISTRIBUTIONS.get(name, name) for name in declared}
    roots = {name.partition(".")[0] for module in MODULES for name in imported(module)}
    assert roots - sys.stdlib_module_names - {"foretell"} <= declared


def test_only_delivery_calls_out() -> None:
    assert {module for module in importers(*NETWORK) if not module.startswith("delivery/")} == set()


def test_nothing_imports_what_only_tests_have() -> None:
    assert importers(*NEVER) == set()
