"""Verbs and options, from the command line itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from generating.tables import sentence, table
from keepwell.cli.app import app

_NAMES = {int: "N", float: "N", str: "TEXT"}


def command() -> Any:
    """The command line as Typer builds it."""
    return typer.main.get_command(app)


def common_options() -> str:
    """What stands before the verb."""
    return _options(command().params)


def verbs() -> str:
    """A section a verb, in the order of the help; a verb of several has one for each."""
    return "\n\n".join(_verb(name, verb) for name, verb in _every(command()))


def _every(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, verb in group.commands.items():
        if hasattr(verb, "commands"):
            yield from _every(verb, f"{before}{name} ")
        else:
            yield f"{before}{name}", verb


def _verb(name: str, verb: Any) -> str:
    arguments = [one for one in verb.params if not _is_option(one)]
    needed = [one for one in verb.params if _is_option(one) and one.required]
    words = [*(_placeholder(one) for one in arguments), *(f"{one.opts[0]} {_placeholder(one)}" for one in needed)]
    usage = f"    keepwell {' '.join([name, *words])}{' [OPTIONS]' if len(verb.params) > len(words) else ''}"
    parts = [f"## {name}", _plain(verb.help), usage]
    if arguments:
        rows = [(f"`{_placeholder(one)}`", sentence(_plain(one.help or ""))) for one in arguments]
        parts.append(table(("argument", "what it is"), rows))
    if len(verb.params) > len(arguments):
        parts.append(_options([one for one in verb.params if _is_option(one)]))
    return "\n\n".join(parts)


def _options(params: list[Any]) -> str:
    return table(("option", "default", "what it does"), [_option(one) for one in params if not one.hidden])


def _option(one: Any) -> tuple[str, str, str]:
    spelled = ", ".join(f"`{name}{'' if one.is_flag else ' ' + _placeholder(one)}`" for name in one.opts)
    environment = f" Also set by the environment variable `{one.envvar}`." if one.envvar else ""
    return spelled, _default(one), sentence(_plain(one.help or "")) + environment


def _default(one: Any) -> str:
    if one.required:
        return "required"
    return "" if one.default in (None, False) or one.is_flag else f"`{one.default}`"


def _is_option(one: Any) -> bool:
    return bool(one.opts[0].startswith("-"))


def _placeholder(one: Any) -> str:
    return str(one.metavar or _NAMES.get(one.type_descriptor.annotation, one.name.upper()))


def _plain(text: str) -> str:
    """Without the markup of the terminal."""
    return re.sub(r"\[/?[a-z]+\]", "", re.sub(r"[ \t]*\n[ \t]*", "\n", text.strip()))
