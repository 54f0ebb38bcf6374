"""The feature map: products, modules and features, as rules over events."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from keepwell.definitions.base import Definition, Documented
from keepwell.definitions.names import Name

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""A text in which * stands for any characters, none included."""

PropertyName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_$][A-Za-z0-9_$ .:-]*$", max_length=100)]


def _texts(value: Any) -> Any:
    """One value or several, as texts the way JSON writes them."""
    several = value if isinstance(value, tuple | list) else (value,)
    return tuple(_text(one) for one in several)


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else value


Values = Annotated[
    tuple[Annotated[str, StringConstraints(max_length=500)], ...], BeforeValidator(_texts), Field(min_length=1)
]


class EventRule(Definition):
    """Events that belong to a feature: all that a rule names must hold."""

    event: Pattern | None = Field(
        None, description="The name of the event; `*` stands for any characters", examples=["board_opened", "board_*"]
    )
    url: Pattern | None = Field(
        None,
        description="The page it happened on: a path such as /boards/* (queries and anchors do not count), or a whole "
        "address; `*` stands for any characters",
        examples=["/boards/*"],
    )
    properties: dict[PropertyName, Values] = Field(
        default_factory=dict, description="Properties with the value they must have, or a list of those they may have"
    )

    @model_validator(mode="after")
    def _says_something(self) -> EventRule:
        if not (self.event or self.url or self.properties):
            raise ValueError("a rule names an event, a url or properties")
        named = [pattern for pattern in (self.event, self.url) if pattern is not None]
        if named and not self.properties and all(not pattern.strip("*") for pattern in named):
            raise ValueError("this rule fits every event; name the ones that belong to the feature")
        return self


class Feature(Documented):
    """Something that customers can use. An event belongs to the first feature with a rule that fits it."""

    product: Name = Field("product", description="The product it is part of")
    module: Name = Field("general", description="The part of that product")
    order: int = Field(0, description="Features are tried from the lowest order up, of the same order by name")
    rules: tuple[EventRule, ...] = Field(description="An event belongs to the feature where one of them fits")

    @model_validator(mode="after")
    def _has_rules(self) -> Feature:
        if not self.rules:
            raise ValueError("a feature needs at least one rule, such as {event: board_opened}")
        twice = [rule for place, rule in enumerate(self.rules) if rule in self.rules[:place]]
        if twice:
            raise ValueError("a rule stands here twice; once is enough")
        return self
