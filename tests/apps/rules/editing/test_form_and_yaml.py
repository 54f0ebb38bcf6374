"""A rule goes through the form and back: whatever it says, saving the form that was shown changes nothing; what is
changed in the form is what the file says then; and a new kind of action needs nothing but its model."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from keepwell.apps.configuration.editing.parts import changed_parts
from keepwell.apps.configuration.editing.saving import edited
from keepwell.apps.configuration.rewriting import with_value
from keepwell.apps.rules.editing.form import ENTRIES, RULE_FORM
from keepwell.apps.rules.editing.parts import new_action, new_trigger
from keepwell.definitions.actions import ACTION_KINDS, Action, CallType, model_of
from keepwell.definitions.rules import Rule
from keepwell.definitions.triggers import TRIGGER_KINDS
from keepwell.errors import RequestRefused

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
LETTERS = st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"], blacklist_characters="{}\ufeff\x85")
WORDS = st.text(LETTERS, min_size=1, max_size=30).map(str.strip).filter(bool)
TEXTS = st.one_of(WORDS, WORDS.map(lambda text: f"{text} {{account.name}}"), st.just("20"), st.just("true"))
DAYS = st.integers(1, 400).map(lambda days: f"{days} days")
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), TEXTS
)
CALL = {"type": st.sampled_from(CallType.__args__), "reason": NAMES}


def some(**fields: Any) -> Any:
    """A map with each of these, or without it."""
    return st.fixed_dictionaries({}, optional=fields)


def both(needed: dict[str, Any], optional: Any) -> Any:
    return st.tuples(st.fixed_dictionaries(needed), optional).map(lambda two: two[0] | two[1])


OWNERS = st.sampled_from(["csm", "manager", "team", "round_robin:onboarding", "team:South", "a@b.example"])
PRIORITIES = st.sampled_from(["low", "normal", "high", "urgent"])
DELAYS = st.sampled_from(["3 business days", "2 weeks", "5 days"])
SAID: dict[str, Any] = {
    "open_call": both(
        CALL, some(title=TEXTS, text=TEXTS, priority=PRIORITIES, owner=OWNERS, due=DELAYS, playbook=NAMES)
    ),
    "update_call": both({**CALL, "comment": TEXTS}, some(title=TEXTS, priority=PRIORITIES, owner=OWNERS, due=DELAYS)),
    "close_call": both({**CALL, "outcome": NAMES}, some(comment=TEXTS)),
    "set_score": both({"measure": NAMES, "score": st.none() | st.integers(0, 100)}, some(expires=DAYS, comment=TEXTS)),
    "set_attribute": st.fixed_dictionaries({"attribute": WORDS, "value": SCALARS}),
    "set_stage": both({"stage": NAMES}, some(reason=TEXTS)),
    "log": both({"title": TEXTS}, some(type=NAMES, text=TEXTS)),
    "notify": both(
        {"to": st.lists(st.sampled_from(["csm", "manager", "a@b.example"]), min_size=1, max_size=2), "text": TEXTS},
        some(title=TEXTS, by=st.lists(st.sampled_from(["in_app", "email", "#sales"]), min_size=1, max_size=2)),
    ),
    "webhook": both({"to": WORDS}, some(data=st.dictionaries(NAMES, SCALARS, min_size=1, max_size=3))),
    "ask_advocate": both({"kind": NAMES}, some(text=TEXTS)),
    "add_to_list": st.fixed_dictionaries({"list": WORDS}),
    "remove_from_list": st.fixed_dictionaries({"list": WORDS}),
    "start_rule": st.fixed_dictionaries({"rule": NAMES}),
}
ACTIONS = st.one_of([said.map(lambda said, kind=kind: {kind: said}) for kind, said in SAID.items()])
TRIGGERS = st.sampled_from([
    "score_change", "stage_change", {"schedule": "every weekday at 08:00"}, {"event": "signed_*", "where": "url = 'x'"},
    {"load": "tickets"}, {"milestone_overdue": "first_value"}, {"stage_change": "live"}, {"response": True},
])  # fmt: skip
RULES = both(
    {"when": st.sampled_from(["label = 'red'", "score < 50 and arr >= 1000"]),
     "actions": st.lists(ACTIONS, min_size=1, max_size=3)},
    some(
        title=WORDS, on=st.lists(TRIGGERS, min_size=1, max_size=3) | TRIGGERS, enabled=st.booleans(),
        order=st.integers(-5, 5), scope=st.just("in_segment('large')"), persists=st.sampled_from(["3 days", "2 runs"]),
        repeat=some(cool_down=DAYS, while_it_holds=st.booleans()), hold_out=st.sampled_from(["10%", 0.25]),
        approval_above=st.integers(0, 50), on_failure=st.sampled_from(["stop", "continue"]),
        until=both({"when": st.just("label = 'green'")}, some(actions=st.lists(ACTIONS, min_size=1, max_size=2))),
    ),
)  # fmt: skip


def meant(rule: Any) -> Rule:
    def tuples(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: tuples(one) for key, one in value.items()}
        return tuple(map(tuples, value)) if isinstance(value, list) else value

    return TypeAdapter(Rule).validate_python(tuples(rule))


def filed(rule: Any) -> dict[str, str]:
    return {"rules.yaml": with_value("# All rules\n", ("rules", "one"), rule)}


def test_every_kind_is_tried_here() -> None:
    assert SAID.keys() == set(ACTION_KINDS)


@pytest.mark.slow
@given(rule=RULES)
def test_the_form_as_it_was_shown_changes_nothing(rule: dict[str, Any]) -> None:
    files = filed(rule)
    held = ENTRIES.entry_in(files, "one")
    assert held is not None
    found = edited(RULE_FORM, files, files, "one", RULE_FORM.shown_of(held))
    assert found.files == files
    assert found.conflicts == ()


@pytest.mark.slow
@given(action=ACTIONS)
def test_an_action_typed_into_the_form_is_what_the_file_says(action: dict[str, Any]) -> None:
    kind = next(iter(action))
    files = filed({"when": "true", "actions": [new_action(kind, {})]})
    typed = RULE_FORM.shown_of({"actions": [action]})
    found = ENTRIES.entry_in(edited(RULE_FORM, files, files, "one", typed).files, "one")
    assert found is not None
    adapter: TypeAdapter[Any] = TypeAdapter(Action)
    said, wanted = (meant({"when": "true", "actions": [one]}).actions[0] for one in (found["actions"][0], action))
    assert adapter.dump_python(said) == adapter.dump_python(wanted)
    assert found["actions"][0].keys() == {kind}


@pytest.mark.slow
@given(before=RULES, after=RULES)
def test_one_rule_becomes_another_through_its_yaml(before: dict[str, Any], after: dict[str, Any]) -> None:
    files = filed(before)
    lines = ENTRIES.text_of(filed(after), "one")
    changed, name = ENTRIES.with_text(files, "one", lines)
    assert name == "one"
    assert ENTRIES.entry_in(changed, "one") == ENTRIES.entry_in(filed(after), "one")
    assert changed["rules.yaml"].startswith("# All rules\n")


FILE = """\
# Rules of the team
rules:
  # The one that matters
  call_when_red:            # since March
    title: Call customers that turn red
    when: label = 'red'     # the worst band
    actions:
      # first of all
      - open_call: {type: risk, reason: turned_red}   # at once
      - log: {title: Turned red}
  other: {when: score < 20, actions: [{set_stage: {stage: at_risk}}]}
