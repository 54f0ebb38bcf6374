"""Surveys: what they may say, that each mistake is named with its place, and that nothing else notices them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.definitions import Versions
from keepwell.definitions.branching import beyond_branching, is_true, value_of
from keepwell.definitions.closings import Closing
from keepwell.definitions.expressions import parse
from keepwell.definitions.json_schema import project_schema
from keepwell.definitions.kinds import KINDS
from keepwell.definitions.languages import best_language
from keepwell.definitions.loading import _as_tuples
from keepwell.definitions.survey_reach import reach_of
from tests.definitions.surveying import SURVEY
from tests.definitions.test_loading import GOOD, load, refused

SECOND = """
  onboarding:
    on: {response: relationship}
    questions: [{name: ease, kind: ces, text: Was it easy?}]
"""


def test_a_good_survey_is_read_whole_and_written_as_it_was(tmp_path: Path) -> None:
    project = load(tmp_path, model=GOOD, asked=SURVEY + SECOND)
    survey = project.surveys["relationship"]
    assert (survey.sample, survey.cool_down, survey.default_language) == (0.5, 60, "en")
    assert survey.closes == Closing(after_days=30)
    assert [one.kind for one in survey.questions][:3] == ["nps", "ces", "single_choice"]
    for one in project.surveys.values():
        written = KINDS["surveys"].adapter.dump_python(one, mode="json", by_alias=True, exclude_defaults=True)
        assert KINDS["surveys"].adapter.validate_python(_as_tuples(written)) == one


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "by", "words"),
    [
        ("kind: nps", "kind: npss", "unknown kind of question 'npss'; did you mean 'nps'?"),
        ("kind: nps", "sort: nps", "a question has a kind, one of nps, csat"),
        ("required: true", "requird: true", "unknown key 'requird'; did you mean 'required'?"),
        ("de: War es leicht?", "fr: Facile ?", "'text' of question 'easy' has no text in de"),
        ("de: War es leicht?", "fr: Facile ?", "has a text in fr, which is none of the survey's languages"),
        ("{en: Price, de: Preis}", "Price", "'price' of question 'why' is not in de, en; write a map"),
        ("{en: Thank you, de: Danke}", "{en: Thank you}", "'thanks' has no text in de"),
        ("languages: [en, de]", "languages: [en, German]", "'German' is not the code of a language"),
        ("languages: [en, de]", "languages: [en, de, en]", "the language en stands twice"),
        ("show_when: recommend <= 6", "show_when: stars <= 6", "asks for 'stars', which is not answered yet there"),
        ("show_when: recommend <= 6", "show_when: why = 'price'", "asks for 'why', which is not answered yet there"),
        ("show_when: recommend <= 6", "show_when: recomend <= 6", "unknown name `recomend`"),
        ("show_when: recommend <= 6", "show_when: recommend", "number where a boolean is needed"),
        ("show_when: recommend <= 6", "show_when: recommend > 10", "question 'why' can never be reached"),
        ("show_when: recommend <= 6", "show_when: recommend is null", "question 'why' can never be reached"),
        ("show_when: recommend <= 6", "show_when: in_segment('large')", "is for accounts; write it under 'audience'"),
        ("show_when: recommend <= 6", "show_when: round(recommend) = 3", "branching does not know `round`"),
        ("why = 'other'", "why = 'othr'", "unknown choice 'othr'; did you mean 'other'?"),
        ("why = 'other'", "why = 'other' and recommend = 9", "question 'details' can never be reached"),
        ("features.api and", "features and", "'features' has several parts; name one, such as features.api"),
        ("parts.search = 'bad'", "true", "question 'stars' can never be reached"),
        ("parts.search = 'bad'", "recommend = 11", "'end_when' of question 'parts' can never be true"),
        ("name: easy", "name: recommend", "found twice: recommend"),
        ("value: support", "value: price", "each of 'choices' needs a value of its own; found twice: price"),
        ("at_most: 2\n        choices", "at_least: 4\n        choices", "'at_least' is 4, and there are 3 choices"),
        ("from: 1, to: 10", "from: 10, to: 10", "a scale goes up"),
        ("in_segment('large')", "in_segment('larg')", "unknown segment 'larg'; did you mean 'large'?"),
        ("label <> 'red'", "label <> 'redd'", "unknown label 'redd'; did you mean 'red'?"),
        ("role = 'admin'", "rol = 'admin'", "unknown name `rol`"),
        ("role = 'admin'", "in_segment('large')", "is for accounts; write it under 'accounts'"),
        ("distribution: [email, personal_link]", "distribution: [mail]", "did you mean 'email'?"),
        ("distribution: [email, personal_link]", "distribution: in_product", "reminders are letters; add email"),
        ("Bitte antworten: {link}", "Bitte antworten", "write {link} where the link goes"),
        ("Bitte antworten: {link}", "{link} {contact.nam}", "unknown contact 'nam'; did you mean 'name'?"),
        ("Bitte antworten: {link}", "{link} {lnk}", "unknown field 'lnk'; did you mean 'link'?"),
        ("9:00", "29:00", "is not a schedule; write one of"),
        ("{event: went_live}", "{stage_change: live}", "unknown stage 'live'"),
        ("{event: went_live}", "score_change", "ask on a schedule, with the score under 'audience'"),
        ("{event: went_live}", "{response: onbording}", "unknown survey 'onbording'; did you mean 'onboarding'?"),
        ("{event: went_live}", "{response: onboarding}", "in a circle: onboarding -> relationship -> onboarding"),
        ("{event: went_live}", "response", "answers ask again in a circle"),
        ("sample: 50%", "sample: 150%", "less than or equal to 1"),
        ("closes: 30 days", "closes: soon", "'soon' is not a duration"),
        ("closes: 30 days", "closes: 2026-02-30", "is no day of the calendar"),
        ("question: recommend, aggregate: nps", "question: why, aggregate: nps", "'why' has no scale; with one: easy"),
        ("question: recommend, aggregate: nps", "question: easy, aggregate: nps", "is no question of kind nps"),
    ],
)
def test_a_mistake_is_named_in_words(tmp_path: Path, change: str, by: str, words: str) -> None:
    assert change in SURVEY
    found = refused(tmp_path, model=GOOD, asked=(SURVEY + SECOND).replace(change, by, 1))
    assert any(words in one for one in found), found
    assert all(one.startswith("asked.yaml:") for one in found), found


def test_all_mistakes_are_listed_each_with_its_line(tmp_path: Path) -> None:
    broken = SURVEY.replace("de: War es leicht?", "fr: Facile ?").replace("why = 'other'", "whi = 'other'")
    found = refused(tmp_path, model=GOOD, asked=broken)
    lines = [next(at for at, line in enumerate(broken.splitlines(), 1) if part in line) for part in ("Facile", "whi =")]
    assert [int(one.split(":")[1]) for one in found] == [lines[0], lines[0], lines[1]]


def test_a_rule_names_a_survey_that_is_there(tmp_path: Path) -> None:
    rule = "rules: {thank: {on: {response: relationshp}, when: 1 = 1, actions: [{add_to_list: {list: x}}]}}"
    assert "did you mean 'relationship'?" in refused(tmp_path, model=GOOD, asked=SURVEY, rules=rule)[0]
    (tmp_path / "asked.yaml").unlink()
    load(tmp_path, model=GOOD, rules=rule)  # answers come from elsewhere


def test_a_survey_changes_no_other_version_and_has_one_of_its_own(tmp_path: Path) -> None:
    without = Versions(load(tmp_path, model=GOOD))
    project = load(tmp_path, model=GOOD, asked=SURVEY)
    others = [(kind, name) for kind in KINDS if kind != "surveys" for name in getattr(project, kind)]
    assert all(Versions(project).of(*one) == without.of(*one) for one in others)
    before = Versions(project).of("surveys", "relationship")
    again = load(tmp_path, model=GOOD.replace("seats >= 200", "seats >= 300"), asked=SURVEY)
    assert Versions(again).of("surveys", "relationship") != before
    assert len(before) == 16


@pytest.mark.slow
def test_the_schema_knows_surveys() -> None:
    assert "surveys" in project_schema()["properties"]


def test_a_day_of_closing_is_a_day(tmp_path: Path) -> None:
    project = load(tmp_path, model=GOOD, asked=SURVEY.replace("closes: 30 days", "closes: 2026-12-31"))
    assert project.surveys["relationship"].closes == Closing(on=date(2026, 12, 31))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(["de-AT"], "de"), (["fr", "pt"], "pt-BR"), (["DE"], "de"), (["fr"], "en"), ([], "en"), (["pt_br"], "pt-BR")],
)
def test_the_best_language_is_the_first_wanted_that_is_offered(wanted: list[str], found: str) -> None:
    assert best_language(wanted, ("en", "de", "pt-BR")) == found


@pytest.mark.parametrize(
    ("text", "answers", "value"),
    [
        ("a > 3", {"a": 4}, True),
        ("a > 3", {}, None),
        ("not a > 3", {}, None),
        ("a is null or b = 'x'", {"b": "y"}, True),
        ("a between 2 and 4", {"a": 4}, True),
        ("a not in (1, 2)", {"a": 3}, True),
        ("a in (1, null)", {"a": 3}, None),
        ("a / 0 > 1", {"a": 3}, None),
        ("(a + b) % 4 = 1", {"a": 2, "b": 3}, True),
        ("coalesce(a, 7) = 7 and greatest(a, 2) = 2", {}, True),
        ("contains(b, 'ric') and starts_with(b, 'p') and length(b) = 5", {"b": "price"}, True),
    ],
)
def test_branching_means_what_expressions_mean(text: str, answers: dict[str, float | str], value: object) -> None:
    assert beyond_branching(parse(text)) is None
    assert value_of(parse(text), answers) is value


@pytest.mark.slow
@given(st.integers(0, 10), st.integers(-1, 11))
def test_reach_is_what_trying_every_answer_finds(low: int, high: int) -> None:
    model = KINDS["surveys"].adapter.validate_python(
        {
            "questions": (
                {"name": "a", "kind": "nps", "text": "A"},
                {"name": "b", "kind": "nps", "text": "B", "show_when": f"a < {low}", "end_when": f"b <= {high}"},
                {"name": "c", "kind": "text", "text": "C", "show_when": "b is not null"},
            )
        }
    )
    values = [None, *map(float, range(11))]
    shown = [(a, b) for a in values for b in values if is_true(parse(f"a < {low}"), {"a": a})]
    expected = {"a"} | ({"b"} if shown else set())
    if any(b is not None and not is_true(parse(f"b <= {high}"), {"b": b}) for _, b in shown):
        expected.add("c")
    assert reach_of(model).asked == expected
