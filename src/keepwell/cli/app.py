"""The verbs, put together. What a verb needs it imports when it runs, so that `--help` answers at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from keepwell.cli.admin import admin
from keepwell.cli.apply import apply
from keepwell.cli.backtest import backtest
from keepwell.cli.calibrate import calibrate
from keepwell.cli.channel import channel
from keepwell.cli.check import check
from keepwell.cli.dashboard import dashboard
from keepwell.cli.demo import demo
from keepwell.cli.diff import diff
from keepwell.cli.drain import drain
from keepwell.cli.effects import effects
from keepwell.cli.explain import explain
from keepwell.cli.failures import guarded, show_details
from keepwell.cli.history import history
from keepwell.cli.init import init
from keepwell.cli.lake import lake
from keepwell.cli.load import load
from keepwell.cli.migrate import migrate
from keepwell.cli.optimism import optimism
from keepwell.cli.optimize import optimize
from keepwell.cli.plan import plan
from keepwell.cli.replay import replay
from keepwell.cli.rule_runs import rule_runs
from keepwell.cli.rules import rules
from keepwell.cli.schema import schema
from keepwell.cli.score import score
from keepwell.cli.serve import serve
from keepwell.cli.simulate import simulate
from keepwell.cli.survey import survey
from keepwell.cli.sync import sync
from keepwell.cli.web import web
from keepwell.cli.worker import worker
from keepwell.cli.write_key import write_key

app = typer.Typer(
    name="keepwell",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

SCORING, ACTING, LEARNING, WRITING, LAKE, SERVING = (
    "Score",
    "Act",
    "Learn",
    "Definitions and data",
    "Lake",
    "Application",
)
for verb, panel in (
    (demo, SCORING),
    (score, SCORING),
    (history, SCORING),
    (explain, SCORING),
    (diff, SCORING),
    (rules, ACTING),
    (replay, ACTING),
    (backtest, LEARNING),
    (optimize, LEARNING),
    (effects, LEARNING),
    (calibrate, LEARNING),
    (optimism, LEARNING),
    (check, WRITING),
    (init, WRITING),
    (schema, WRITING),
    (plan, WRITING),
    (apply, WRITING),
    (simulate, WRITING),
    (load, LAKE),
    (lake, LAKE),
    (sync, LAKE),
    (serve, SERVING),
    (web, SERVING),
    (worker, SERVING),
    (drain, SERVING),
    (migrate, SERVING),
    (admin, SERVING),
):
    app.command(verb.__name__, rich_help_panel=panel)(verb)
app.add_typer(channel, name="channel", rich_help_panel=SERVING)
app.add_typer(rule_runs, name="rule-runs", rich_help_panel=SERVING)
app.add_typer(survey, name="survey", rich_help_panel=ACTING)
app.add_typer(dashboard, name="dashboard", rich_help_panel=SCORING)
app.add_typer(write_key, name="write-key", rich_help_panel=SERVING)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"keepwell {version('keepwell')}")
        raise typer.Exit


@app.callback()
def keepwell(
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool,
        typer.Option("--version", help="Say which version this is, and stop.", callback=_print_version, is_eager=True),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", envvar="KEEPWELL_TRACEBACK", help="Show the details of defects of Keepwell.")
    ] = False,
) -> None:
    """Health scores of customers, from files, explained down to the row.

    Begin with [bold]keepwell demo[/bold].
    """
    if debug:
        show_details()


def run(arguments: Sequence[str]) -> int:
    """Runs the command line and returns its exit code; nothing but a defect with --debug leaves a traceback."""
    return guarded(lambda: app(args=list(arguments), prog_name="keepwell"))