segments:
  large: arr >= 100000      # as agreed
"""


def test_comments_and_layout_stay() -> None:
    files = {"a.yaml": FILE}
    held = ENTRIES.entry_in(files, "call_when_red")
    assert held is not None
    typed = RULE_FORM.shown_of(held) | {"when": "label = 'red' and score < 40", "actions/0/open_call/priority": "high",
                              "hold_out": "10%", "repeat/cool_down": "14 days"}  # fmt: skip
    text = edited(RULE_FORM, files, files, "call_when_red", typed).files["a.yaml"]
    assert "when: label = 'red' and score < 40     # the worst band" in text
    assert "- open_call: {type: risk, reason: turned_red, priority: high}   # at once" in text
    for comment in ("# Rules of the team", "# The one that matters", "# since March", "# first of all", "# as agreed"):
        assert comment in text
    found = yaml.safe_load(text)["rules"]["call_when_red"]
    assert (found["hold_out"], found["repeat"]) == ("10%", {"cool_down": "14 days"})


def test_taking_out_the_last_word_of_repeat_takes_repeat_with_it() -> None:
    files = filed({"when": "true", "actions": [{"log": {"title": "x"}}], "repeat": {"cool_down": "9 days"}})
    found = edited(RULE_FORM, files, files, "one", {"repeat/cool_down": ""}).files
    assert "repeat" not in found["rules.yaml"]


def test_what_others_changed_meanwhile_stays_and_the_same_field_is_a_conflict() -> None:
    base = {"a.yaml": FILE}
    theirs = {"a.yaml": FILE.replace("label = 'red' ", "label = 'yellow' ").replace("Turned red}", "Went red}")}
    found = edited(RULE_FORM, base, theirs, "call_when_red", {"when": "score < 10", "title": "Call them"})
    assert [(one.field, one.theirs, one.mine) for one in found.conflicts] == [
        ("when", "label = 'yellow'", "score < 10")
    ]
    assert "title: Call them\n" in found.files["a.yaml"]
    assert "Went red}" in found.files["a.yaml"]
    assert "label = 'yellow'" in found.files["a.yaml"]


def test_actions_that_moved_meanwhile_are_not_written_into() -> None:
    base = {"a.yaml": FILE}
    theirs = changed_parts(RULE_FORM, base, "call_when_red", "remove-action:actions/0", "", {})
    found = edited(RULE_FORM, base, theirs, "call_when_red", {"actions/1/log/title": "Mine"})
    assert [one.field for one in found.conflicts] == ["actions/1/log/title"]
    assert found.files == theirs


@pytest.mark.parametrize("kind", ACTION_KINDS)
def test_actions_come_move_and_go(kind: str) -> None:
    files = changed_parts(
        RULE_FORM, {"a.yaml": FILE}, "call_when_red", "add-action:actions", kind, {"measure": ("mood",)}
    )
    files = changed_parts(RULE_FORM, files, "call_when_red", "up:actions/2", "", {})
    held = ENTRIES.entry_in(files, "call_when_red")
    assert held is not None
    assert [next(iter(one)) for one in held["actions"]] == ["open_call", kind, "log"]
    assert held["actions"][1][kind].keys() == {
        name for name, one in model_of(kind).model_fields.items() if one.is_required()
    }
    assert "# at once" in files["a.yaml"]
    gone = changed_parts(RULE_FORM, files, "call_when_red", "remove-action:actions/1", "", {})
    assert ENTRIES.entry_in(gone, "call_when_red") == ENTRIES.entry_in({"a.yaml": FILE}, "call_when_red")


@pytest.mark.parametrize("kind", TRIGGER_KINDS)
@pytest.mark.parametrize("on", [None, "score_change", ["score_change"], {"load": "tickets"}])
def test_triggers_come_and_go(kind: Any, on: Any) -> None:
    rule = {"when": "true", "actions": [{"log": {"title": "x"}}]} | ({"on": on} if on else {})
    files = changed_parts(
        RULE_FORM, filed(rule), "one", "add-trigger", kind, {"load": ("logins",), "event": ("signed_in",)}
    )
    held = ENTRIES.entry_in(files, "one")
    assert held is not None
    first = on[0] if isinstance(on, list) else on or "score_change"
    assert held["on"] == [first, new_trigger(kind, {"load": ("logins",), "event": ("signed_in",)})]
    assert len(meant(held).on) == 2
    left = ENTRIES.entry_in(changed_parts(RULE_FORM, files, "one", "remove-trigger:1", "", {}), "one")
    assert left is not None
    assert left["on"] == [first]
    with pytest.raises(RequestRefused, match="needs something that sets it in motion"):
        changed_parts(RULE_FORM, filed(rule), "one", "remove-trigger:0", "", {})


def test_an_end_is_first_the_opposite_of_the_condition() -> None:
    files = changed_parts(RULE_FORM, {"a.yaml": FILE}, "call_when_red", "add-until", "", {})
    held = ENTRIES.entry_in(files, "call_when_red")
    assert held is not None
    assert held["until"] == {"when": "not (label = 'red')"}
    assert changed_parts(RULE_FORM, files, "call_when_red", "remove-until", "", {}) == {"a.yaml": FILE}


def test_rules_come_are_copied_with_their_comments_and_go() -> None:
    made = ENTRIES.added({"b.yaml": "segments: {large: arr > 1}\n"}, "first", {"when": "true", "actions": []})
    assert made["rules.yaml"].startswith("rules:\n  first:")
    copied = ENTRIES.copied({"a.yaml": FILE}, "again", "call_when_red", {"enabled": False})
    text = ENTRIES.text_of(copied, "again")
    assert [one for one in ("# since March", "# at once", "enabled: false") if one not in text] == []
    assert ENTRIES.entry_in(copied, "again") == {**(ENTRIES.entry_in(copied, "call_when_red") or {}), "enabled": False}
    assert ENTRIES.removed(made, "first") == {"b.yaml": "segments: {large: arr > 1}\n"}
    assert "other" in ENTRIES.removed({"a.yaml": FILE}, "call_when_red")["a.yaml"]


def test_a_rule_within_braces_is_edited_as_yaml_too() -> None:
    files = {"a.yaml": "rules: {one: {when: 'true', actions: [{log: {title: x}}]}, two: {when: 'true', actions: []}}\n"}
    changed, _ = ENTRIES.with_text(files, "one", "one: {when: score > 1, actions: []}")
    assert ENTRIES.entry_in(changed, "one") == {"when": "score > 1", "actions": []}
    assert ENTRIES.entry_in(changed, "two") == ENTRIES.entry_in(files, "two")


@pytest.mark.parametrize(
    ("lines", "said"),
    [("a: [", "no YAML"), ("a: 1\nb: 2\n", "one entry"), ("- a\n", "one entry"), ("Two Words: {}\n", "is no name"),
     ("other: {}\n", "there is a rule 'other' already")],
)  # fmt: skip
def test_what_is_no_rule_is_refused(lines: str, said: str) -> None:
    with pytest.raises(RequestRefused, match=said):
        ENTRIES.with_text({"a.yaml": FILE}, "call_when_red", lines)
