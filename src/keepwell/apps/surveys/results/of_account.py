"""What one account's people said: its value by each survey, newest answers, comments, and who has not answered yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.models import Invitation, Response
from keepwell.apps.surveys.results.asking import today_in
from keepwell.apps.surveys.results.judged import Judged, comment_id, judged
from keepwell.apps.surveys.results.low import Answer, answers_of
from keepwell.apps.surveys.results.merged import meaning_else, readable
from keepwell.apps.surveys.results.reading import Subject, subject_of
from keepwell.definitions.survey_questions import TextQuestion
from keepwell.engine.surveys.closing import is_open
from keepwell.engine.surveys.facts import Given, ValueOfAccount, account_values, value_rule

ANSWERS, COMMENTS, OPEN = 5, 5, 10
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_AGGREGATES = {"nps": "NPS", "mean": "mean", "top_share": "good answers, %", "latest": "newest answer"}


@dataclass(frozen=True)
class Value:
    """The account's value by one survey. `words`: what it is."""

    subject: Subject
    words: str
    value: ValueOfAccount | None
    answers: int


@dataclass(frozen=True)
class Comment:
    response: Response
    text: str
    judged: Judged | None


@dataclass(frozen=True)
class Voice:
    """`open`: invitations that can be answered still."""

    values: Sequence[Value]
    answers: Sequence[Answer]
    comments: Sequence[Comment]
    open: Sequence[Invitation]


def voice_of(account: Account) -> Voice:
    """The account was seen by whoever asks."""
    rows = list(Response.objects.filter(account=account).exclude(answered_at=None).order_by("answered_at", "pk"))
    values = [_value(subject_of(name), rows) for name in sorted({one.survey for one in rows})]
    newest = answers_of(Account.objects.filter(pk=account.pk), _EVER)[:ANSWERS]
    return Voice(values, newest, _comments(rows), _open(account))


def _value(subject: Subject, rows: Sequence[Response]) -> Value:
    mine = [one for one in rows if one.survey == subject.name]
    survey = subject.in_force or subject.survey
    rule = value_rule(survey)
    if rule is None:
        return Value(subject, "", None, len(mine))
    given = []
    for one in mine:
        edition = subject.editions.get(one.version)
        others = meaning_else(subject.survey, edition) if edition else frozenset()
        number = readable(one.answers, others).get(rule.question) if edition else None
        if number is not None and one.answered_at is not None:
            person = str(one.person_id) if one.person_id else None
            given.append(Given(one.key, one.account_id or "", person, float(number), one.answered_at))
    found = account_values(survey, given, today_in(subject), subject.project.settings.time_zone)
    within = f", {rule.within} days" if rule.within else ""
    return Value(subject, f"{_AGGREGATES[rule.aggregate]}{within}", found[0] if found else None, len(mine))


def _comments(rows: Sequence[Response]) -> list[Comment]:
    found = []
    for one in reversed(rows):
        subject = subject_of(one.survey)
        names = [question.name for question in subject.survey.questions if isinstance(question, TextQuestion)]
        found += [(one, name, str(one.answers[name])) for name in names if one.answers.get(name)]
        if len(found) >= COMMENTS:
            break
    said = judged([comment_id(one.pk, name) for one, name, _ in found[:COMMENTS]])
    return [Comment(one, text, said.get(comment_id(one.pk, name))) for one, name, text in found[:COMMENTS]]


def _open(account: Account) -> list[Invitation]:
    found = Invitation.objects.filter(account=account, finished_at=None, withdrawn_at=None, bounced_at=None)
    rows = found.exclude(channel="anonymous_link").select_related("person__personal").order_by("-asked_at")[: 5 * OPEN]
    return [one for one in rows if _takes_answers(one)][:OPEN]


def _takes_answers(one: Invitation) -> bool:
    subject = subject_of(one.survey)
    today = today_in(subject)
    if one.closes_on is not None:
        return today <= one.closes_on
    return subject.in_force is not None and is_open(subject.in_force, one.asked_at.date(), today)
