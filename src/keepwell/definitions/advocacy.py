"""Advocacy: what customers do for us, what each of it is worth, how often one may be asked, and who might be next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from keepwell.definitions.base import Definition, Documented, ExpressionField, one_or_several
from keepwell.definitions.durations import Days
from keepwell.definitions.names import Name

if TYPE_CHECKING:
    from keepwell.definitions.project import Project

TABLE = "keepwell.advocacy"
"""The table of activities, which datasets give as their `table`: its points rest on these definitions."""

REQUESTS_TABLE = "keepwell.advocacy_requests"

ActivityField = Literal["link", "review", "deal"]
Points = Annotated[float, Field(ge=0, le=1_000_000)]
Times = Annotated[int, Field(ge=1, le=1000)]


def _several(value: Any) -> Any:
    return value if isinstance(value, tuple | list) else (value,)


class DealImpact(Definition):
    """Points for a deal that an activity influenced, beside those of the activity itself."""

    per: Annotated[float, Field(gt=0)] = Field(description="An amount of the deal, in the currency of ARR")
    points: Points = Field(description="Points for each such amount, parts of it included")
    won: Points = Field(0.0, description="Points once the deal is won, whatever its amount")
    at_most: Points | None = Field(None, description="The most that one activity gets for its deal")


class Limits(Definition):
    """How often one may be asked, in a quarter of the calendar."""

    per_person: Times | None = Field(None, description="So many for one person, asked for and done together")
    per_account: Times | None = Field(None, description="So many for one account, all its people together")
    rest: Days | None = Field(None, description="How long a person is left in peace after it was asked for or done")


class AdvocacyActivity(Documented):
    """A kind of activity by which a customer speaks for us."""

    enabled: bool = Field(True, description="Whether it can be logged and asked for; what was logged keeps its points")
    order: int = Field(100, description="Its place in lists, of the same by name")
    points: Points = Field(description="What one of it is worth on its day")
    half_life: Days | None = Field(None, description="After so long half of its points are left")
    zero_after: Days | None = Field(None, description="Its points fall evenly to nothing in so long")
    impact: DealImpact | None = Field(None, description="Points for the deal that it influenced")
    limits: Limits = Field(Limits(), description="How often one may be asked")
    asked_for: bool = Field(True, description="Whether it can be asked for by a request")
    fields: Annotated[tuple[ActivityField, ...], BeforeValidator(_several), one_or_several()] = Field(
        ("link",), description="What it is logged with: `link`, `review` (site and rating), `deal`, one or several"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> AdvocacyActivity:
        problems = [f"'{one}' stands twice in 'fields'" for one in sorted({*_twice(self.fields)})]
        if self.half_life is not None and self.zero_after is not None:
            problems.append("points decay in one way: give 'half_life' or 'zero_after', not both")
        if self.impact is not None and "deal" not in self.fields:
            problems.append("'impact' is about a deal, and 'deal' is not in 'fields'; add it there")
        if problems:
            raise ValueError("; ".join(problems))
        return self


class AdvocacyCandidates(Documented):
    """Who might become an advocate: people for whom `people` is true, at accounts for which `accounts` is."""

    enabled: bool = Field(True, description="A rule that is not enabled is checked and finds nobody")
    accounts: ExpressionField = Field(description="An expression over accounts")
    people: ExpressionField | None = Field(
        None, description="An expression over people and their account; without it, whole accounts are found"
    )
    suggests: tuple[Name, ...] = Field((), description="The kinds of activity to ask them for")


def _twice(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if names.count(name) > 1]


_DEFAULT_ACTIVITIES: dict[str, dict[str, Any]] = {
    "reference_call": {
        "title": "Reference call", "help": "A customer talks with somebody who thinks of buying", "order": 1,
        "points": 10, "half_life": "180 days", "fields": ("link", "deal"),
        "impact": {"per": 10_000, "points": 1, "won": 10, "at_most": 40},
        "limits": {"per_person": 2, "per_account": 4, "rest": "30 days"},
    },
    "referral": {
        "title": "Referral", "help": "A customer brings us into contact with somebody", "order": 2,
        "points": 15, "half_life": "365 days", "fields": ("link", "deal"),
        "impact": {"per": 10_000, "points": 2, "won": 20, "at_most": 60}, "limits": {"per_person": 2},
    },
    "case_study": {
        "title": "Case study", "help": "A written story with figures, published with the customer's name", "order": 3,
        "points": 30, "half_life": "365 days", "fields": ("link", "deal"),
        "limits": {"per_person": 1, "per_account": 1, "rest": "90 days"},
    },
    "success_story": {
        "title": "Success story", "help": "A quotation or a short story", "order": 4, "points": 15,
        "half_life": "365 days", "limits": {"per_person": 1, "per_account": 2},
    },
    "review": {
        "title": "Review", "help": "A review on a public site, with its rating", "order": 5, "points": 10,
        "half_life": "365 days", "fields": ("link", "review"), "limits": {"per_person": 2},
    },
    "speaking": {
        "title": "Speaking", "help": "A talk at a conference or an event", "order": 6, "points": 25,
        "half_life": "270 days", "fields": ("link", "deal"), "limits": {"per_person": 1, "per_account": 2},
    },
    "webinar": {
        "title": "Webinar", "help": "A part in a webinar of ours", "order": 7, "points": 15,
        "half_life": "180 days", "fields": ("link", "deal"), "limits": {"per_person": 1, "per_account": 2},
    },
    "community": {
        "title": "Community", "help": "Answers and posts where other customers read them", "order": 8, "points": 3,
        "half_life": "90 days", "asked_for": False,
    },
    "advisory_board": {
        "title": "Advisory board", "help": "A year on the board that advises us", "order": 9, "points": 25,
        "zero_after": "365 days", "limits": {"per_person": 1, "per_account": 1},
    },
}  # fmt: skip

DEFAULT_ACTIVITIES: Mapping[str, AdvocacyActivity] = {
    name: AdvocacyActivity.model_validate(content, strict=False) for name, content in _DEFAULT_ACTIVITIES.items()
}
"""Kinds of activity that every project has; one of the same name in a project takes the place of one of these."""

DEFAULT_CANDIDATES: Mapping[str, AdvocacyCandidates] = {
    "happy_promoters": AdvocacyCandidates.model_validate(
        {
            "title": "Happy promoters",
            "help": "They would recommend us, their account is healthy, and they know us well",
            "accounts": "health = 'good' and tenure_days > 180 and open_risks = 0",
            "people": "nps >= 9 and not is_advocate",
            "suggests": ("reference_call", "review"),
        }
    )
}
"""The rule that every project has; rules of one's own stand beside it, and one of its name takes its place."""


def activities_of(project: Project | None) -> dict[str, AdvocacyActivity]:
    """All kinds of activity of a project in their order, those that come with Keepwell included."""
    own = project.advocacy_activities if project else {}
    every = {**DEFAULT_ACTIVITIES, **own}
    return dict(sorted(every.items(), key=lambda one: (one[1].order, one[0])))


def candidates_of(project: Project | None) -> dict[str, AdvocacyCandidates]:
    """The rules that find candidates, by name, those that are not enabled left out."""
    every = {**DEFAULT_CANDIDATES, **(project.advocacy_candidates if project else {})}
    return {name: one for name, one in sorted(every.items()) if one.enabled}
