"""The preview of a draft says what a run with it would say, whatever was changed in it."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import numpy as np
import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft, start_draft
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.health.place import opened
from keepwell.apps.health.results import found
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.apps.scorecards.effects import Effect, effect_of
from keepwell.apps.scorecards.preview import Missing, draft_state
from keepwell.engine.run import score
from tests.apps.conftest import People
from tests.apps.scorecards.test_editor_pages import DAYS, form_of, page, save
from tests.apps.scored import FILES, UNIT_CARD, scored_company

_SMALL = """\
scorecards:
  small:
    order: 2
    applies_to: arr < 100000
    scheme: traffic_light
    groups: {use: {weight: 1, measures: {logins_28d: {weight: 1, score: {linear: [[0, 0], [300, 100]]}}}}}
"""
TWO_CARDS = {
    **FILES,
    "card.yaml": FILES["card.yaml"].replace("    title: Main card\n", "    title: Main card\n    order: 1\n"),
    "small.yaml": _SMALL,
    "unit.yaml": UNIT_CARD,
}

FORMS: dict[str, dict[str, str]] = {
    "a weight": {"groups/adoption/weight": "20"},
    "a threshold": {f"{DAYS}/score/1/0": "40"},
    "a knot more": {f"{DAYS}/score/2/0": "60", f"{DAYS}/score/2/1": "30"},
    "steps": {f"{DAYS}/score": "steps"},
    "a percentile": {f"{DAYS}/score": "percentile"},
    "a formula": {f"{DAYS}/score": "formula", f"{DAYS}/score/formula": "value * 5"},
    "what stands in": {"groups/relationship/measures/executive_relationship/when_missing/score": "100"},
    "an override's condition": {"overrides/0/when": "measure.active_days < 80"},
    "an override's effect": {"overrides/0/effect": "set", "overrides/0/effect/value": "green"},
    "order of cards": {"order": "3"},
    "whom it is for": {"applies_to": "arr >= 60000"},
    "coverage": {"minimum_coverage": "0.9"},
}
STRUCTURES: dict[str, dict[str, str]] = {
    "another group": {"do": f"transfer:{DAYS}", f"group:{DAYS}": "relationship"},
    "another name": {"do": f"rename:{DAYS}", f"key:{DAYS}": "busy_days"},
    "another place": {"do": "down:groups/adoption"},
    "a group less": {"do": "remove:groups/relationship"},
    "an override more": {"do": "override", "name": "second"},
    "an override less": {"do": "remove:overrides/0"},
}


@pytest.fixture
def draft(people: People, data_dir: Path) -> Draft:
    scored_company(data_dir, weeks=1, files=TWO_CARDS)
    return start_draft(actor=Person(people.manager), name="Tried")


def same(one: float | None, other: float | None) -> bool:
    return (one is None and other is None) or (one is not None and other is not None and math.isclose(one, other))


def check(draft: Draft, people: People) -> Effect:
    """The preview against a run of the draft over the facts, told by the engine alone."""
    draft.refresh_from_db()
    run, project = latest_run(), project_of(draft.files)
    assert run is not None
    assert run.known_at is not None
    with opened(project) as data:
        whole = score(project, data, as_of=run.as_of, known_at=run.known_at.astimezone(UTC))
    state = draft_state(run, draft.files)
    assert not isinstance(state, Missing), state
    after = {one.entity_id: one for one in found(whole.scores.accounts)}
    for one in found(state.scores.accounts):
        assert same(one.score, after[one.entity_id].score), one
        assert (one.label, one.scorecard) == (after[one.entity_id].label, after[one.entity_id].scorecard)
    effect = effect_of(Person(people.manager), run, draft)
    assert isinstance(effect, Effect)
    before = {one.entity_id: one for one in found(state_of(run).scores.accounts)}
    for band in effect.bands:
        assert band.before == sum(one.label == band.label for one in before.values()), band
        assert band.after == sum(one.label == band.label for one in after.values()), band
    moved = {name for name in before if before[name].label != after[name].label}
    assert effect.moved == len(moved)
    assert {one.mover.account_id for one in effect.movers} >= moved
    scores = [one.score for one in after.values() if one.score is not None]
    assert [bar.after for bar in effect.bars] == np.histogram(scores, np.linspace(0, 100, 21))[0].tolist()
    return effect


@pytest.mark.slow
def test_the_preview_is_right_after_every_kind_of_change(draft: Draft, people: People, as_manager: Client) -> None:
    changes: dict[str, Callable[[], object]] = {
        name: lambda typed=typed: save(as_manager, draft, form_of(page(as_manager, draft)) | typed)  # type: ignore[misc]
        for name, typed in FORMS.items()
    } | {
        name: lambda data=data: as_manager.post(f"/configure/scorecards/{draft.pk}/main/structure/", data)  # type: ignore[misc]
        for name, data in STRUCTURES.items()
    }
    moving = set()
    for name, change in changes.items():
        change_draft(actor=Person(people.manager), draft=draft, change=lambda _: TWO_CARDS)
        change()
        draft.refresh_from_db()
        assert draft.files != TWO_CARDS, name
        effect = check(draft, people)
        moving |= {name} if effect.moved or effect.comparison.changed else set()
        assert f"<strong>{effect.moved}</strong> of 6 accounts move band" in page(as_manager, draft, "effect/"), name
    assert moving >= {"a weight", "a threshold", "steps", "an override's effect", "order of cards", "whom it is for"}
    assert not moving & {"another name", "another place"}


@pytest.mark.slow
def test_changes_made_one_upon_the_other_are_previewed_together(
    draft: Draft, people: People, as_manager: Client
) -> None:
    for typed in FORMS.values():
        save(as_manager, draft, form_of(page(as_manager, draft)) | typed)
        check(draft, people)
