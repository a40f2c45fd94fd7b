"""The command line: each command asks one question and prints the answer."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable

import typer

from foretell.cli.action.act import act
from foretell.cli.action.experiment import experiment
from foretell.cli.action.pilot import pilot
from foretell.cli.action.plan import plan
from foretell.cli.action.push import push
from foretell.cli.action.results import results
from foretell.cli.action.uplift import uplift
from foretell.cli.alerts import alerts
from foretell.cli.backtest import backtest
from foretell.cli.check import check
from foretell.cli.demo import demo
from foretell.cli.explain import explain
from foretell.cli.generate import generate
from foretell.cli.init import init
from foretell.cli.loop.kpis import kpis
from foretell.cli.loop.monitor import monitor
from foretell.cli.loop.outcomes import outcomes
from foretell.cli.loop.retrain import retrain
from foretell.cli.loop.simulate import simulate
from foretell.cli.loop.tick import tick
from foretell.cli.migration import migration
from foretell.cli.model import model
from foretell.cli.person.export_person import export_person
from foretell.cli.person.forget import forget
from foretell.cli.report import report
from foretell.cli.run import run
from foretell.cli.score import score
from foretell.cli.segments import segments

app = typer.Typer(
    name="foretell",
    help="Says what each customer will do next, how sure it is, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(check, name="check")
app.add_typer(model, name="model")
app.add_typer(alerts, name="alerts")
app.add_typer(generate, name="generate")
COMMANDS: tuple[Callable[..., None], ...] = (
    *(demo, init, run, score, report, backtest, segments, migration, explain),
    *(kpis, outcomes, monitor, retrain, tick, simulate),
    *(plan, act, results, pilot, push, experiment, uplift),
    *(forget, export_person),
)
for command in COMMANDS:
    app.command()(command)


def main() -> None:
    """Run a command; an error that the user can mend ends with exit code 2 and no traceback."""
    from foretell.project.errors import ForetellError, InputError

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    debug = "--debug" in sys.argv
    if debug:
        sys.argv.remove("--debug")
    try:
        app()
    except ForetellError as error:
        if debug:
            raise
        if "--json" in sys.argv and isinstance(error, InputError):
            print(json.dumps({"error": error.what, **error.details(), **error.more()}, ensure_ascii=False))
        else:
            print(f"foretell: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("foretell: stopped; the next run goes on where this one was", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
