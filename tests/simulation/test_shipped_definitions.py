"""The definitions that ship with the simulated company are accepted, and fit its data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from keepwell.definitions import Project, load_project
from keepwell.engine.run import score
from keepwell.errors import RequestRefused
from keepwell.lake.data import open_data
from keepwell.simulation import Summary, write_definitions
from keepwell.simulation.truth import SEEN_IN

from .asking import Ask


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("definitions")
    write_definitions(folder)
    return load_project(folder)


def test_they_use_the_language_richly(project: Project) -> None:
    assert set(project.scorecards) == {"enterprise", "everyone_else", "unit"}
    assert {dataset.role for dataset in project.datasets.values()} == {
        "accounts", "relationships", "facts", "outcomes", "entries", "overrides", "pins", "treatments",
    }  # fmt: skip
    measures = [measure for card in project.scorecards.values() for measure in card.measures.values()]
    assert {measure.when_stale for measure in measures} == {"flag", "drop", "decay"}
    assert all(level.help for measure in measures for level in measure.levels)


@pytest.mark.slow
def test_every_dataset_has_its_file_and_columns(project: Project, company: Summary, ask: Ask) -> None:
    for name, dataset in project.datasets.items():
        assert dataset.file is not None
        files = list(company.data.glob(dataset.file))
        assert files, name
        present = {row[0] for row in ask(f"describe from '{company.data / dataset.file}'")}
        options = ("key", "account", "relationship", "occurred_at", "recorded_at", "changed_at", "parent", "started_at")
        options += ("ended_at", "name", "arr", "renews_on", "stage", "owner", "outcome", "amount")
        named = {getattr(dataset, option) for option in options} - {None}
        named |= {*dataset.known_later, *dataset.known_later.values(), *dataset.types}
        assert named <= present, name


def test_the_metrics_and_measures_named_in_the_truth_exist(project: Project) -> None:
    measures = {name for card in project.scorecards.values() for name in card.measures}
    for driver, names in SEEN_IN.items():
        assert set(names) <= set(project.metrics) | measures, driver


@pytest.mark.slow
def test_what_people_entered_fits_the_cards(project: Project, ask: Ask) -> None:
    measures = {name: measure for card in project.scorecards.values() for name, measure in card.measures.items()}
    for name, entered in ask("select distinct measure, score from manual_scores where score is not null"):
        measure = measures[str(name)]
        assert "manual" in measure.source_order
        assert not measure.levels or entered in {level.score for level in measure.levels}
    assert {row[0] for row in ask("select distinct scorecard from pins")} <= set(project.scorecards)
    labels = set(project.schemes["traffic_light"].labels)
    values = {str(row[0]) for row in ask("select distinct value from overrides")}
    assert {value for value in values if not value.isdigit()} <= labels


@pytest.mark.slow
def test_they_score_everybody_without_a_warning(project: Project, company: Summary) -> None:
    with open_data(project, company.data) as data:
        scores = score(project, data, as_of=company.company.end).scores
    assert (tuple(scores.problems), tuple(scores.warnings)) == ((), ())
    assert len(scores.accounts.unassigned) == 0
    for entities, cards in ((scores.accounts, ("enterprise", "everyone_else")), (scores.relationships, ("unit",))):
        assert entities is not None
        for name in cards:
            final = entities.cards[name].final
            assert np.isfinite(final).mean() > 0.95, name
            assert 50 < np.nanmean(final) < 80, name
            assert np.nanstd(final) > 10, name


@pytest.mark.slow
def test_outcomes_are_translated(project: Project, ask: Ask) -> None:
    assert {row[0] for row in ask("select distinct result from renewals")} <= set(project.datasets["renewals"].values)


def test_files_that_are_there_stay_unless_one_says_replace(tmp_path: Path) -> None:
    mine = tmp_path / "keepwell.yaml"
    mine.write_text("time_zone: Europe/Berlin\n")
    with pytest.raises(RequestRefused, match="already holds"):
        write_definitions(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["keepwell.yaml"]
    assert mine in write_definitions(tmp_path, replace=True)
    assert "Berlin" not in mine.read_text()
