"""Panels whose figures are counted beside the page: a line that says so, until they are there."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from keepwell.apps.adoption import counting
from keepwell.apps.adoption.counting import StillCounting, waiting
from keepwell.apps.customers.models import Account
from keepwell.errors import KeepwellError


def counted(request: HttpRequest, name: str, account: Account, work: Callable[[], HttpResponse]) -> HttpResponse:
    """The panel, or why it is not there."""
    address, into = reverse("panel", args=[account.pk, name]), f"#{name}-body"
    try:
        with waiting(counting.OF_PAGES):
            return work()
    except StillCounting as still:
        context = {"counting": still, "address": address, "into": into}
        return render(request, "adoption/_counting.html", context)
    except KeepwellError as error:
        return render(request, "customer360/panels/_not_counted.html", {"error": error}, status=422)
