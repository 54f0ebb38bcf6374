"""The figures of each page by hand, by somebody who knows the tables and this survey: one scan for all questions with
one answer, one for the question with several. No intervals, no drivers, no rights but the owner's, nothing drawn."""

from __future__ import annotations

from typing import Any

import psycopg

Rows = list[tuple[Any, ...]]

_FROM = """
from surveys_response r join customers_account a on a.id = r.account_id
where r.survey = 'nps' and r.answered_at >= now() - interval '365 days' and {whose}
"""
_START = "date_trunc('{period}', r.answered_at at time zone 'Europe/Berlin')"
_ONE_ANSWER = f"""
select {_START}, (r.answers->'recommend')::int, (r.answers->'ease')::int, r.answers->>'missing', {{by}},
  count(*), count(r.answers->'details') {_FROM} group by 1, 2, 3, 4, 5
"""
_SEVERAL = f"""
select used, count(*) from (select jsonb_array_elements_text(r.answers->'used') as used {_FROM}) as said group by 1
"""
_RATE = """
select count(*), count(r.id) from surveys_invitation i join customers_account a on a.id = i.account_id
left join surveys_response r on r.invitation_id = i.id and r.answered_at is not null
where i.survey = 'nps' and i.asked_at >= now() - interval '365 days' and i.sent_at is not null
  and i.bounced_at is null and i.withdrawn_at is null and {whose}
"""
_LAST = f"select a.name, r.answers, r.answered_at {_FROM} {{more}} order by r.answered_at desc limit {{limit}}"
_SLOW = "and r.answers->>'details' ilike '%%slow%%' and (r.answers->'recommend')::int <= 6"
_PAGE = (_ONE_ANSWER, _SEVERAL, _RATE, _LAST)
_NEWEST = {"more": "and r.answers ? 'details'", "limit": "3"}
_USUAL = {"whose": "true", "period": "month", "by": "''", **_NEWEST}

PAGES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "results, all accounts": (_PAGE, {}),
    "results, a tenth of them": (_PAGE, {"whose": "a.owner_id = %(own)s"}),
    "results by stage": (_PAGE, {"by": "a.stage", "period": "week"}),
    "comments with words": ((f"select count(*) {_FROM} {{more}}", _LAST), {"more": _SLOW, "limit": "50"}),
    "responses": ((f"select count(*) {_FROM} {{more}}", _LAST), {"more": "", "limit": "50"}),
    "the list of surveys": ((f"select (r.answers->'recommend')::int, count(*) {_FROM} group by 1", _RATE), {}),
}


def statements(page: str) -> list[str]:
    """What a page asks."""
    asked, given = PAGES[page]
    return [one.format(**{**_USUAL, **given}) for one in asked]


def ask(connection: psycopg.Connection, asked: list[str], own: int) -> list[Rows]:
    """The rows of each statement."""
    return [connection.execute(one, {"own": own}).fetchall() for one in asked]  # type: ignore[arg-type]


def counted(connection: psycopg.Connection) -> dict[int, int]:
    """How often each answer to the first question was given in the last year."""
    rows = ask(connection, statements("the list of surveys"), 0)[0]
    return {answer: count for answer, count in rows if count}
