"""Scores, what people say of them, and runs, over the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from keepwell.apps.access.actors import NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.queries import account_for
from keepwell.apps.health import schemas as s
from keepwell.apps.health.api_of_units import router as units
from keepwell.apps.health.entering import Entered, enter_score, enter_scores, entered_measures, withdraw_score
from keepwell.apps.health.feedback import say_it_feels_wrong
from keepwell.apps.health.manual import history_of, lines, standings
from keepwell.apps.health.models import CurrentHealth, Feedback, Run
from keepwell.apps.health.operations import ask_for_run
from keepwell.apps.health.overriding import (
    override_score,
    overrides_of,
    pin_card,
    pins_of,
    unpin_card,
    withdraw_override,
)
from keepwell.apps.health.shown import entry_out, standing_out
from keepwell.apps.rest.authentication import RUN, VIEW, WRITE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Done, Id

router = Router(tags=["Scores"])
router.add_router("", units)


@router.get("/accounts/{account_id}/score", response=s.ScoreOut, auth=VIEW, summary="The score of an account")
def get_score(request: HttpRequest, account_id: str) -> CurrentHealth:
    """The newest, with what was entered since the run. 404 where the account has none yet."""
    account = account_for(actor_of(request), account_id)
    found = CurrentHealth.objects.filter(account=account).first()
    if found is None:
        raise NotVisible
    return found


@router.get("/measures", response=list[s.MeasureOut], auth=VIEW, summary="Measures that people enter")
def list_measures(request: HttpRequest) -> list[dict[str, Any]]:
    """With the levels that a score means."""
    return [
        {"name": name, "title": one.title, "help": one.help, "valid_for_days": _days(one.valid_for),
         "levels": [{"score": level.score, "label": level.label, "help": level.help} for level in one.levels]}
        for name, one in entered_measures().items()
    ]  # fmt: skip


@router.get(
    "/accounts/{account_id}/entered-scores",
    response=list[s.StandingOut],
    auth=VIEW,
    summary="Entered scores that stand",
)
def list_entered(request: HttpRequest, account_id: str) -> list[dict[str, Any]]:
    """For each measure that people enter: the last entry, until when it is fresh, which sources count and why."""
    return [standing_out(one) for one in standings(account_for(actor_of(request), account_id))]


@router.get(
    "/accounts/{account_id}/entered-scores/{measure}",
    response=list[s.EntryOut],
    auth=VIEW,
    summary="Everything entered for a measure",
)
def list_entries_of_measure(request: HttpRequest, account_id: str, measure: str) -> list[dict[str, Any]]:
    """Newest first; a null score withdrew what stood. At most a thousand."""
    account = account_for(actor_of(request), account_id)
    if measure not in entered_measures():
        raise NotVisible
    return [entry_out(entry, level) for entry, level in history_of(account.pk, measure)[:1000]]


@router.post(
    "/accounts/{account_id}/entered-scores/{measure}", response={201: s.EntryOut}, auth=WRITE, summary="Enter a score"
)
def post_entered(request: HttpRequest, account_id: str, measure: str, sent: s.EnterIn) -> Status[dict[str, Any]]:
    """It counts at once."""
    entry = enter_score(actor=actor_of(request), account_id=account_id, measure=measure, **sent.dict())
    return Status(201, entry_out(entry, None))


@router.delete(
    "/accounts/{account_id}/entered-scores/{measure}", response={204: None}, auth=WRITE, summary="Withdraw a score"
)
def delete_entered(request: HttpRequest, account_id: str, measure: str, source: s.Source = "manual") -> None:
    """What a source says of a measure ends now; the next source counts."""
    withdraw_score(actor=actor_of(request), account_id=account_id, measure=measure, source=source)


@router.get(
    "/measures/{measure}/entered-scores", response=list[s.LineOut], auth=VIEW, summary="Entered scores by account"
)
def list_entered_of_measure(request: HttpRequest, measure: str, everybody: bool = False) -> list[dict[str, Any]]:
    """What was entered last for each account of yours, or for `everybody` that you see; most revenue first."""
    if measure not in entered_measures():
        raise NotVisible
    found = lines(actor_of(request), measure, everybody=everybody)
    return [
        {"account_id": one.account.pk, "name": one.account.name, "locked": one.locked,
         "entry": entry_out(one.entry, one.level) if one.entry else None}
        for one in found
    ]  # fmt: skip


@router.post("/bulk/entered-scores", response=Done, auth=WRITE, summary="Enter scores of many accounts")
def post_many_entered(request: HttpRequest, sent: s.EnterManyIn) -> dict[str, int]:
    """All or nothing; for accounts of others it takes the scope `bulk`. `errors` names each account and why."""
    entered = [Entered(one.account_id, one.score, one.comment, one.day, one.expires) for one in sent.scores]
    actor = actor_of(request)
    done = enter_scores(actor=actor, measure=sent.measure, entered=entered, source=sent.source)
    return {"changed": len(done)}


@router.get("/accounts/{account_id}/overrides", response=list[s.OverrideOut], auth=VIEW, summary="Overrides by hand")
def list_overrides(request: HttpRequest, account_id: str) -> list[dict[str, Any]]:
    """Newest first, each with its state: in force, ended or withdrawn."""
    account = account_for(actor_of(request), account_id)
    return [_override(one, state) for one, state in overrides_of(account.pk)]


@router.post(
    "/accounts/{account_id}/overrides", response={201: s.OverrideOut}, auth=WRITE, summary="Set, cap or lift a score"
)
def post_override(request: HttpRequest, account_id: str, sent: s.OverrideIn) -> Status[dict[str, Any]]:
    """Until a last day, or until it is withdrawn; it counts at once."""
    made = override_score(actor=actor_of(request), account_id=account_id, **sent.dict())
    return Status(201, _override(made, "in force"))


@router.delete(
    "/accounts/{account_id}/overrides/{int:override_id}",
    response={204: None},
    auth=WRITE,
    summary="Withdraw an override",
)
def delete_override(request: HttpRequest, account_id: str, override_id: Id) -> None:
    """It ends now and stays in the history."""
    withdraw_override(actor=actor_of(request), account_id=account_id, override_id=override_id)


@router.get("/accounts/{account_id}/pins", response=list[s.PinOut], auth=VIEW, summary="Pinned cards")
def list_pins(request: HttpRequest, account_id: str) -> list[dict[str, Any]]:
    """Newest first; at most one is in force."""
    account = account_for(actor_of(request), account_id)
    return [_pin(pin, in_force) for pin, in_force in pins_of(account.pk)]


@router.put("/accounts/{account_id}/pin", response=s.PinOut, auth=WRITE, summary="Pin a card")
def put_pin(request: HttpRequest, account_id: str, sent: s.PinIn) -> dict[str, Any]:
    """The account keeps it whatever the conditions of cards say."""
    return _pin(pin_card(actor=actor_of(request), account_id=account_id, **sent.dict()), True)


@router.delete("/accounts/{account_id}/pin", response={204: None}, auth=WRITE, summary="Unpin a card")
def delete_pin(request: HttpRequest, account_id: str) -> None:
    """The conditions of cards decide again."""
    unpin_card(actor=actor_of(request), account_id=account_id)


@router.get("/accounts/{account_id}/feedback", response=Page[s.FeedbackOut], auth=VIEW, summary="What felt wrong")
def list_feedback(request: HttpRequest, account_id: str, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """What people said of the account's scores, newest first."""
    account = account_for(actor_of(request), account_id)
    return page(Feedback.objects.filter(account=account), ["-pk"], cursor, limit)


