"""`python -m bench.tick.examples`: the files in `examples/` imported with the real Airflow and Dagster, which are no
dependencies, in an environment of their own, kept in `bench/cache`."""

from __future__ import annotations

import json
import subprocess
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOME = ROOT / "bench" / "cache" / "schedulers"
LIBRARIES = ("apache-airflow", "dagster")
IMPORTED = {
    "airflow_dag.py": "dag = module.foretell(); told = {'tasks': sorted(dag.task_ids), 'at once': dag.max_active_runs}",
    "dagster_assets.py": "of = module.definitions; told = {'assets': len(of.assets), 'schedules': len(of.schedules)}",
}
"""Of each file what is asked of it once it is imported."""
PROGRAM = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("example", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
{asked}
print(json.dumps(told))
"""


def main() -> None:
    """Import each file, and print what stands in it."""
    python = prepared()
    for name, asked in IMPORTED.items():
        print(f"{name}: {imported(python, name, asked)}")


def prepared() -> Path:
    """The Python of an environment with both; made once."""
    python = HOME / "bin" / "python"
    if not (HOME / "finished").exists():
        venv.create(HOME, with_pip=True, clear=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", *LIBRARIES],
            check=True,
        )
        (HOME / "finished").touch()
    return python


def imported(python: Path, name: str, asked: str) -> dict[str, object]:
    """What a file tells when it is imported; RuntimeError with the end of what it said where it cannot be."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [str(python), "-c", PROGRAM.format(asked=asked), str(ROOT / "examples" / name)],
            env={"PATH": "/usr/bin:/bin", "HOME": home, "AIRFLOW_HOME": home, "DAGSTER_HOME": home},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"{name} cannot be imported:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
