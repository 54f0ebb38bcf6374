"""A folder of definitions is valid as a whole, or refused as a whole with every issue and its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.definitions import Project, load_project
from keepwell.errors import DefinitionsRefused

GOOD = """
schemes:
  traffic_light:
    bands: [{label: red, up_to: 50}, {label: yellow, up_to: 75}, {label: green, up_to: 100}]
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  subscriptions: {file: subs.csv, key: subscription_id, account: account_id}
  features: {file: features.csv, account: {via: subscriptions, on: subscription_id}, occurred_at: usage_date}
metrics:
  uses: {dataset: features, aggregate: count(), window: 4 weeks}
  seats: {attribute: seats}
  per_seat: {formula: uses / seats}
segments:
  large: seats >= 200
scorecards:
  everyone:
    scheme: traffic_light
    groups:
      adoption:
        weight: 1
        measures:
          per_seat: {weight: 1, score: {linear: [[0, 0], [1, 100]]}}
"""


def load(folder: Path, **files: str) -> Project:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_project(folder)


def refused(folder: Path, **files: str) -> list[str]:
    with pytest.raises(DefinitionsRefused) as caught:
        load(folder, **files)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_folder_is_read_whole(tmp_path: Path) -> None:
    project = load(tmp_path, model=GOOD, keepwell="time_zone: Europe/Berlin\nrestate: 5 weeks\n")
    assert project.settings.time_zone == "Europe/Berlin"
    assert project.settings.restate == 35
    assert project.metrics["uses"].window == 28  # type: ignore[attr-defined]
    assert project.datasets["features"].via is not None
    assert list(project.scorecards["everyone"].measures) == ["per_seat"]


def test_on_is_a_word_and_not_a_boolean(tmp_path: Path) -> None:
    via = load(tmp_path, model=GOOD).datasets["features"].via
    assert via is not None
    assert via.on == "subscription_id"


def test_every_issue_is_listed_with_file_line_and_nearest_name(tmp_path: Path) -> None:
    broken = (
        GOOD.replace("window: 4 weeks", "windw: 4 weeks")
        .replace("uses / seats", "uses / in_segment('huge')")
        .replace("scheme: traffic_light", "scheme: traffic_ligth")
        .replace("via: subscriptions", "via: subscription")
    )
    problems = refused(tmp_path, model=broken)
    assert [problem.split(":")[1] for problem in problems] == ["8", "10", "12", "17"]
    assert "unknown dataset 'subscription'; did you mean 'subscriptions'?" in problems[0]
    assert "metrics.uses.windw: unknown key 'windw'; did you mean 'window'?" in problems[1]
    assert "unknown segment 'huge'" in problems[2]
    assert "unknown scheme 'traffic_ligth'; did you mean 'traffic_light'?" in problems[3]


@pytest.mark.parametrize(
    ("change", "by", "words"),
    [
        ("weight: 1\n", "weight: heavy\n", "found the text 'heavy' where a number is needed"),
        ("weight: 1\n", "weight: -1\n", "greater than or equal to 0"),
        ("weight: 1\n", "weight: .nan\n", "a finite number"),
        ("weight: 1\n", "weight: 0\n", "the weights of its groups sum to 0"),
        ("{weight: 1, score", "{weight: 0, score", "the weights of its measures sum to 0"),
        ("up_to: 75", "up_to: 45", "bands go from worst to best"),
        ("up_to: 100}]", "up_to: 99}]", "must reach up_to: 100"),
        ("label: red", "label: unknown", "is kept for scores that are null"),
        ("[[0, 0], [1, 100]]", "[[1, 0], [1, 100]]", "knots need increasing values"),
        (
            "linear: [[0, 0], [1, 100]]",
            "steps: [{up_to: 5, score: 1}, {up_to: 4, score: 2}]",
            "must increase from step to step",
        ),
        ("linear: [[0, 0], [1, 100]]", "percentile: {}, descending: true, decending: true", "unknown key 'decending'"),
        ("linear: [[0, 0], [1, 100]]", "percentile: {descending: true}, descending: true", "say it once"),
        ("linear: [[0, 0], [1, 100]]", "liner: [[0, 0]]", "exactly one of linear, steps, levels, percentile, formula"),
        ("role: accounts", "role: acounts", "did you mean 'accounts'?"),
        ("window: 4 weeks", "window: a month", "is not a duration"),
        ("count()", "count(", "is not closed"),
        ("aggregate: count()", "aggregate: total(x)", "total"),
        ("large: seats >= 200", "large: select 1", "segments.large"),
        ("key: account_id}", "key: account_id, amount: x}", "'amount' belongs to datasets with role outcomes"),
        ("per_seat: {weight", "per_seats: {weight", "unknown metric 'per_seats'; did you mean 'per_seat'?"),
        ("metrics:", "metricks:", "unknown kind 'metricks'; did you mean 'metrics'?"),
        ("large:", "Large One:", "names are lower snake_case, such as large_one"),
        ("large: seats >= 200", "large: seats >= 200\n  large: seats > 1", "the key 'large' stands here twice"),
        (
            "key: subscription_id, account: account_id",
            "key: subscription_id, account: {via: accounts, on: a}",
            "one hop",
        ),
        ("occurred_at: usage_date}", "occurred_on: usage_date}", "did you mean 'occurred_at'?"),
        ("window: 4 weeks", "window: 99999 weeks", "a duration has at most 36525 days"),
        (", occurred_at: usage_date", "", "needs to know when rows happened"),
    ],
)
def test_a_mistake_is_named_in_words(tmp_path: Path, change: str, by: str, words: str) -> None:
    assert change in GOOD
    problems = refused(tmp_path, model=GOOD.replace(change, by, 1))
    assert any(words in problem for problem in problems), problems
    assert all(problem.startswith("model.yaml:") for problem in problems), problems


def test_circles_are_named_whole(tmp_path: Path) -> None:
    metrics = "  a: {formula: b + 1}\n  b: {formula: c + 1}\n  c: {formula: a + 1}\n"
    metrics += "segments:\n  s: in_segment('t')\n  t: in_segment('s')"
    problems = refused(tmp_path, model=GOOD.replace("segments:", metrics))
    assert "the metric goes in a circle: a -> b -> c -> a" in problems[0]
    assert "the segment goes in a circle: s -> t -> s" in problems[1]


def test_a_circle_may_run_through_metrics_and_segments(tmp_path: Path) -> None:
    metrics = "  a: {formula: case when in_segment('s') then 1 else 0 end}\nsegments:\n  s: a > 0"
    (problem,) = refused(tmp_path, model=GOOD.replace("segments:", metrics))
    assert "the metric goes in a circle: metric a -> segment s -> metric a" in problem


def test_metrics_that_rest_on_scores_may_not_choose_the_card(tmp_path: Path) -> None:
    metrics = (
        "  below: {children: overall_score, of: accounts, aggregate: avg}\n  twice: {formula: below * 2}\nsegments:"
    )
    card = "    applies_to: twice > 1\n    scheme:"
    problems = refused(tmp_path, model=GOOD.replace("segments:", metrics).replace("    scheme:", card))
    assert any("scorecards.everyone.applies_to: the metric 'twice' rests on scores" in problem for problem in problems)


def test_a_card_may_not_rest_on_the_change_of_scores_of_accounts(tmp_path: Path) -> None:
    metrics = (
        "  below: {children: overall_score, of: accounts, aggregate: avg}\n"
        "  growth: {change_of: below, over: 7 days}\n  twice: {formula: growth * 2}\nsegments:"
    )
    measure = "twice: {weight: 1, score: {linear: [[0, 0], [1, 100]]}}"
    model = GOOD.replace("segments:", metrics)
    assert load(tmp_path, model=model).metrics.keys() >= {"growth"}  # it may be reported
    problems = refused(tmp_path, model=model + f"          {measure}\n")
    assert any("'twice' looks at scores of accounts at an earlier date" in problem for problem in problems), problems


def test_a_name_is_unique_across_files(tmp_path: Path) -> None:
    problems = refused(tmp_path, model=GOOD, other="metrics:\n  seats: {attribute: places}\n")
    assert any("the metric 'seats' is already defined in model.yaml line 11" in problem for problem in problems)


def test_several_cards_need_an_order_of_their_own(tmp_path: Path) -> None:
    card = GOOD[GOOD.index("  everyone:") :]
    problems = refused(
        tmp_path, model=GOOD + card.replace("everyone", "other").replace("scheme:", "order: 1\n    scheme:")
    )
    assert problems == [
        "model.yaml:16: scorecards.everyone: there are 2 scorecards, so each needs an 'order'; this one has none"
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"metrics: [", "not valid YAML"),
        (b"- a\n- b\n", "a file holds maps such as"),
        (b"metrics: {a: {formula: '\xff'}}", "not UTF-8"),
        (b"metrics: {a: !!python/object:os.system {}}", "YAML"),
        (b"a: &a [*a]\n", "alias that contains itself"),
        (b"metrics: " + b"[" * 5000, "YAML"),
        (b"metrics: {? [a, b] : 1}", "a key must be plain text"),
        (b"x" * 5_000_000, "larger than 4 MB"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "bad.yaml").write_bytes(content)
    problems = refused(tmp_path)
    assert words in problems[0]
    assert problems[0].startswith("bad.yaml")


def test_no_folder_and_no_files(tmp_path: Path) -> None:
    assert "not a folder" in refused(tmp_path / "nowhere")[0] if (tmp_path / "nowhere").exists() else True
    assert "no *.yaml file" in refused(tmp_path)[0]


@pytest.mark.slow
def test_aliases_cannot_explode(tmp_path: Path) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9))
    problems = refused(tmp_path, bomb=f"l0: &l0 [x]\n{levels}\n")
    assert "more than 200,000 values" in problems[0]


@pytest.mark.slow
def test_a_long_chain_of_metrics_is_no_recursion(tmp_path: Path) -> None:
    chain = "\n".join(f"  m{n}: {{formula: m{n - 1} + 1}}" for n in range(1, 1500))
    project = load(tmp_path, model=GOOD.replace("segments:", f"  m0: {{formula: seats}}\n{chain}\nsegments:"))
    assert len(project.metrics) == 1503
