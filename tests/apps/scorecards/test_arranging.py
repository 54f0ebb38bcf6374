"""Parts of the shipped cards in another order, in another group and under another name: comments stay, scores stay."""

from __future__ import annotations

import pytest

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.scorecards.arranging import with_measure_in, with_part_moved, with_part_renamed
from keepwell.errors import RequestRefused
from tests.apps.scorecards.test_editing import FILES, lines

GROUP = ("groups", "adoption")
USE = (*GROUP, "measures", "seat_utilisation")


def groups(files: dict[str, str]) -> dict[str, list[str]]:
    card = project_of(files).scorecards["enterprise"]
    return {name: list(group.measures) for name, group in card.groups.items()}


@pytest.mark.slow
def test_up_and_down_is_where_it_began() -> None:
    down = with_part_moved(FILES, "enterprise", USE, 1)
    assert groups(down)["adoption"][1] == "seat_utilisation"
    assert with_part_moved(down, "enterprise", USE, -1) == FILES
    assert list(groups(with_part_moved(FILES, "enterprise", GROUP, 1)))[1] == "adoption"


@pytest.mark.slow
def test_a_measure_in_another_group_keeps_its_words() -> None:
    other = next(name for name in groups(FILES) if name != "adoption")
    moved = with_measure_in(FILES, "enterprise", USE, other)
    assert groups(moved)[other][-1] == "seat_utilisation"
    assert sorted(moved["scorecard_enterprise.yaml"].split()) == sorted(FILES["scorecard_enterprise.yaml"].split())
    assert with_measure_in(FILES, "enterprise", USE, "adoption") == FILES


@pytest.mark.slow
def test_a_renamed_measure_reads_the_same_metric_and_overrides_follow() -> None:
    files = {**FILES, "scorecard_enterprise.yaml": FILES["scorecard_enterprise.yaml"].replace(
        "when: ", "when: measure.seat_utilisation < 0 or group.adoption < 0 or ", 1)}  # fmt: skip
    project_of(files)
    done = with_part_renamed(files, "enterprise", USE, "seats_used")
    done = with_part_renamed(done, "enterprise", GROUP, "use")
    card = project_of(done).scorecards["enterprise"]
    assert card.groups["use"].measures["seats_used"].metric == "seat_utilisation"
    assert "measure.seats_used < 0 or group.use < 0" in str(card.overrides[0].when)
    assert len([line for line in lines(files, done) if line[0] == "-"]) == 3


def test_a_name_that_is_taken_anywhere_on_the_card_is_refused() -> None:
    taken = next(names[0] for name, names in groups(FILES).items() if name != "adoption")
    with pytest.raises(RequestRefused, match="already"):
        with_part_renamed(FILES, "enterprise", USE, taken)
    with pytest.raises(RequestRefused, match="meanwhile"):
        with_part_renamed(FILES, "enterprise", ("groups", "no_such"), "other")
