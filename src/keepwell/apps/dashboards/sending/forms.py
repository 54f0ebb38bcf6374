"""What people choose of a schedule; operations judge it."""

from __future__ import annotations

from typing import Any

from django import forms

from keepwell.apps.access.models import User
from keepwell.apps.dashboards.sending.models import Schedule
from keepwell.apps.dashboards.sending.operations import Said, said_of

_WEEKDAYS = list(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))
_EVERY = [("day", "Day"), ("week", "Week"), ("month", "Month")]


class Clock(forms.TimeInput):
    input_type = "time"


class ScheduleForm(forms.Form):
    recipients = forms.TypedMultipleChoiceField(
        label="To", coerce=int, widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="Each gets the numbers that they may see themselves",
    )  # fmt: skip
    every = forms.ChoiceField(label="Every", choices=_EVERY, initial="week")
    weekday = forms.TypedChoiceField(label="Day of the week", choices=_WEEKDAYS, coerce=int, initial=0)
    day = forms.IntegerField(
        label="Day of the month", min_value=1, max_value=31, initial=1,
        help_text="For every month; its last day where it is shorter",
    )  # fmt: skip
    at = forms.TimeField(label="At", initial="08:00", widget=Clock(format="%H:%M"))
    zone = forms.CharField(label="Time zone", max_length=60, help_text="Such as Europe/Berlin")
    with_csv = forms.BooleanField(label="With a CSV file of each widget", required=False)
    with_pdf = forms.BooleanField(label="With the whole dashboard as a PDF", required=False)

    def __init__(self, *args: Any, people: list[User], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["recipients"].choices = [(one.pk, str(one)) for one in people]  # type: ignore[attr-defined]

    def said(self) -> Said:
        return Said(**self.cleaned_data)

    @classmethod
    def of(cls, schedule: Schedule, people: list[User]) -> ScheduleForm:
        return cls(initial=vars(said_of(schedule)), people=people)
