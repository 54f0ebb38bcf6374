"""What changed between two sets of rules, playbooks and stages, in words."""

from __future__ import annotations

from keepwell.apps.configuration.differences import changed_definitions
from keepwell.apps.configuration.projects import project_of

BASE = {
    "keepwell.yaml": "time_zone: UTC\n",
    "data.yaml": "datasets:\n  accounts: {role: accounts, file: a.csv, key: id, name: name, arr: arr, stage: stage}\n",
}
RULE = "rules:\n  watch: {when: arr > 1, hold_out: 10%, actions: [{log: {title: A}}, {notify: {to: csm, text: hi}}]}\n"


def words(old: str, new: str) -> dict[str, tuple[str, ...]]:
    before, after = (project_of({**BASE, "rules.yaml": text} if text else BASE) for text in (old, new))
    return {one.name: (one.what, *one.words) for one in changed_definitions(before, after)}


def test_a_part_of_a_rule_is_told_as_a_sentence_before_and_after() -> None:
    found = words(RULE, RULE.replace("arr > 1,", "arr > 2, persists: 3 days,").replace("10%", "20%"))
    assert found == {"watch": (
        "changed", "Acts when arr is above 1 → Acts when arr is above 2, and has been so for 3 days",
        "Leaves 10% of accounts alone, drawn at random → Leaves 20% of accounts alone, drawn at random",
    )}  # fmt: skip


def test_values_of_an_action_are_told_by_name() -> None:
    assert words(RULE, RULE.replace("text: hi", "text: hello")) == {"watch": ("changed", "notify › text: hi → hello")}


def test_actions_that_come_go_and_move_are_told() -> None:
    gone = RULE.replace("{log: {title: A}}, ", "")
    assert words(RULE, gone) == {"watch": ("changed", "it no longer writes 'A' on the timeline")}
    assert words(gone, RULE) == {"watch": ("changed", "it also writes 'A' on the timeline")}
    moved = RULE.replace("{log: {title: A}}, {notify: {to: csm, text: hi}}",
                         "{notify: {to: csm, text: hi}}, {log: {title: A}}")  # fmt: skip
    assert words(RULE, moved) == {"watch": ("changed", "it does the same in another order")}


def test_what_sentences_do_not_say_is_told_by_name() -> None:
    found = words(RULE, RULE.replace("{when", "{enabled: false, title: Watch, on_failure: continue, when"))
    assert set(found["watch"]) == {"changed", "enabled: no", "title: Watch", "on failure: continue"}


def test_an_end_that_comes_is_told_with_what_it_does() -> None:
    found = words(
        RULE, RULE.replace("when: arr > 1,", "when: arr > 1, until: {when: arr < 1, actions: [{log: {title: B}}]},")
    )
    assert found["watch"] == ("changed", "ends by itself → ends when arr is below 1 (1 run)",
                              "at its end it also writes 'B' on the timeline")  # fmt: skip


def test_what_is_new_says_what_it_is() -> None:
    found = words("", RULE + "playbooks:\n  save: {tasks: [{name: call}, {name: mail}]}\n"
                  "stages:\n  live: {order: 1, enter: arr > 0}\n")  # fmt: skip
    assert "Acts when arr is above 1." in found["watch"]
    assert found["save"] == ("added", "tasks: call, mail")
    assert found["live"] == ("added", "an account enters where arr is above 0")
