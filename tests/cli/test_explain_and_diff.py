"""keepwell explain and keepwell diff."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal

import pytest

from tests.cli.project import AS_OF, LOGINS, Command, Project


@pytest.mark.slow
def test_the_waterfall_adds_up_to_the_score(keepwell: Command, project: Project) -> None:
    answer = keepwell(*project.arguments("explain", "--account", "a1", "--as-of", AS_OF))
    assert answer.code == 0
    waterfall = answer.out.split("What each measure saw")[0]
    points = [Decimal(found.replace("−", "-")) for found in re.findall(r"(?<= )[+−][\d.]+(?= )", waterfall)]
    total = re.search(r"^Score +([\d.]+) ", waterfall, re.MULTILINE)
    assert total is not None
    assert sum(points) == Decimal(total[1])
    assert len(points) == 2


@pytest.mark.slow
def test_overrides_say_whether_they_held(keepwell: Command, project: Project) -> None:
    assert "did not hold" in keepwell(*project.arguments("explain", "--account", "a1", "--as-of", AS_OF)).out
    fired = keepwell(*project.arguments("explain", "--account", "a2", "--as-of", AS_OF)).out
    assert "active_users is 0" in fired
    assert "Nobody signed in" in fired


@pytest.mark.slow
def test_the_change_since_another_date(keepwell: Command, project: Project) -> None:
    answer = keepwell(*project.arguments("explain", "--account", "a2", "--as-of", AS_OF, "--versus", "2026-10-01"))
    assert answer.code == 0
    assert "What changed since 2026-10-01" in answer.out
    assert "in all" in answer.out


@pytest.mark.slow
def test_the_rows_behind(keepwell: Command, project: Project) -> None:
    answer = keepwell(*project.arguments("explain", "--account", "a1", "--as-of", AS_OF, "--rows"))
    assert "2026-10-21" in answer.out.split("Rows behind the measures")[1]


@pytest.mark.slow
def test_an_account_that_has_left_is_refused(keepwell: Command, project: Project) -> None:
    answer = keepwell(*project.arguments("explain", "--account", "a3", "--as-of", AS_OF))
    assert (answer.code, answer.out) == (1, "")
    assert "'a3'" in answer.err


@pytest.mark.slow
def test_a_relationship_is_explained_down_to_its_rows(keepwell: Command, project: Project) -> None:
    project.fill("logins.csv", LOGINS + "a1,u2,other,2026-10-20\n")
    arguments = project.arguments("explain", "--as-of", AS_OF, "--versus", "2026-10-01", "--rows")
    answer = keepwell(*arguments, "--relationship", "u1")
    assert answer.code == 0, answer.err
    assert "Sales" in answer.out
    assert "of account a1 · as of 2026-10-31 · card unit" in answer.out
    assert "Active users     +50" in answer.out
    assert "active_users went from 0 to 2" in answer.out
    rows = answer.out.split("Rows behind the measures")[1]
    assert "2 rows" in rows
    assert "2026-10-21" in rows
    assert "u2" not in rows


@pytest.mark.slow
def test_an_id_of_the_other_kind_is_told(keepwell: Command, project: Project) -> None:
    arguments = project.arguments("explain", "--as-of", AS_OF)
    account = keepwell(*arguments, "--account", "u1")
    assert (account.code, account.out) == (1, "")
    assert "'u1' is the id of a relationship, not of an account" in account.err
    unit = keepwell(*arguments, "--relationship", "u7")
    assert (unit.code, unit.out) == (1, "")
    assert "relationship 'u7' is not in the population" in unit.err


@pytest.mark.parametrize("both", [(), ("--account", "a1", "--relationship", "u1")])
def test_one_account_or_one_relationship_is_explained(
    keepwell: Command, project: Project, both: tuple[str, ...]
) -> None:
    answer = keepwell(*project.arguments("explain", "--as-of", AS_OF), *both)
    assert (answer.code, answer.out) == (2, "")
    assert "name one of them" in answer.err


@pytest.mark.slow
def test_an_unassigned_account_says_why(keepwell: Command, project: Project) -> None:
    answer = keepwell(*project.arguments("explain", "--account", "a4", "--as-of", AS_OF))
    assert answer.code == 0
    assert "seats > 0" in answer.out


@pytest.mark.slow
def test_a_draft_that_changes_nothing(keepwell: Command, project: Project) -> None:
    answer = keepwell(*project.arguments("diff", "--draft", str(project.definitions), "--as-of", AS_OF))
    assert answer.code == 0
    assert "No account would move" in answer.out


@pytest.mark.slow
def test_a_draft_says_who_moves(keepwell: Command, project: Project) -> None:
    draft = project.definitions.with_name("draft")
    shutil.copytree(project.definitions, draft)
    health = draft / "health.yaml"
    health.write_text(health.read_text().replace("{at_most: 5}", "{at_least: 90}"))
    answer = keepwell(*project.arguments("diff", "--draft", str(draft), "--as-of", AS_OF))
    assert answer.code == 0
    assert "1 account of 4 would move to another band: 1 up and 0 down" in answer.out
    assert "Birch" in answer.out


def test_errors_of_both_folders_are_told(keepwell: Command, project: Project) -> None:
    draft = project.definitions.with_name("draft")
    shutil.copytree(project.definitions, draft)
    project.redefine("weight: 2", "weight: -2")
    (draft / "health.yaml").write_text("nonsense: 1\n")
    answer = keepwell(*project.arguments("diff", "--draft", str(draft), "--as-of", AS_OF))
    assert answer.code == 1
    assert f"{project.definitions}/health.yaml:" in answer.err
    assert f"{draft}/health.yaml:" in answer.err
