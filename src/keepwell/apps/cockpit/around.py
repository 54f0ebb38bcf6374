"""What stands around lists of calls and is the same for everybody: filters, orders and people, kept as HTML."""

from __future__ import annotations

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from markupsafe import escape

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import PERMISSIONS, Permission
from keepwell.apps.cockpit.filtering import Filters, Option, People, chips
from keepwell.apps.cockpit.ordering import ORDERS
from keepwell.apps.cockpit.playbooks import in_force
from keepwell.apps.ui.jinja import tables_of


def people_at_work() -> People:
    """Number and name of everybody who may work on calls, by name."""
    roles = [role for role, allowed in PERMISSIONS.items() if Permission.WRITE in allowed]
    return tuple(User.objects.filter(is_active=True, role__in=roles).order_by("name", "pk").values_list("pk", "name"))


def chips_html(filters: Filters, people: People, *, of_board: bool = False) -> SafeString:
    """Filters and orders; a board has no orders, and its columns are the states."""
    return _chips(filters, people, tuple((name, one.title) for name, one in in_force().items()), of_board)


@lru_cache(maxsize=128)
def _chips(filters: Filters, people: People, playbooks: tuple[tuple[str, str], ...], of_board: bool) -> SafeString:
    shown = [one for one in chips(filters, people, dict(playbooks)) if not (of_board and one.title == "State")]
    orders = [Option(title, filters.address(sort=name), name == filters.sort) for name, (title, _) in ORDERS.items()]
    template = tables_of("cockpit").get_template("chips.html")
    return mark_safe(template.render(chips=shown, orders=[] if of_board else orders, narrowed=filters.narrowed))


@lru_cache(maxsize=8)
def options_html(people: People) -> SafeString:
    return mark_safe("".join(f'<option value="{pk}">{escape(name)}</option>' for pk, name in people))
