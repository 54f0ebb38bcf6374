"""Forms of the cockpit; what they let through is still for operations to judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from keepwell.apps.access.models import User
from keepwell.apps.cockpit.playbooks import InForce
from keepwell.apps.cockpit.words import BY_HAND_OUTCOMES, CallType, Priority
from keepwell.apps.ui.inputs import Day, text_of

_OUTCOMES = [(one.value, one.label) for one in BY_HAND_OUTCOMES]


class People(forms.ChoiceField):
    """Somebody by number; the first choice is nobody in particular."""

    def __init__(self, empty: str, **kwargs: Any) -> None:
        self.empty = empty
        super().__init__(**kwargs)

    def offer(self, people: Sequence[User]) -> None:
        self.choices = [("", self.empty), *((str(one.pk), one.name) for one in people)]

    def clean(self, value: Any) -> int | None:
        found = super().clean(value)
        return int(found) if found else None


class CallForm(forms.Form):
    """A call that is opened by hand."""

    type = forms.ChoiceField(choices=CallType.choices)
    title = forms.CharField(max_length=300, help_text="What is to be done, such as: Win back the sponsor")
    reason_words = forms.CharField(label="Reason", max_length=300, required=False,
        help_text="Why, in a few words; an open call of the same type and reason is updated instead")  # fmt: skip
    text = forms.CharField(label="What to know", required=False, max_length=20_000, widget=text_of(4))
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int, initial=Priority.NORMAL)
    owner_id = People("The CSM of the account", label="Owner", required=False)
    due_on = forms.DateField(label="Due", required=False, widget=Day())
    playbook = forms.ChoiceField(required=False)
    relationship_id = forms.ChoiceField(label="Unit", required=False)

    def __init__(self, *args: Any, people: Sequence[User] = (), books: Sequence[InForce] = (),
                 units: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["owner_id"].offer(people)  # type: ignore[attr-defined]
        _offer(self, "playbook", [("", "None"), *((one.name, one.title) for one in books)])
        _offer(self, "relationship_id", [("", "The whole account"), *units])


class EditForm(forms.Form):
    title = forms.CharField(max_length=300)
    text = forms.CharField(label="What to know", required=False, max_length=20_000, widget=text_of(4))
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int)


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=[("", "Choose how it ended"), *((one.value, one.label) for one in BY_HAND_OUTCOMES)]
    )
    note = forms.CharField(label="What came of it", required=False, max_length=5000, widget=text_of(3))


class SnoozeForm(forms.Form):
    until = forms.DateField(label="Through", widget=Day())
    reason = forms.CharField(label="Why it can wait", max_length=300)


class AssignForm(forms.Form):
    owner_id = People("Choose somebody", label="Owner")

    def __init__(self, *args: Any, people: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_id"].offer(people)  # type: ignore[attr-defined]


class DueForm(forms.Form):
    due_on = forms.DateField(label="Due", required=False, widget=Day())
    with_tasks = forms.BooleanField(label="Move open tasks by as many business days", required=False)


class PlaybookForm(forms.Form):
    playbook = forms.ChoiceField()

    def __init__(self, *args: Any, books: Sequence[InForce] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "playbook", [("", "Choose a playbook"), *((one.name, one.title) for one in books)])


class TaskForm(forms.Form):
    title = forms.CharField(max_length=300)
    help_text = forms.CharField(label="How it is done", required=False, max_length=5000, widget=text_of(2))
    owner_id = People("The owner of the call", label="Owner", required=False)
    due_on = forms.DateField(label="Due", required=False, widget=Day())

    def __init__(self, *args: Any, people: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_id"].offer(people)  # type: ignore[attr-defined]


class SkipForm(forms.Form):
    reason = forms.CharField(label="Why it is left out", max_length=300)


class CommentForm(forms.Form):
    text = forms.CharField(
        label="Comment", max_length=10_000, widget=text_of(3), help_text="@ and a colleague's name tells them"
    )


class WatchForm(forms.Form):
    user_id = People("Choose somebody", label="Colleague of any team")

    def __init__(self, *args: Any, people: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user_id"].offer(people)  # type: ignore[attr-defined]


class AttachForm(forms.Form):
    """A link or a file."""

    url = forms.CharField(label="Link", required=False, max_length=1000)
    file = forms.FileField(required=False, help_text="At most 5 MB")
    name = forms.CharField(label="Called", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("url")) == bool(data.get("file")):
            raise forms.ValidationError("give a link or a file, one of the two")
        return data


class RiskForm(forms.Form):
    mitigation = forms.CharField(label="What is done about it", required=False, max_length=5000, widget=text_of(3))
    review_on = forms.DateField(label="Next review", required=False, widget=Day())


class CalendarForm(forms.Form):
    zone = forms.CharField(label="Time zone", max_length=60, help_text="Such as Europe/Berlin")
    holidays = forms.CharField(label="Holidays", required=False, max_length=12,
        help_text="Country or a part of one: DE, DE-BY, US-CA; empty for weekends alone")  # fmt: skip


class PlanForm(forms.Form):
    title = forms.CharField(max_length=300, help_text="What the customer wants, such as: Roll out to all plants")
    text = forms.CharField(label="What to know", required=False, max_length=20_000, widget=text_of(4))
    owner_id = People("The CSM of the account", label="Owner", required=False)
    starts_on = forms.DateField(label="Begins", widget=Day())
    ends_on = forms.DateField(label="Ends", required=False, widget=Day())

    def __init__(self, *args: Any, people: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_id"].offer(people)  # type: ignore[attr-defined]


class ObjectiveForm(forms.Form):
    title = forms.CharField(max_length=300)
    measure = forms.CharField(label="Reached when", required=False, max_length=300)
    owner_id = People("The owner of the plan", label="Owner", required=False)
    due_on = forms.DateField(label="Due", required=False, widget=Day())

    def __init__(self, *args: Any, people: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_id"].offer(people)  # type: ignore[attr-defined]


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    """A field with nothing to choose from is not asked."""
    if len(choices) > 1 or form.fields[name].required:
        form.fields[name].choices = choices  # type: ignore[attr-defined]
    else:
        del form.fields[name]
