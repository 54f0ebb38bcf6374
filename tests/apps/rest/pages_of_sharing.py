"""Pages for customers and dashboards that leave the page, beside the operations of the API that do the same."""

from __future__ import annotations

from tests.apps.rest.without import Without

_OUTSIDE = Without("for whoever got the link by mail, in a browser; programs read the account itself")
_FRAME = Without("stands in a frame of another page; programs ask for the numbers of widgets")
_FILE = Without("a file for people to look at; programs ask for the numbers of widgets")

SHARED: dict[str, tuple[str, ...] | Without] = {
    "c/<str:token>": _OUTSIDE,
    "c/<str:token>/code": _OUTSIDE,
    "c/<str:token>/open": _OUTSIDE,
    "c/<str:token>/close": _OUTSIDE,
    "customers/<str:account_id>/page/": ("get_customer_page", "put_customer_page", "list_customer_page_links"),
    "customers/<str:account_id>/page/preview/": Without("what people look at before they send it"),
    "customers/<str:account_id>/page/send/": ("post_customer_page_link",),
    "customers/<str:account_id>/page/links/<int:link_id>/revoke/": ("post_customer_page_revoke",),
    "customers/<str:account_id>/page/views/<int:view_id>/": ("list_customer_page_views",),
    "dashboards/<str:key>/mail/": ("post_schedule",),
    "dashboards/<str:key>/embed/": ("post_embed",),
    "dashboards/<str:key>/file.pdf": _FILE,
    "dashboards/<str:key>/file.png": _FILE,
    "schedules/": ("list_schedules",),
    "schedules/<int:schedule_id>/": ("get_schedule", "put_schedule", "list_schedule_letters"),
    "schedules/<int:schedule_id>/end/": ("post_schedule_end",),
    "schedules/<int:schedule_id>/leave/": ("post_schedule_leave",),
    "schedules/<int:schedule_id>/send/": ("post_schedule_send",),
    "embeds/": ("list_embeds",),
    "embeds/<int:embed_id>/revoke/": ("post_embed_revoke",),
    "e/<str:token>/": _FRAME,
    "e/<str:token>/layout.css": _FRAME,
}
SHARED_PANELS: dict[str, tuple[str, ...]] = {"customer_page": ("list_customer_page_links",)}
