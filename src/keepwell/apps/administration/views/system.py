"""How the installation is, and what to do where it is not well."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.administration.checks import all_checks, failed_jobs
from keepwell.apps.administration.operations.jobs import retry_job
from keepwell.apps.administration.operations.mail import send_failed_mail_again
from keepwell.apps.notices.queries import outbox


def system(request: HttpRequest) -> HttpResponse:
    checks = all_checks(actor_of(request))
    context = {
        "checks": checks,
        "ill": [one for one in checks if not one.good],
        "jobs": failed_jobs(),
        "outbox": outbox(),
    }
    return render(request, "administration/system.html", context)


@require_POST
def send_mail_again(request: HttpRequest) -> HttpResponse:
    count = send_failed_mail_again(actor=actor_of(request))
    messages.success(request, f"{count} messages are tried again.")
    return redirect("system")


@require_POST
def try_job_again(request: HttpRequest, job_id: int) -> HttpResponse:
    job = retry_job(actor=actor_of(request), job_id=job_id)
    messages.success(request, f"Job {job.pk} ({job.name}) is done again as soon as a worker is free.")
    return redirect("system")
