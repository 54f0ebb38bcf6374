"""What a panel of the customer page is. To add one: a file here with a PANEL, and its line in `panels/__init__`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.models import Account


@dataclass(frozen=True)
class Panel:
    """One part of the page, loaded on its own from /customers/<id>/panels/<name>/.

    `view` is handed an account that the person may see, and answers with the panel's inside; opened by itself, the
    same answer is put into a whole page. `size`: the height kept free until it arrives (small, medium or large).
    """

    name: str
    title: str
    view: Callable[[HttpRequest, Account], HttpResponse]
    permission: Permission = Permission.VIEW
    size: str = "medium"
