"""How results are said: questions, choices, versions, intervals and ways in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from keepwell.apps.surveys.results.reading import Subject
from keepwell.definitions.survey_questions import MatrixQuestion, QuestionBase, Scale
from keepwell.engine.surveys.drivers import Driver
from keepwell.engine.surveys.intervals import Estimate
from keepwell.engine.surveys.scoring import DETRACTOR, PROMOTER

CHANNELS: Mapping[str, str] = {
    "email": "e-mail", "personal_link": "personal link", "anonymous_link": "anonymous link",
    "in_product": "inside the product", "import": "imported",
}  # fmt: skip
BYS: Mapping[str, str] = {
    "segment": "segment", "stage": "lifecycle stage", "owner": "owner", "language": "language", "channel": "way",
    "version": "version of the survey",
}  # fmt: skip
_LONGEST = 60


def question_words(subject: Subject, question: QuestionBase) -> str:
    """The question as it is asked in the default language; its name where it has no text."""
    return subject.said(question.text, question.name)


def short(text: str, most: int = _LONGEST) -> str:
    return text if len(text) <= most else f"{text[: most - 2].rstrip()} …"


def choice_words(subject: Subject, question: QuestionBase, value: str) -> str:
    """A choice, a row or a column as it is shown."""
    for key in ("choices", "columns", "rows"):
        for one in getattr(question, key, ()):
            if one.value == value:
                return subject.said(one.text, value)
    return value


def part_words(subject: Subject, question: QuestionBase, part: str | None) -> str:
    """A row of a matrix, or a thing of a ranking."""
    listed = question.rows if isinstance(question, MatrixQuestion) else getattr(question, "choices", ())
    return next((subject.said(one.text, part or "") for one in listed if one.value == part), part or "")


def driver_words(subject: Subject, driver: Driver) -> str:
    question = subject.survey.question(driver.question)
    asked = short(question_words(subject, question))
    part = f" ({short(part_words(subject, question, driver.part), 40)})" if driver.part else ""
    if driver.choice is None:
        return f"{asked}{part}"
    mark = "" if asked.endswith(("?", "!", ".", ":", "…")) and not part else ":"
    return f"{asked}{part}{mark} {short(choice_words(subject, question, driver.choice), 40)}"


def group_words(by: str, name: str, versions: Mapping[str, str]) -> str:
    """What a segment, a language and so on are called on a page."""
    if by == "channel":
        return CHANNELS.get(name, name)
    return versions.get(name, name) if by == "version" else name.replace("_", " ")


def score_name(scale: Scale) -> str:
    """What the headline of a question is called."""
    names = {"nps": "NPS", "csat": "Satisfied", "ces": "Easy"}
    return names.get(scale.kind, f"{scale.top_from} or more")


def unit_of(scale: Scale) -> str:
    return "" if scale.kind == "nps" else " %"


def number_text(value: float, unit: str = "", digits: int = 0) -> str:
    """With a true minus; digits as they were asked for."""
    text = f"{value:,.{digits}f}"
    return ("0" if text in ("-0", "0") else text.replace("-", "−")) + unit


def interval_text(estimate: Estimate | None, unit: str = "", digits: int = 0) -> str:
    """`31 to 48`, and nothing where there is no interval."""
    if estimate is None or estimate.low is None or estimate.high is None:
        return ""
    return f"{number_text(estimate.low, '', digits)} to {number_text(estimate.high, unit, digits)}"


def groups_of_score(scale: Scale) -> dict[str, tuple[str, int, int]]:
    """What answers are told apart by: words, and the range of numbers, both ends included."""
    if scale.kind == "nps":
        return {
            "detractors": ("Detractors (0 to 6)", 0, DETRACTOR), "passives": ("Passives (7 and 8)", 7, 8),
            "promoters": ("Promoters (9 and 10)", PROMOTER, 10),
        }  # fmt: skip
    low, top = scale.lowest, scale.top_from
    return {
        "low": (f"Below {top}", low, top - 1),
        "good": (f"{top} or more", top, scale.highest),
    }


def version_words(days: Mapping[str, date]) -> dict[str, str]:
    """Versions are hashes: people know them by the day of their first answer."""
    return {version: f"since {day:%d %b %Y} ({version[:7]})" for version, day in days.items()}
