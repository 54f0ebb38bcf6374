"""Rules, playbooks and stages: what they may say, what they refer to, and that they cannot feed themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.definitions import Versions
from keepwell.definitions.expressions import parse
from keepwell.definitions.kinds import KINDS
from keepwell.definitions.loading import _as_tuples
from keepwell.definitions.schedules import cron_of
from keepwell.definitions.texts import fill
from keepwell.definitions.truth import may_be_true
from tests.definitions.test_loading import GOOD, load, refused

RULES = """
rules:
  call_when_red:
    on: [score_change, {schedule: every weekday at 08:00}, {event: "cancel*", where: "plan = 'pro'"}, {load: features},
         {milestone_overdue: first_value}, {stage_change: at_risk}, {response: nps}]
    scope: in_segment('large')
    when: label = 'red' and change_over(score, 28) <= -15 and value_before(per_seat, 7) > 1 and measure.per_seat < 5
    persists: 3 days
    repeat: {cool_down: 30 days, at_most: 3, per: 365 days}
    hold_out: 10%
    approval_above: 50
    actions:
      - open_call:
          {type: risk, reason: turned_red, title: "{account.name} {score}", due: 3 business days, playbook: save_plan}
      - set_attribute: {attribute: tier, value: gold}
      - start_rule: {rule: other}
    until:
      when: label <> 'red'
      persists: 2 runs
      actions: [{close_call: {type: risk, reason: turned_red, outcome: recovered}}]
  other:
    when: stage = 'at_risk'
    actions: [{add_to_list: {list: Watched}}]
  complaint:
    on: {event: complained}
    when: 1 = 1
    actions: [{set_score: {measure: pulse, score: 20, expires: 90 days}}]
playbooks:
  save_plan:
    for: risk
    tasks:
      - {name: call, after: 2 business days}
      - {name: mail, after: {task: call, days: 3}, needs: [call], email: {subject: "{call.title}", text: "{score}"}}
stages:
  onboarding: {order: 1, enter: seats > 0, milestones: {first_value: {due: 30 days, reached: uses > 0}}}
  at_risk: {order: 2, playbook: save_plan}
