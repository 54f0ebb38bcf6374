"""The e-mail of a task: seen with its fields filled, changed, and sent."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from keepwell.apps.access.actors import NotVisible, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.cockpit.letters import contacts_of, letter_of
from keepwell.apps.cockpit.models import Task
from keepwell.apps.cockpit.operations.mailing import send_letter
from keepwell.apps.cockpit.queries import task_for
from keepwell.apps.customers.models import Person
from keepwell.errors import FieldRefused


class LetterForm(forms.Form):
    contact = forms.ChoiceField(label="To")
    subject = forms.CharField(max_length=200)
    text = forms.CharField(max_length=50_000, widget=forms.Textarea(attrs={"rows": 12}))

    def __init__(self, *args: object, contacts: list[Person] | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        named = [(str(one.pk), f"{one.personal.name} <{one.personal.email}>") for one in contacts or []]
        self.fields["contact"].choices = named  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest, task_id: int) -> HttpResponse:
    """The letter as it would go out; somebody else at the customer fills it anew."""
    actor = actor_of(request)
    task = task_for(actor, task_id)
    require(actor, Permission.WRITE)
    if not task.email:
        raise NotVisible
    contacts = contacts_of(task.call.account)
    chosen = next(
        (one for one in contacts if str(one.pk) == request.GET.get("contact")), contacts[0] if contacts else None
    )
    letter = letter_of(task, chosen, actor.user)
    initial = {"contact": str(chosen.pk) if chosen else "", "subject": letter.subject, "text": letter.text}
    form = LetterForm(request.POST if request.method == "POST" else None, initial=initial, contacts=contacts)
    if form.is_valid() and _sent(request, task, form):
        return redirect(f"/cockpit/{task.call_id}/#task-{task_id}")
    context = {"task": task, "call": task.call, "account": task.call.account, "form": form, "letter": letter,
               "contacts": contacts, "chosen": chosen}  # fmt: skip
    return render(request, "cockpit/mail.html", context, status=422 if form.is_bound else 200)


def _sent(request: HttpRequest, task: Task, form: LetterForm) -> bool:
    try:
        send_letter(actor=actor_of(request), task_id=task.pk, **form.cleaned_data)
        messages.success(request, "It is on its way, and stands on the timeline.")
        return True
    except FieldRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return False