@router.post(
    "/accounts/{account_id}/feedback", response={201: s.FeedbackOut}, auth=WRITE, summary="Say that a score feels wrong"
)
def post_feedback(request: HttpRequest, account_id: str, sent: s.FeedbackIn) -> Status[Feedback]:
    """It changes no score; it is kept beside the score as it is shown now."""
    made = say_it_feels_wrong(
        actor=actor_of(request), account_id=account_id, expected=sent.expected_label, reason=sent.reason,
        measure=sent.measure,
    )  # fmt: skip
    return Status(201, made)


@router.get("/runs", response=Page[s.RunOut], auth=RUN, summary="List runs", tags=["Runs"])
def list_runs(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """What was scored, when, how long it took and what failed; newest first."""
    require(actor_of(request), Permission.RUN)
    return page(Run.objects.all(), ["-pk"], cursor, limit)


@router.post("/runs", response={202: s.RunOut}, auth=RUN, summary="Ask for a run", tags=["Runs"])
def post_run(request: HttpRequest, sent: s.RunIn) -> Status[Run]:
    """A worker scores the date with what is known now; one that waits already is not asked for twice."""
    return Status(202, ask_for_run(actor=actor_of(request), as_of=sent.as_of))


@router.get("/runs/{int:run_id}", response=s.RunDetail, auth=RUN, summary="Get a run", tags=["Runs"])
def get_run(request: HttpRequest, run_id: Id) -> Run:
    """With its steps, warnings and moves between bands."""
    require(actor_of(request), Permission.RUN)
    found = Run.objects.filter(pk=run_id).first()
    if found is None:
        raise NotVisible
    return found


def _days(value: Any) -> int | None:
    return getattr(value, "days", value) if value is not None else None


def _override(one: Any, state: str) -> dict[str, Any]:
    names = ("effect", "value", "reason", "author", "recorded_at", "until", "withdrawn_at")
    return {**{name: getattr(one, name) for name in names}, "id": one.pk, "state": state}


def _pin(one: Any, in_force: bool) -> dict[str, Any]:
    names = ("scorecard", "reason", "author", "recorded_at", "until")
    return {**{name: getattr(one, name) for name in names}, "in_force": in_force}