"""
WITH_PULSE = (
    GOOD + "      relationship: {weight: 1, measures: {pulse: {weight: 1, manual: true, sources: [manual, rule]}}}\n"
)
assert "groups:" in WITH_PULSE


def problems(folder: Path, change: str = "", by: str = "", model: str = WITH_PULSE) -> list[str]:
    assert change in RULES
    return refused(folder, model=model, rules=RULES.replace(change, by, 1))


def test_good_rules_are_read_whole_and_written_as_they_were(tmp_path: Path) -> None:
    project = load(tmp_path, model=WITH_PULSE, rules=RULES)
    rule = project.rules["call_when_red"]
    assert (str(rule.persists), rule.hold_out, rule.cool_down_days) == ("3 days", 0.1, 30)
    assert rule.until is not None
    assert str(rule.until.persists) == "2 runs"
    for kind in ("rules", "playbooks", "stages"):
        for one in getattr(project, kind).values():
            written = KINDS[kind].adapter.dump_python(one, mode="json", by_alias=True, exclude_defaults=True)
            assert KINDS[kind].adapter.validate_python(_as_tuples(written)) == one


@pytest.mark.parametrize(
    ("change", "by", "words"),
    [
        ("on: [score_change,", "on: [score_chang,", "unknown trigger 'score_chang'; did you mean 'score_change'?"),
        ("on: [score_change,", "on: [load,", "'load' needs to say more"),
        ("every weekday at 08:00", "every wekday at 08:00", "'wekday' is not a day of the week"),
        ("every weekday at 08:00", "every 5 hours", "do not fill a day evenly"),
        ("every weekday at 08:00", "'* * *'", "is not a schedule; write one of"),
        ("{load: features}", "{load: featurs}", "unknown dataset 'featurs'; did you mean 'features'?"),
        ("{stage_change: at_risk}", "{stage_change: atrisk}", "unknown stage 'atrisk'; did you mean 'at_risk'?"),
        ("milestone_overdue: first_value", "milestone_overdue: first", "unknown milestone 'first'"),
        ("in_segment('large')", "in_segment('larg')", "unknown segment 'larg'; did you mean 'large'?"),
        ("label = 'red' and", "label = 'redd' and", "unknown label 'redd'; did you mean 'red'?"),
        ("label = 'red' and", "label > 5 and", "must be of one type"),
        ("change_over(score, 28)", "change_over(score, 0)", "takes a name and a number of days from 1 to 3660"),
        ("change_over(score, 28)", "change_over(label, 28)", "text where a number is needed"),
        ("measure.per_seat", "measure.per_saet", "unknown measure 'per_saet'; did you mean 'per_seat'?"),
        ("persists: 3 days", "persists: soon", "'soon' is not a duration"),
        ("at_most: 3, per: 365 days", "at_most: 3", "'at_most' and 'per' go together"),
        ("hold_out: 10%", "hold_out: 60%", "less than or equal to 0.5"),
        ("type: risk", "type: rsk", "found the text 'rsk'; did you mean 'risk'?"),
        ("open_call", "opencall", "an action is one of open_call"),
        ("due: 3 business days", "due: soon", "'soon' is not a delay; write 3 business days"),
        ("playbook: save_plan}", "playbook: saveplan}", "unknown playbook 'saveplan'; did you mean 'save_plan'?"),
        ("type: risk, reason: turned_red, title", "type: activity, reason: x, title", "is for calls of type risk"),
        ("{account.name}", "{account.nam}", "unknown account 'nam'; did you mean 'name'?"),
        ("{account.name}", "{account", "a brace stands alone"),
        ("rule: other", "rule: othr", "unknown rule 'othr'; did you mean 'other'?"),
        ("measure: pulse", "measure: per_seat", "takes no scores from rules; give it sources, such as"),
        ("measure: pulse", "measure: puls", "unknown measure 'puls'; did you mean 'pulse'?"),
        ("needs: [call]", "needs: [cal]", "unknown task 'cal'; did you mean 'call'?"),
        ("name: call, after: 2 business days", "name: call, needs: [mail]", "in a circle: call -> mail -> call"),
        ("order: 2", "order: 1", "order 1 is taken by 'onboarding'"),
        ("reached: uses > 0", "reached: uses", "number where a boolean is needed"),
    ],
)
def test_a_mistake_is_named_in_words(tmp_path: Path, change: str, by: str, words: str) -> None:
    found = problems(tmp_path, change, by)
    assert any(words in one for one in found), found
    assert all(one.startswith("rules.yaml:") for one in found), found


def test_all_mistakes_are_listed_each_with_its_line(tmp_path: Path) -> None:
    broken = (
        RULES.replace("'red' and", "'redd' and").replace("rule: other", "rule: othr").replace("order: 2", "order: 1")
    )
    found = refused(tmp_path, model=WITH_PULSE, rules=broken)
    assert [one.split(":")[1] for one in found] == ["7", "16", "36"]


def test_a_metric_may_not_have_a_name_that_rules_know_themselves(tmp_path: Path) -> None:
    model = WITH_PULSE.replace("metrics:", "metrics:\n  stage: {attribute: stage}")
    assert any("'stage' is also a metric" in one for one in problems(tmp_path, model=model))


def test_rules_and_stages_are_about_accounts(tmp_path: Path) -> None:
    found = refused(tmp_path, rules="rules:\n  a: {when: 1 = 1, actions: [{log: {title: x}}]}\n")
    assert "no dataset has role accounts" in found[0]


def circle(folder: Path, *rules: str) -> list[str]:
    stages = "stages:\n  early: {order: 1}\n  late: {order: 2}\n"
    text = "rules:\n" + "".join(f"  {one}\n" for one in rules) + stages
    try:
        load(folder, model=WITH_PULSE, rules=text)
    except Exception as error:
        return [str(one) for one in error.problems]  # type: ignore[attr-defined]
    return []


def test_a_rule_may_not_set_what_it_reads_and_the_circle_is_named(tmp_path: Path) -> None:
    found = circle(tmp_path, "a: {when: score < 5, actions: [{set_score: {measure: pulse, score: 1}}]}")
    assert len(found) == 1
    assert "rule a -> measure pulse -> score -> rule a" in found[0]


def test_a_circle_runs_through_rules_attributes_segments_and_chains(tmp_path: Path) -> None:
    found = circle(
        tmp_path,
        "a: {when: group.relationship < 5, actions: [{set_attribute: {attribute: seats, value: 300}}]}",
        "b: {scope: in_segment('large'), when: 1 = 1, actions: [{start_rule: {rule: c}}]}",
        "c: {when: 1 = 1, actions: [{set_score: {measure: pulse, score: 1}}]}",
    )
    way = "rule a -> attribute seats = 300 -> metric seats -> segment large -> rule b -> rule c -> measure pulse"
    assert way in found[0]


def test_a_rule_that_moves_accounts_out_of_the_stage_it_is_about_does_not_feed_itself(tmp_path: Path) -> None:
    moves = "actions: [{set_stage: {stage: late}}]"
    assert circle(tmp_path, f"a: {{when: stage = 'early' and seats > 3, {moves}}}") == []
    assert circle(tmp_path, f"a: {{when: seats > 3, scope: stage <> 'late', {moves}}}") == []
    assert "stage late" in circle(tmp_path, f"a: {{when: days_in_stage > 3, {moves}}}")[0]
    back = "b: {when: stage = 'late', actions: [{set_stage: {stage: early}}]}"
    assert (
        "stage late -> rule b -> stage early -> rule a"
        in circle(tmp_path, f"a: {{when: stage = 'early', {moves}}}", back)[0]
    )


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("stage = 'a'", True), ("stage <> 'a'", False), ("stage in ('b', 'c')", False), ("stage not in ('b')", True),
        ("stage is null", False), ("not (stage = 'a')", False), ("stage = 'b' or x > 1", True),
        ("stage = 'b' and x > 1", False),
        ("case when stage = 'b' then true end", True), ("in_segment('of_b')", False), ("not in_segment('of_b')", True),
    ],
)  # fmt: skip
def test_what_can_be_true_of_a_given_value(text: str, may: bool) -> None:
    assert may_be_true(parse(text), {"stage": "a"}, {"of_b": parse("stage = 'b'")}) == may


def test_scorecards_have_the_same_version_with_rules_and_without(tmp_path: Path) -> None:
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    ruled = Versions(load(tmp_path / "with", model=WITH_PULSE, rules=RULES))
    plain = Versions(load(tmp_path / "without", model=WITH_PULSE))
    assert ruled.of("scorecards", "everyone") == plain.of("scorecards", "everyone")
    assert ruled.project != plain.project


def test_a_rule_has_a_new_version_when_what_it_reads_or_does_changes(tmp_path: Path) -> None:
    def version(name: str, model: str, rules: str, rule: str = "call_when_red") -> str:
        (tmp_path / name).mkdir()
        return Versions(load(tmp_path / name, model=model, rules=rules)).of("rules", rule)

    plain = version("a", WITH_PULSE, RULES)
    assert version("b", WITH_PULSE.replace("seats >= 200", "seats >= 100"), RULES) != plain
    assert version("c", WITH_PULSE, RULES.replace("2 business days", "3 business days")) != plain
    assert version("d", WITH_PULSE.replace("weight: 1, score", "weight: 2, score"), RULES) != plain
    assert version("e", WITH_PULSE, "# said\n" + RULES) == plain


@pytest.mark.parametrize(
    ("words", "cron"),
    [
        ("every day at 08:00", "0 8 * * *"),
        ("Every weekday at 17:30", "30 17 * * 1-5"),
        ("every monday at 9:05", "5 9 * * 1"),
        ("every sunday, monday and thursday at 08:00", "0 8 * * 0,1,4"),
        ("every hour", "0 * * * *"),
        ("every 4 hours", "0 */4 * * *"),
        ("on the 1st of each month at 06:00", "0 6 1 * *"),
        ("on the last day of each month at 06:00", "0 6 L * *"),
        ("15 8 * * 1-5", "15 8 * * 1-5"),
    ],
)
def test_schedules_in_words_are_cron(words: str, cron: str) -> None:
    assert cron_of(words) == cron


@pytest.mark.parametrize(
    "text", ["", "every 31st", "on the 31st of each month at 06:00", "every day at 25:00", "R * * * *"]
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        cron_of(text)


def test_texts_are_filled_and_doubled_braces_are_braces() -> None:
    assert fill("{{x}} {score} {account.name}", {"score": "7", "account.name": "Acme"}.__getitem__) == "{x} 7 Acme"
