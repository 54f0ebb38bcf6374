"""keepwell survey: what respondents would see."""

from __future__ import annotations

from typing import Annotated

import typer

from keepwell.cli.arguments import Folder

survey = typer.Typer(no_args_is_help=True, help="Look at surveys before they are sent.")


@survey.callback()
def _survey() -> None:
    """Look at surveys before they are sent."""


@survey.command("preview")
def preview(
    folder: Folder,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The survey.", show_default=False)],
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="Such as de; the survey's first unless given."),
    ] = None,
) -> None:
    """Print a survey's way: its questions in one language, what leads to each, and how it reaches people."""
    from keepwell.cli.terminal.surveys import print_survey
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.definitions import load_project
    from keepwell.definitions.names import unknown
    from keepwell.errors import RequestRefused

    found = load_project(folder).surveys
    if name not in found:
        raise RequestRefused(unknown("survey", name, found))
    one = found[name]
    if language is not None and language not in one.languages:
        raise RequestRefused(unknown("language", language, one.languages))
    print_survey(on_stdout(), name, one, language or one.default_language)
