"""What a rule does: each action is a map with one key, its kind."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from keepwell.definitions.base import Definition, Score, one_or_several
from keepwell.definitions.datasets import Column
from keepwell.definitions.delays import DelayField
from keepwell.definitions.durations import Days
from keepwell.definitions.names import Name
from keepwell.definitions.owners import Owner, Recipients
from keepwell.definitions.texts import Text

CallType = Literal["risk", "opportunity", "lifecycle", "activity", "objective"]
Priority = Literal["low", "normal", "high", "urgent"]
Scalar = float | bool | str | None


class OpenCall(Definition):
    """Opens a call to action; where one of the same account, type and reason is open, that one is updated."""

    type: CallType = Field(description="What kind of work it is")
    reason: Name = Field(description="Why, as a name; with account and type it says which call is the same")
    title: Text | None = Field(None, description="What the list of calls shows; the title of the rule unless said here")
    text: Text | None = Field(None, description="What whoever works it should know")
    priority: Priority = Field("normal", description="How much it presses")
    owner: Owner = Field("csm", description="Who works it")
    due: DelayField | None = Field(None, description="How long after it was opened")
    playbook: Name | None = Field(None, description="The playbook whose tasks it gets")


class UpdateCall(Definition):
    """Changes the open call of this type and reason; nothing where there is none."""

    type: CallType = Field(description="The type of the call")
    reason: Name = Field(description="The reason of the call")
    title: Text | None = Field(None, description="Its new title")
    priority: Priority | None = Field(None, description="Its new priority")
    owner: Owner | None = Field(None, description="Its new owner")
    due: DelayField | None = Field(None, description="Its new due date, from today")
    comment: Text | None = Field(None, description="A comment on it")

    @model_validator(mode="after")
    def _changes_something(self) -> UpdateCall:
        changes = (self.title, self.priority, self.owner, self.due, self.comment)
        if all(one is None for one in changes):
            raise ValueError("an update changes something: give title, priority, owner, due or comment")
        return self


class CloseCall(Definition):
    """Closes the open call of this type and reason; nothing where there is none."""

    type: CallType = Field(description="The type of the call")
    reason: Name = Field(description="The reason of the call")
    outcome: Name = Field(description="How it ended, such as `recovered`")
    comment: Text | None = Field(None, description="A comment on it")


class SetScore(Definition):
    """Enters a score as the source `rule` of a measure."""

    measure: Name = Field(description="A measure that has `rule` among its sources")
    score: Score | None = Field(description="From 0 to 100; null withdraws what rules entered before")
    expires: Days | None = Field(None, description="After how long it no longer counts")
    comment: Text | None = Field(None, description="Why, for those who read the score")


class SetAttribute(Definition):
    """Sets an attribute of the account."""

    attribute: Column = Field(description="The attribute, as the accounts spell it")
    value: Scalar = Field(description="Text, a number, true or false, or null")


class SetStage(Definition):
    """Moves the account to a stage."""

    stage: Name = Field(description="The stage it comes to")
    reason: Text | None = Field(None, description="What its history says")


class Log(Definition):
    """Writes on the timeline."""

    type: Name = Field("update", description="The type of the entry")
    title: Text = Field(description="Its title")
    text: Text | None = Field(None, description="Its text")


def _several(value: Any) -> Any:
    return value if isinstance(value, tuple | list) else (value,)


class Notify(Definition):
    """Tells people."""

    to: Recipients = Field(description="One or several of csm, manager, team, and e-mail addresses")
    by: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=100)], ...], BeforeValidator(_several), one_or_several()
    ] = Field(("in_app",), min_length=1, description="`in_app`, `email`, or the names of channels, one or several")
    title: Text | None = Field(None, description="The subject; the title of the rule unless said here")
    text: Text = Field(description="What they read")


class Webhook(Definition):
    """Calls another system, signed and tried again."""

    to: Annotated[str, Field(min_length=1, max_length=100)] = Field(description="The name of an endpoint")
    data: dict[Annotated[str, Field(min_length=1, max_length=100)], Text | Scalar] = Field(
        default_factory=dict, description="What is sent beside account, rule and reason; texts may have fields"
    )


class AskAdvocate(Definition):
    """Asks the first active advocate of the account whom no limit stands against; fails where there is none."""

    kind: Name = Field(description="The kind of activity")
    text: Text | None = Field(None, description="What for, for whoever takes it up")


class OnList(Definition):
    """A list of accounts."""

    list: Annotated[str, Field(min_length=1, max_length=150)] = Field(description="The name of the list")


class StartRule(Definition):
    """Lets another rule look at the account, after the actions before this one."""

    rule: Name = Field(description="The rule that comes next; its own scope and condition count")


class OpenCallAction(Definition):
    open_call: OpenCall = Field(description="Opens a call to action")


class UpdateCallAction(Definition):
    update_call: UpdateCall = Field(description="Changes an open call to action")


class CloseCallAction(Definition):
    close_call: CloseCall = Field(description="Closes a call to action")


class SetScoreAction(Definition):
    set_score: SetScore = Field(description="Enters a score")


class SetAttributeAction(Definition):
    set_attribute: SetAttribute = Field(description="Sets an attribute")


class SetStageAction(Definition):
    set_stage: SetStage = Field(description="Moves the account to a stage")


class LogAction(Definition):
    log: Log = Field(description="Writes on the timeline")


class NotifyAction(Definition):
    notify: Notify = Field(description="Tells people")


class WebhookAction(Definition):
    webhook: Webhook = Field(description="Calls another system")


class AskAdvocateAction(Definition):
    ask_advocate: AskAdvocate = Field(description="Asks an advocate")


class AddToListAction(Definition):
    add_to_list: OnList = Field(description="Puts the account on a list")


class RemoveFromListAction(Definition):
    remove_from_list: OnList = Field(description="Takes the account from a list")


class StartRuleAction(Definition):
    start_rule: StartRule = Field(description="Lets another rule look at the account")


_ACTIONS: dict[str, type[Definition]] = {
    "open_call": OpenCallAction,
    "update_call": UpdateCallAction,
    "close_call": CloseCallAction,
    "set_score": SetScoreAction,
    "set_attribute": SetAttributeAction,
    "set_stage": SetStageAction,
    "log": LogAction,
    "notify": NotifyAction,
    "webhook": WebhookAction,
    "ask_advocate": AskAdvocateAction,
    "add_to_list": AddToListAction,
    "remove_from_list": RemoveFromListAction,
    "start_rule": StartRuleAction,
}
ACTION_KINDS = tuple(_ACTIONS)


def model_of(kind: str) -> type[Definition]:
    """What an action of this kind says: OpenCall for open_call..."""
    found = _ACTIONS[kind].model_fields[kind].annotation
    assert isinstance(found, type)
    assert issubclass(found, Definition)
    return found


def says(kind: str) -> str:
    """What an action of this kind does, in words: Opens a call to action."""
    return _ACTIONS[kind].model_fields[kind].description or kind


def kind_of(action: Definition) -> str:
    """The key that tells actions apart: one of ACTION_KINDS."""
    return next(kind for kind, model in _ACTIONS.items() if isinstance(action, model))


def parameters_of(action: Definition) -> Any:
    """What an action says beside its kind: an OpenCall, a SetScore..."""
    return getattr(action, kind_of(action))


def _tag_of(data: Any) -> str | None:
    if isinstance(data, Definition):
        return f"action {kind_of(data)}"
    named = [kind for kind in _ACTIONS if isinstance(data, dict) and kind in data]
    return f"action {named[0]}" if len(named) == 1 else None


Action = Annotated[
    Union[  # noqa: UP007 - a discriminated union is written this way
        Annotated[OpenCallAction, Tag("action open_call")],
        Annotated[UpdateCallAction, Tag("action update_call")],
        Annotated[CloseCallAction, Tag("action close_call")],
        Annotated[SetScoreAction, Tag("action set_score")],
        Annotated[SetAttributeAction, Tag("action set_attribute")],
        Annotated[SetStageAction, Tag("action set_stage")],
        Annotated[LogAction, Tag("action log")],
        Annotated[NotifyAction, Tag("action notify")],
        Annotated[WebhookAction, Tag("action webhook")],
        Annotated[AskAdvocateAction, Tag("action ask_advocate")],
        Annotated[AddToListAction, Tag("action add_to_list")],
        Annotated[RemoveFromListAction, Tag("action remove_from_list")],
        Annotated[StartRuleAction, Tag("action start_rule")],
    ],
    Discriminator(
        _tag_of,
        custom_error_type="action_kind",
        custom_error_message=f"an action is one of {', '.join(_ACTIONS)}, one a map",
    ),
]
