"""What people enter counts at once, and the next full run says the same."""

from __future__ import annotations

import pytest

from keepwell.apps.access.actors import Forbidden, NotVisible, Person
from keepwell.apps.audit.models import Change
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.health.entering import Entered, EntriesRefused, enter_score, enter_scores, withdraw_score
from keepwell.apps.health.models import CurrentHealth, Entry, Run
from keepwell.apps.health.operations import ask_for_run
from keepwell.apps.health.overriding import override_score, pin_card, unpin_card, withdraw_override
from keepwell.apps.health.rescoring import state_for
from keepwell.apps.health.running import carry_out
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.engine.explain.explaining import explain
from keepwell.errors import RequestRefused
from tests.apps.conftest import People
from tests.apps.scored import TODAY

MEASURE = "executive_relationship"


def shown(account_id: str = "acme") -> tuple[float | None, str, list[str]]:
    health = CurrentHealth.objects.get(pk=account_id)
    return health.score, health.label, health.overrides


def after_a_full_run(people: People, account_id: str = "acme") -> tuple[float | None, str, list[str]]:
    run = ask_for_run(actor=Person(people.manager), as_of=TODAY)
    version = current_version()
    assert version is not None
    carry_out(run, version)
    run.refresh_from_db()
    assert run.status == "done", run.error
    assert CurrentHealth.objects.get(pk=account_id).run_id == run.pk
    return shown(account_id)


@pytest.mark.slow
def test_an_entered_score_counts_at_once_as_the_next_run_counts_it(company: Account, people: People) -> None:
    before = CurrentHealth.objects.in_bulk()
    enter_score(actor=Person(people.owner), account_id="acme", measure=MEASURE, score=100, comment="She speaks for us")
    score, label, fired = shown()
    assert score is not None
    assert before["acme"].score is not None
    assert score == pytest.approx(before["acme"].score + 0.3 * 50)  # 30 of 100 points, and 50 stood in for it
    others = {pk: health.score for pk, health in CurrentHealth.objects.in_bulk().items() if pk != "acme"}
    assert others == {pk: health.score for pk, health in before.items() if pk != "acme"}
    assert after_a_full_run(people) == (score, label, fired)


@pytest.mark.slow
def test_a_withdrawn_score_counts_no_more(company: Account, people: People) -> None:
    before = shown()
    enter_score(actor=Person(people.owner), account_id="acme", measure=MEASURE, score=0)
    assert shown() != before
    withdraw_score(actor=Person(people.colleague), account_id="acme", measure=MEASURE)
    assert shown() == before
    assert after_a_full_run(people) == before
    with pytest.raises(RequestRefused, match="no manual score"):
        withdraw_score(actor=Person(people.owner), account_id="acme", measure=MEASURE)


@pytest.mark.slow
def test_an_override_and_its_withdrawal_count_at_once(company: Account, people: People) -> None:
    before = shown()
    one = override_score(actor=Person(people.owner), account_id="acme", effect="at_most", value="red", reason="Lawsuit")
    assert shown()[1:] == ("red", ["by_hand"])
    assert after_a_full_run(people) == shown()
    withdraw_override(actor=Person(people.owner), account_id="acme", override_id=one.pk)
    assert shown() == before
    assert after_a_full_run(people) == before


@pytest.mark.slow
def test_a_pin_and_its_end_count_at_once(company: Account, people: People) -> None:
    pin_card(actor=Person(people.owner), account_id="acme", scorecard="main", reason="As agreed")
    state = state_for("acme")
    assert state is not None
    assert "pinned to main by Ada" in explain(state.project, state.values, state.scores, "acme").assignment
    unpin_card(actor=Person(people.owner), account_id="acme")
    state = state_for("acme")
    assert state is not None
    assert "pinned" not in explain(state.project, state.values, state.scores, "acme").assignment


@pytest.mark.slow
def test_the_explanation_is_of_the_score_that_is_shown(company: Account, people: People) -> None:
    enter_score(actor=Person(people.owner), account_id="acme", measure=MEASURE, score=60, comment="Joins reviews")
    state = state_for("acme")
    assert state is not None
    told = explain(state.project, state.values, state.scores, "acme")
    assert told.final == shown()[0]
    (source,) = next(one for one in told.measures if one.name == MEASURE).sources
    assert (source.status, source.score, source.author, source.comment) == ("counted", 60, "Ada", "Joins reviews")


@pytest.mark.slow
def test_a_change_of_band_stands_on_the_timeline_once_and_goes_when_it_is_undone(
    company: Account, people: People
) -> None:
    label = shown("brix")[1]
    assert label == "yellow"
    enter_score(actor=Person(people.owner), account_id="brix", measure=MEASURE, score=0)
    assert shown("brix")[1] == "red"
    entry = TimelineEntry.objects.get(account="brix", type__name="score_change", occurred_at__date=TODAY)
    assert entry.title == "Score moved from yellow to red"
    after_a_full_run(people, "brix")
    assert TimelineEntry.objects.filter(account="brix", occurred_at__date=TODAY).count() == 1
    withdraw_score(actor=Person(people.owner), account_id="brix", measure=MEASURE)
    assert not TimelineEntry.objects.filter(account="brix", occurred_at__date=TODAY).exists()


@pytest.mark.slow
def test_every_entry_is_in_the_audit_with_what_stood_before(company: Account, people: People) -> None:
    enter_score(actor=Person(people.owner), account_id="acme", measure=MEASURE, score=60)
    enter_score(actor=Person(people.colleague), account_id="acme", measure=MEASURE, score=100, comment="Better")
    change = Change.objects.filter(account_id="acme", object_kind="entry").latest("pk")
    assert (change.actor, change.before["score"], change.after["score"]) == ("Bea", 60, 100)


def test_strangers_see_nothing_and_viewers_change_nothing(company: Account, people: People) -> None:
    with pytest.raises(NotVisible):
        enter_score(actor=Person(people.stranger), account_id="acme", measure=MEASURE, score=60)
    people.colleague.role = "viewer"
    with pytest.raises(Forbidden):
        enter_score(actor=Person(people.colleague), account_id="acme", measure=MEASURE, score=60)


@pytest.mark.slow
def test_many_scores_are_taken_together_or_not_at_all(company: Account, people: People) -> None:
    with pytest.raises(EntriesRefused) as refused:
        enter_scores(
            actor=Person(people.owner), measure=MEASURE,
            entered=[Entered("acme", 60), Entered("brix", 101), Entered("cato", 60), Entered("zeta", 60)],
        )  # fmt: skip
    assert set(refused.value.problems_of) == {"brix", "cato", "zeta"}  # too high, Bea's, not hers to see
    assert not Entry.objects.exists()
    enter_scores(actor=Person(people.manager), measure=MEASURE, entered=[Entered("acme", 60), Entered("zeta", 60)])
    assert Entry.objects.count() == 2
    assert Run.objects.filter(purpose="asked").count() == 0


def test_what_is_entered_of_an_account_that_left_is_kept(company: Account, people: People) -> None:
    Account.objects.create(
        id="gone", name="Gone", owner=people.owner, team_id=people.owner.team_id, in_population=False
    )
    enter_score(actor=Person(people.owner), account_id="gone", measure=MEASURE, score=60)
    assert Entry.objects.get().account_id == "gone"
    assert not CurrentHealth.objects.filter(pk="gone").exists()
