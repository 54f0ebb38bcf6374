"""One measure for many accounts: a grid to type in, saved as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from keepwell.apps.access.actors import NotVisible, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.health.entering import Entered, EntriesRefused, enter_scores, entered_measures
from keepwell.apps.health.forms import CellForm
from keepwell.apps.health.manual import MOST_LINES, Line, lines, title_of
from keepwell.definitions.measures import Measure


@dataclass
class Row:
    """A line with what was typed into it and what is wrong with that."""

    line: Line
    form: CellForm
    problem: str = ""


@require_GET
def all_measures(request: HttpRequest) -> HttpResponse:
    """The measures that people enter, each leading to its grid."""
    measures = [(name, title_of(name, one), one) for name, one in entered_measures().items()]
    return render(request, "health/measures.html", {"measures": measures})


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest, measure: str) -> HttpResponse:
    actor, found = actor_of(request), entered_measures().get(measure)
    if found is None:
        raise NotVisible
    asked = request.GET.get("accounts", "")
    found_lines = lines(actor, measure, everybody=asked == "all")
    everybody = asked == "all" or (not found_lines and asked != "mine")  # who has no customers sees the others'
    if everybody and asked != "all":
        found_lines = lines(actor, measure, everybody=True)
    rows = [_row(request, line) for line in found_lines]
    is_bad = False
    if request.method == "POST":
        require(actor, Permission.WRITE)
        saved = _saved(request, measure, found, rows)
        if saved is not None:
            messages.success(request, f"Saved {saved} score{'' if saved == 1 else 's'}; they count now.")
            return redirect(request.get_full_path())
        is_bad = True
    context = {"name": measure, "title": title_of(measure, found), "measure": found, "rows": rows,
               "everybody": everybody, "most": MOST_LINES,
               "may_write": actor.may(Permission.WRITE), "wrong": sum(bool(row.problem) for row in rows)}  # fmt: skip
    return render(request, "health/grid.html", context, status=422 if is_bad else 200)


def _row(request: HttpRequest, line: Line) -> Row:
    return Row(line, CellForm(request.POST if request.method == "POST" else None, prefix=line.account.pk))


def _saved(request: HttpRequest, name: str, measure: Measure, rows: Iterable[Row]) -> int | None:
    """How many were saved; None where something is wrong, which then stands beside its cell."""
    by_account = {row.line.account.pk: row for row in rows}
    entered = [one for row in by_account.values() if (one := _entered(measure, row)) is not None]
    if any(row.problem for row in by_account.values()):
        return None
    try:
        return len(enter_scores(actor=actor_of(request), measure=name, entered=entered))
    except EntriesRefused as refused:
        for account, problem in refused.problems_of.items():
            by_account[account].problem = problem
        return None


def _entered(measure: Measure, row: Row) -> Entered | None:
    """What was typed into a line; None for nothing or for something wrong."""
    row.form.full_clean()
    text = str(row.form.cleaned_data.get("score", "")).strip()
    comment = str(row.form.cleaned_data.get("comment", "")).strip()
    if not text and not comment and not row.form.errors:
        return None
    score = _score(measure, text)
    if score is None:
        choices = ", ".join(f"{one.score:g} ({one.label})" for one in measure.levels)
        row.problem = f"give {choices}" if choices else "give a number from 0 to 100"
        return None
    return Entered(row.line.account.pk, score, comment)


def _score(measure: Measure, text: str) -> float | None:
    """A number from 0 to 100, or the score of the level that is called so; None for anything else."""
    for level in measure.levels:
        if text.lower() == level.label.lower():
            return level.score
    try:
        score = float(text.replace(",", "."))
    except ValueError:
        return None
    allowed = {level.score for level in measure.levels}
    return score if 0 <= score <= 100 and (not allowed or score in allowed) else None
