"""Answers where no page is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere looks like a thing that somebody may not see."""
    return render(request, "ui/not_found.html", status=404)
