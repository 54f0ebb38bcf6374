"""Tasks of a playbook that come, go and move, and tasks that follow another one's name."""

from __future__ import annotations

from typing import Any

from keepwell.apps.cockpit.editing.fields import TASKS, names_of, tasks_of
from keepwell.apps.configuration.editing.entries import Document, Entries, name_from
from keepwell.apps.configuration.editing.form import Change, Known, Path
from keepwell.apps.configuration.editing.parts import PartChange, item_at, moved_item, names_anew
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import appended, with_value, without
from keepwell.errors import RequestRefused

ENTRIES = Entries("playbooks", "playbooks.yaml", "playbook")


def add_task(playbook: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    """A task of the title that was typed, due when the last one is."""
    title = chosen.strip()
    if not title:
        raise RequestRefused("say what is to be done in a few words, such as: Call the sponsor")
    task: dict[str, Any] = {"name": name_from(title, names_of(playbook), "task"), "title": title}
    held = tasks_of(playbook)
    after = held[-1].get("after") if held and isinstance(held[-1], dict) else None
    if isinstance(after, str):
        task["after"] = after
    return lambda text: appended(text, (*root, *TASKS), task)


def remove_task(playbook: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    """Tasks that needed it need it no longer; those that were due after it are due so long after the start."""
    path, place = item_at(playbook, at)
    if place < 0:
        return None
    if len(tasks_of(playbook)) == 1:
        raise RequestRefused("a playbook has a task at least; add another before this one goes")
    name = names_of(playbook)[place]

    def change(text: str) -> str:
        for other, task in enumerate(tasks_of(playbook)):
            if other != place and isinstance(task, dict):
                text = _freed(text, (*root, *TASKS, other), task, name)
        return without(text, (*root, *path, place))

    return change


WORK: dict[str, PartChange] = {
    "add-task": add_task,
    "remove-task": remove_task,
    "up": moved_item(-1),
    "down": moved_item(1),
}
"""By the verb that the form sends."""


def with_names_followed(files: Files, name: str, before: Document) -> Files:
    """Where a task was given another name, tasks that wait for it call it by that."""
    now = ENTRIES.entry_in(files, name) or {}
    anew = names_anew(names_of(before), names_of(now))
    if not anew:
        return files

    def change(text: str) -> str:
        for place, task in enumerate(tasks_of(now)):
            text = _pointed(text, (ENTRIES.kind, name, *TASKS, place), task, anew)
        return text

    return ENTRIES.changed(files, name, change)


def _pointed(text: str, path: Path, task: Any, anew: dict[str, str]) -> str:
    needs, after = (task.get("needs"), task.get("after")) if isinstance(task, dict) else (None, None)
    if isinstance(needs, list):
        for place, one in enumerate(needs):
            if one in anew:
                text = with_value(text, (*path, "needs", place), anew[one])
    if isinstance(after, dict) and after.get("task") in anew:
        text = with_value(text, (*path, "after", "task"), anew[after["task"]])
    return text


def _freed(text: str, path: Path, task: Document, gone: str) -> str:
    needs, after = task.get("needs"), task.get("after")
    if isinstance(needs, list) and gone in needs:
        left = [one for one in needs if one != gone]
        text = with_value(text, (*path, "needs"), left) if left else without(text, (*path, "needs"))
    if isinstance(after, dict) and after.get("task") == gone:
        unit = "business days" if after.get("business_days") is not None else "days"
        text = with_value(text, (*path, "after"), f"{after.get('business_days') or after.get('days') or 0} {unit}")
    return text
