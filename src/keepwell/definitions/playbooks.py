"""Playbooks: the tasks that belong to a kind of work, with their dates and owners."""

from __future__ import annotations

from typing import Annotated, Union

from pydantic import Discriminator, Field, StringConstraints, Tag, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from keepwell.definitions.actions import CallType
from keepwell.definitions.base import Definition, Documented
from keepwell.definitions.delays import Delay, DelayField
from keepwell.definitions.names import Name, unknown
from keepwell.definitions.owners import Owner
from keepwell.definitions.texts import Text

Link = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Email(Definition):
    """A letter to start from; texts may have fields."""

    subject: Text = Field(description="Its subject")
    text: Text = Field(description="Its text")


class AfterTask(Definition):
    """So long after another task is done."""

    task: Name = Field(description="The other task")
    days: Annotated[int, Field(ge=0, le=3660)] | None = Field(None, description="Calendar days after it is done")
    business_days: Annotated[int, Field(ge=0, le=3660)] | None = Field(
        None, description="Days on which the team works after it is done"
    )

    @model_validator(mode="after")
    def _is_one_delay(self) -> AfterTask:
        if (self.days is None) == (self.business_days is None):
            raise ValueError("say how long after the task: one of days and business_days")
        return self

    @property
    def delay(self) -> Delay:
        return Delay(self.days or 0) if self.days is not None else Delay(self.business_days or 0, business=True)


After = Annotated[
    Union[Annotated[DelayField, Tag("after the start")], Annotated[AfterTask, Tag("after a task")]],  # noqa: UP007
    Discriminator(lambda data: "after a task" if isinstance(data, dict | AfterTask) else "after the start"),
]


class Task(Documented):
    """One thing to do."""

    name: Name = Field(description="What other tasks call it; unique in the playbook")
    after: After = Field(Delay(0), description="When it is due: so long after the start, or after another task")
    owner: Owner = Field("csm", description="Who does it")
    required: bool = Field(True, description="Whether the work can be closed as done without it")
    needs: tuple[Name, ...] = Field((), description="Tasks that must be done before")
    email: Email | None = Field(None, description="A letter to send")
    attachments: tuple[Link, ...] = Field((), description="Links to what helps")


class Playbook(Documented):
    """The tasks of a call to action."""

    call_type: CallType | None = Field(
        None, alias="for", description="The type of call to action it is for; any unless said here"
    )
    tasks: tuple[Task, ...] = Field(min_length=1, description="What to do, in the order in which it is shown")

    @model_validator(mode="after")
    def _fits_together(self) -> Playbook:
        problems = [*_names_found_twice(self.tasks), *_unknown_tasks(self.tasks)]
        if not problems and (circle := _circle({task.name: _before(task) for task in self.tasks})):
            first = next(place for place, task in enumerate(self.tasks) if task.name == circle[0])
            key = "needs" if circle[1] in self.tasks[first].needs else "after"
            said = f"tasks wait for each other in a circle: {' -> '.join(circle)}; break it at one of them"
            problems.append((("tasks", first, key), said))
        if problems:
            raise ValidationError.from_exception_data("Playbook", [_detail(path, said) for path, said in problems])
        return self


_Problem = tuple[tuple[str | int, ...], str]


def _detail(path: tuple[str | int, ...], said: str) -> InitErrorDetails:
    """What is wrong as pydantic says it of a place within the playbook."""
    kind = PydanticCustomError("value_error", "{error}", {"error": said})
    return InitErrorDetails(type=kind, loc=path, input=None)


def _names_found_twice(tasks: tuple[Task, ...]) -> list[_Problem]:
    names = [task.name for task in tasks]
    return [
        (("tasks", place, "name"), f"each task needs a name of its own; found twice: {name}")
        for place, name in enumerate(names)
        if name in names[:place]
    ]


def _unknown_tasks(tasks: tuple[Task, ...]) -> list[_Problem]:
    names = [task.name for task in tasks]
    found: list[_Problem] = []
    for place, task in enumerate(tasks):
        said = f"task '{task.name}': "
        if isinstance(task.after, AfterTask) and task.after.task not in names:
            found.append((("tasks", place, "after", "task"), said + unknown("task", task.after.task, names)))
        found += [
            (("tasks", place, "needs"), said + unknown("task", other, names))
            for other in task.needs
            if other not in names
        ]
    return found


def _before(task: Task) -> tuple[str, ...]:
    after = (task.after.task,) if isinstance(task.after, AfterTask) else ()
    return tuple(dict.fromkeys((*task.needs, *after)))


def _circle(before: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """One circle of names, or none: tasks without open predecessors are taken away until none is left."""
    left = dict(before)
    while free := [name for name, needed in left.items() if not any(one in left for one in needed)]:
        for name in free:
            del left[name]
    if not left:
        return ()
    way = [min(left)]
    while way[-1] not in way[:-1]:
        way.append(next(one for one in left[way[-1]] if one in left))
    return tuple(way[way.index(way[-1]) :])
