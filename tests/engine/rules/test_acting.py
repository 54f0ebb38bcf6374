"""What is to be done: intents, plans, stages, events, replays, and rules in words."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from keepwell.definitions import Project, parse_project
from keepwell.definitions.expressions import parse
from keepwell.engine.rules.deciding import decide
from keepwell.engine.rules.events import started_by_events
from keepwell.engine.rules.intents import Intent, intents
from keepwell.engine.rules.matching import matches
from keepwell.engine.rules.planning import plan
from keepwell.engine.rules.replaying import replay
from keepwell.engine.rules.stages import milestones, moves
from keepwell.engine.rules.telling import condition_words, sentences
from tests.engine.rules.making import DAY, rule, table

ACCOUNTS = {"accounts": {"role": "accounts", "file": "a.csv", "key": "id", "name": "company"}}
CALL = {
    "open_call": {
        "type": "risk",
        "reason": "low",
        "text": "{account.name} of {owner.name} is at {score} ({seats} seats, paying: {paying})",
        "due": "3 business days",
    }
}


def decided(project: Project, rows: pa.Table, day: date = DAY, state: pa.Table | None = None) -> list[Intent]:
    return intents(project, decide(project, matches(project, rows, day), rows, state, day), rows)


def people(**columns: object) -> pa.Table:
    return table(["a1", "b2"], score=[12.25, 80.0], seats=[1000.0, 2.0], paying=[True, None], **columns)


def test_an_intent_is_an_action_with_its_texts_filled_and_its_reason() -> None:
    rules = {"low": rule(when="score < 50 and seats > 5", actions=(CALL, {"log": {"title": "{{seen}} {plan}"}}))}
    call, log = decided(Project(rules=rules), people(**{"account.name": ["Acme", "Brix"]}))
    assert (call.key, log.key) == ("low/a1/1/actions/0", "low/a1/1/actions/1")
    assert call.parameters["text"] == "Acme of - is at 12.2 (1,000 seats, paying: yes)"
    assert (call.parameters["title"], call.parameters["due"], call.parameters["owner"]) == (
        "Low",
        "3 business days",
        "csm",
    )
    assert log.parameters["title"] == "{seen} -"
    assert [(one.condition, one.name, one.value) for one in call.reason] == [
        ("score < 50", "score", 12.25),
        ("seats > 5", "seats", 1000.0),
    ]


def test_what_ends_has_the_actions_of_until_and_its_reason() -> None:
    until = {"when": "score >= 50", "actions": ({"log": {"title": "over"}},)}
    project = Project(rules={"low": rule(until=until)})
    rows = people()
    first = decide(project, matches(project, rows, DAY), rows, None, DAY)
    well = table(["a1", "b2"], score=[60.0, 80.0])
    (ended,) = decided(project, well, DAY + timedelta(1), first.state)
    assert (ended.key, ended.reason[0].condition) == ("low/a1/1/until/0", "score >= 50")


def test_a_plan_counts_effects_and_says_what_waits_for_approval() -> None:
    rules = {
        "all": rule(when="score > 0", approval_above=1),
        "low": rule(actions=(CALL, CALL | {}), approval_above=2),
    }
    project = Project(rules=rules)
    found = plan(project, decided(project, people()))
    assert found.sentence == "would open 2 calls to action, write 2 timeline entries"
    assert found.approval == ("all",)
    assert plan(project, []).sentence == "would do nothing"


def test_accounts_move_by_criteria_one_stage_at_a_time() -> None:
    project = parse_project(
        {
            "datasets": ACCOUNTS,
            "stages": {
                "onboarding": {"order": 1, "enter": "seats < 5", "exit": "points > 50"},
                "live": {"order": 2, "enter": "points > 20"},
                "at_risk": {"order": 3, "enter": "points < 10", "exit": "points > 30"},
                "left": {"order": 4},
            },
        }
    )
    stage = ["onboarding", "onboarding", "live", "live", "at_risk", "at_risk", None, None, "left", "unheard_of"]
    score = [60.0, 40.0, 5.0, 60.0, 40.0, 20.0, 5.0, None, 60.0, 60.0]
    rows = table([str(number) for number in range(10)], stage=stage, points=score, seats=[9.0] * 10)
    found = moves(project, rows, DAY)
    assert list(zip(found["account_id"].to_pylist(), found["to_stage"].to_pylist(), strict=True)) == [
        ("0", "live"), ("2", "at_risk"), ("4", "live"), ("6", "at_risk"),
    ]  # fmt: skip


def test_milestones_are_overdue_from_the_day_after_and_stay_reached() -> None:
    stage = {"order": 1, "milestones": {"first": {"due": "10 days", "reached": "seats > 5"}}}
    project = parse_project({"datasets": ACCOUNTS, "stages": {"onboarding": stage}})
    since = [DAY - timedelta(days) for days in (10, 13, 13, 13)] + [None]
    rows = table("abcde", stage=["onboarding"] * 5, stage_since=since, seats=[1.0, 1.0, 9.0, 1.0, 1.0])
    before = pa.table({"account_id": ["d"], "stage": ["onboarding"], "milestone": ["first"]})
    found = milestones(project, rows, DAY, before)
    assert found["days_overdue"].to_pylist() == [0.0, 3.0, 0.0, 0.0, 0.0]
    assert found["reached"].to_pylist() == [False, False, True, True, False]


def test_events_start_the_rules_that_they_fit() -> None:
    rules = {
        "pro": rule(on={"event": "cancel*", "where": "plan = 'pro' and seats >= 10"}),
        "any": rule(on=({"event": "cancelled"}, "score_change")),
        "none": rule(on={"event": "renewed"}),
    }
    events = pa.table(
        {
            "account_id": ["a", "b", "c", "a"],
            "event": ["cancelled", "cancelling", "other", "cancelled"],
            "properties": ['{"plan": "pro", "seats": 12}', '{"plan": "pro", "seats": 2}', None, "no json"],
        }
    )
    start = started_by_events(Project(rules=rules), events, DAY)
    assert start.rules is not None
    assert {name: found.to_pylist() for name, found in start.rules.items() if found is not None} == {
        "pro": ["a"],
        "any": ["a"],
    }


def test_a_replay_counts_firings_and_what_became_of_them_beside_the_others() -> None:
    project = Project(rules={"low": rule()})
    first = date(2025, 1, 1)
    days = [first, first + timedelta(7), first + timedelta(300)]
    scores = [[10.0, 90.0, 90.0, 90.0], [10.0, 20.0, 90.0, 90.0], [90.0, 90.0, 20.0, 90.0]]
    tables = [(day, table("abcd", score=one)) for day, one in zip(days, scores, strict=True)]
    churned = pa.table({"account_id": ["a", "d", "b"], "churned_on": [first + timedelta(n) for n in (180, 100, 188)]})
    found = replay(project, "low", tables, churned=churned)
    assert [one.fired for one in found.dates] == [("a",), ("b",), ("c",)]
    assert found.accounts["a"] == (first,)
    followed = found.followed
    assert followed is not None
    assert (followed.fired, followed.churned, followed.too_late) == (2, 1, 1)  # b left on the 181st day
    # on the first date d of b, c and d left within 180 days; on the second d of c and d
    assert followed.others_share == (1 / 3 + 1 / 2) / 2


def test_a_rule_in_sentences() -> None:
    one = rule(
        on=("score_change", {"schedule": "every monday at 08:00"}),
        scope="in_segment('large') and not in_segment('new')",
        when="label = 'red' and (change_over(score, 28) <= -15 or value_before(label, 7) <> 'red') and seats > 3",
        persists="3 days",
        hold_out="10%",
        approval_above=50,
        actions=(CALL, {"notify": {"to": ("csm", "manager"), "text": "x"}}),
        until={"when": "label in ('green', 'yellow')", "persists": "2 runs"},
    )
    assert [(said.part, said.text) for said in sentences(one)] == [
        ("on", "Looks after new scores and every Monday at 08:00."),
        (
            "scope",
            "Of all accounts, those where the account is in segment large and the account is not in segment new.",
        ),
        (
            "when",
            (
                "Acts when label is red and (score fell by at least 15 over 28 days or label 7 days before is "
                "not red) and seats is above 3, and has been so for 3 days."
            ),
        ),
        ("repeat", "For one account once while it lasts, not again within 30 days."),
        ("hold_out", "Leaves 10% of accounts alone, drawn at random."),
        ("approval", "A run with more than 50 effects waits for approval."),
        (
            "actions",
            (
                "Then it opens a call to action of type risk (low) for the CSM, due in 3 business days and then tells "
                "the CSM and the manager in the app."
            ),
        ),
        ("until", "Ends when label is one of green, yellow, at 2 runs in a row."),
    ]


def test_what_has_no_words_is_said_as_it_is_written() -> None:
    assert condition_words(parse("round(score / 10) = 3")) == "round(score / 10) is 3"
