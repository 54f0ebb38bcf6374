"""Advocacy as definitions: what comes with Keepwell, what a team says beside it, and each mistake with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.definitions import Versions
from keepwell.definitions.advocacy import DEFAULT_ACTIVITIES, activities_of, candidates_of
from keepwell.definitions.kinds import KINDS
from keepwell.definitions.loading import _as_tuples
from tests.definitions.test_loading import GOOD, load, refused

ADVOCACY = """
advocacy_activities:
  plant_tour:
    title: Plant tour
    points: 20
    half_life: 180 days
    fields: [link, deal]
    impact: {per: 10000, points: 1, won: 10, at_most: 40}
    limits: {per_person: 1, per_account: 2, rest: 30 days}
  community: {points: 1, enabled: false}
advocacy_candidates:
  big_ones:
    accounts: in_segment('large') and tenure_days > 90
    people: is_sponsor and (nps >= 9 or nps is null)
    suggests: [plant_tour]
"""


def test_a_project_without_a_word_about_advocacy_has_all_of_it() -> None:
    kinds = activities_of(None)
    assert list(kinds)[:3] == ["reference_call", "referral", "case_study"]
    assert len(kinds) == 9
    assert str(candidates_of(None)["happy_promoters"].people) == "nps >= 9 and not is_advocate"


def test_a_teams_own_stand_beside_what_comes_with_keepwell(tmp_path: Path) -> None:
    project = load(tmp_path, model=GOOD, own=ADVOCACY)
    kinds = activities_of(project)
    assert (kinds["plant_tour"].half_life, kinds["plant_tour"].limits.rest) == (180, 30)
    assert not kinds["community"].enabled
    assert kinds["review"] == DEFAULT_ACTIVITIES["review"]
    assert list(candidates_of(project)) == ["big_ones", "happy_promoters"]
    for kind in ("advocacy_activities", "advocacy_candidates"):
        for one in getattr(project, kind).values():
            written = KINDS[kind].adapter.dump_python(one, mode="json", by_alias=True, exclude_defaults=True)
            assert KINDS[kind].adapter.validate_python(_as_tuples(written)) == one


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "by", "words"),
    [
        ("points: 20", "point: 20", "unknown key 'point'; did you mean 'points'?"),
        ("half_life: 180 days", "half_life: 180 days\n    zero_after: 1 day", "points decay in one way"),
        ("[link, deal]", "[link]", "'impact' is about a deal, and 'deal' is not in 'fields'"),
        ("[link, deal]", "[link, deal, link]", "'link' stands twice"),
        ("per: 10000", "per: 0", "greater than 0"),
        ("per_person: 1", "per_person: none", "where a whole number is needed"),
        ("in_segment('large')", "in_segment('huge')", "unknown segment 'huge'"),
        ("nps >= 9", "nps >= 'x'", "number"),
        ("suggests: [plant_tour]", "suggests: [plant_tours]", "unknown kind of activity 'plant_tours'; did you mean"),
    ],
)
def test_each_mistake_is_named(tmp_path: Path, change: str, by: str, words: str) -> None:
    assert change in ADVOCACY
    found = refused(tmp_path, model=GOOD, own=ADVOCACY.replace(change, by))
    assert any(words in one for one in found), found


def test_points_are_part_of_the_version_of_what_is_counted_with_them(tmp_path: Path) -> None:
    table = "\ndatasets:\n  done: {table: keepwell.advocacy, account: account_id, occurred_at: occurred_at}\n"
    table += "metrics:\n  points: {dataset: done, aggregate: sum(points)}\n"
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    before = load(tmp_path / "a", model=GOOD, own=ADVOCACY, table=table)
    after = load(tmp_path / "b", model=GOOD, own=ADVOCACY.replace("points: 20", "points: 21"), table=table)
    of = lambda project, name: Versions(project).of("metrics", name)  # noqa: E731
    assert of(before, "points") != of(after, "points")
    assert of(before, "per_seat") == of(after, "per_seat")
