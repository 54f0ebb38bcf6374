"""Writes a proposal: a folder of definitions that is complete in itself, with its report beside it.

All definitions are copied as they stand, comments included; the card is replaced where it stands.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from keepwell.definitions.loading import load_project
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.errors import EngineFault, RequestRefused
from keepwell.learning.optimizer.card_yaml import scheme_lines
from keepwell.learning.optimizer.proposal import Proposal
from keepwell.learning.optimizer.replacing import with_card

REPORT, PAGE = "report.json", "report.html"


def refuse_folder(folder: Path, draft: Path) -> None:
    """Before long work: raises RequestRefused where the draft cannot be written, or would stand in its own source."""
    if draft.exists() and (not draft.is_dir() or any(draft.iterdir())):
        raise RequestRefused(f"{draft} is there already; name a new folder, or empty it")
    if not draft.parent.is_dir():
        raise RequestRefused(f"there is no folder {draft.parent}; make it first, or choose another place")
    if draft.resolve().is_relative_to(folder.resolve()):
        raise RequestRefused(f"{draft} lies within {folder}, which would then hold every definition twice")


def write_draft(folder: Path, draft: Path, proposal: Proposal, report: dict[str, object], page: str) -> None:
    """Writes `draft` from the definitions of `folder`; it appears whole or not at all."""
    unfinished = draft.with_name(f".{draft.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        _copy(folder, unfinished)
        _replace(unfinished, proposal)
        text = json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False)
        (unfinished / REPORT).write_text(text + "\n", encoding="utf-8")
        (unfinished / PAGE).write_text(page, encoding="utf-8")
        _check(unfinished, proposal)
        if draft.is_dir():
            draft.rmdir()
        unfinished.replace(draft)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def notes_of(proposal: Proposal) -> dict[str, str]:
    """A comment for each measure of the draft: its old share and the interval of the new one."""
    return dict(_notes(proposal))


def _notes(proposal: Proposal) -> Iterator[tuple[str, str]]:
    for change in proposal.changes:
        if change.kind != "dropped" and change.low is not None and change.high is not None:
            was = "new" if change.old_share is None else f"was {change.old_share:.0f}"
            yield change.name, f"{was}; 95 % interval {change.low:.0f} to {change.high:.0f}"


def _copy(folder: Path, target: Path) -> None:
    """Definitions and the schema that editors complete them by; data are not copied."""
    target.mkdir(parents=True)
    for file in sorted([*folder.rglob("*.yaml"), *folder.glob("*.schema.json")]):
        below = file.relative_to(folder)
        if not any(part.startswith(".") for part in below.parts):
            (target / below).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target / below)


def changed_files(proposal: Proposal, text_of: Callable[[str], str], is_there: Callable[[str], bool]) -> dict[str, str]:
    """The files of the definitions that the draft changes or adds, by path; all others stay as they are."""
    name = proposal.study.request.scorecard
    file = _file_of(proposal.study.original, name)
    found = {file: with_card(text_of(file), name, proposal.card, notes_of(proposal))}
    if proposal.scheme not in proposal.study.original.schemes:
        found[_free_file(is_there, proposal.scheme)] = _bands(proposal)
    return found


def _replace(folder: Path, proposal: Proposal) -> None:
    def text_of(file: str) -> str:
        return (folder / file).read_bytes().decode("utf-8-sig")

    for file, text in changed_files(proposal, text_of, lambda one: (folder / one).exists()).items():
        (folder / file).write_bytes(text.encode())


def _file_of(project: Project, scorecard: str) -> str:
    """Definitions may stand beside the settings in keepwell.yaml, whose places begin with "settings"."""
    path = ("scorecards", scorecard)
    place = project.places.get(path) or project.places["settings", *path]
    return place.file


def _bands(proposal: Proposal) -> str:
    name = proposal.study.request.scorecard
    head = f"# Bands of scorecard {name}, drawn so that each holds about as many accounts as before.\n\nschemes:\n"
    return head + "\n".join(scheme_lines(proposal.scheme, proposal.bands, 1)) + "\n"


def _free_file(is_there: Callable[[str], bool], scheme: str) -> str:
    names = (f"{scheme}.yaml", *(f"{scheme}_{number}.yaml" for number in range(2, 1_000)))
    return next(name for name in names if not is_there(name))


def _check(folder: Path, proposal: Proposal) -> None:
    """What was written reads back as what was proposed."""
    read: Project = load_project(folder)
    if Versions(read).project != Versions(proposal.project).project:
        raise EngineFault("the draft that was written is not the one that was proposed")
