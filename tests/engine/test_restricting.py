"""Some accounts scored alone, among the peers of everybody, have the scores they have among all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keepwell.definitions import load_project
from keepwell.definitions.project import Project
from keepwell.engine.building.in_force import with_ledgers
from keepwell.engine.restricting import related, restricted
from keepwell.engine.run import score
from keepwell.engine.score import LastRun, score_values
from keepwell.engine.scores import Scores
from keepwell.engine.values import Values
from keepwell.lake.data import open_data

DAY = date(2026, 3, 2)
DEFINITIONS = """\
schemes:
  letters: {bands: [{label: F, up_to: 50}, {label: A, up_to: 100}]}
datasets:
  accounts: {role: accounts, file: accounts.csv, key: id, parent: parent}
  units: {role: relationships, file: units.csv, key: unit, account: account}
  entered: {role: entries, file: entered.csv, account: account, relationship: unit, occurred_at: day}
  bounds: {role: overrides, file: bounds.csv, account: account, recorded_at: day}
metrics:
  seats: {attribute: seats}
  below: {children: overall_score, of: accounts, aggregate: avg}
scorecards:
  everyone:
    scheme: letters
    groups:
      all:
        weight: 1
        measures:
          seats: {weight: 2, score: {percentile: {}}}
          below: {weight: 1, score: {linear: [[0, 0], [100, 100]]}}
          talk: {weight: 1, manual: true, when_missing: {score: 50}}
"""
FILES = {
    "accounts.csv": "id,parent,seats\na,,10\nb,a,20\nc,b,30\nd,,40\ne,d,50\n",
    "units.csv": "unit,account\nu1,a\nu2,d\n",
    "entered.csv": "account,unit,day,measure,score\nc,,2026-03-01,talk,0\n",
    "bounds.csv": "account,day,effect,value\nd,2026-03-01,at_most,10\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "all.yaml").write_text(DEFINITIONS, encoding="utf-8")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return load_project(tmp_path)


def values_of(project: Project, folder: Path) -> Values:
    with open_data(project, folder) as data:
        return score(project, data, as_of=DAY).values


def finals(scores: Scores) -> dict[str, float]:
    found = {}
    for card in scores.accounts.cards.values():
        found |= dict(zip(scores.accounts.ids.take(card.rows).to_pylist(), card.final.tolist(), strict=True))
    return found


@pytest.mark.slow
def test_whoever_rests_on_the_scores_of_others_is_scored_with_them(project: Project, tmp_path: Path) -> None:
    values = values_of(project, tmp_path)
    assert related(project, values, ["b"]) == {"a", "b", "c"}
    assert related(project, values, ["e", "nobody"]) == {"d", "e"}


@pytest.mark.slow
def test_alone_among_the_peers_is_as_among_all(project: Project, tmp_path: Path) -> None:
    values = values_of(project, tmp_path)
    everybody = finals(score_values(project, values))
    for account in ("c", "e"):
        some = restricted(values, related(project, values, [account]))
        alone = finals(score_values(project, some, last_run=LastRun("last", values)))
        assert alone == {one: everybody[one] for one in alone}
        assert account in alone
    assert everybody["d"] == 10  # bounded by hand


@pytest.mark.slow
def test_ledgers_read_anew_are_those_of_a_new_run(project: Project, tmp_path: Path) -> None:
    old = values_of(project, tmp_path)
    lines = FILES["entered.csv"] + "c,,2026-03-02,talk,100\na,u1,2026-03-02,talk,1\n"
    (tmp_path / "entered.csv").write_text(lines, encoding="utf-8")
    (tmp_path / "bounds.csv").write_text(FILES["bounds.csv"] + "a,2026-03-02,set,70\n", encoding="utf-8")
    new = values_of(project, tmp_path)
    some = related(project, old, ["c"])
    with open_data(project, tmp_path) as data:
        anew = with_ledgers(project, data, restricted(old, some), old.known_at)
    expected = restricted(new, some)
    assert anew.accounts.entries.equals(expected.accounts.entries)
    assert anew.accounts.overrides.equals(expected.accounts.overrides)
    assert anew.relationships is not None
    assert expected.relationships is not None
    assert anew.relationships.entries.equals(expected.relationships.entries)
    now = finals(score_values(project, anew, last_run=LastRun("last", old)))
    everybody = finals(score_values(project, new))
    assert now == {one: everybody[one] for one in some}
    assert now["c"] != finals(score_values(project, old))["c"]
