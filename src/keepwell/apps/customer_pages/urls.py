"""The customer's pages are below /c/; those of people who work here beside the account."""

from __future__ import annotations

from django.urls import path

from keepwell.apps.customer_pages.outside import views as outside
from keepwell.apps.customer_pages.views import pages

urlpatterns = [
    path("c/<str:token>", outside.page, name="outside_page"),
    path("c/<str:token>/code", outside.code, name="outside_code"),
    path("c/<str:token>/open", outside.open_page, name="outside_open"),
    path("c/<str:token>/close", outside.leave, name="outside_close"),
    path("customers/<str:account_id>/page/", pages.page, name="customer_page"),
    path("customers/<str:account_id>/page/preview/", pages.preview, name="customer_page_preview"),
    path("customers/<str:account_id>/page/send/", pages.send, name="send_customer_page"),
    path("customers/<str:account_id>/page/links/<int:link_id>/revoke/", pages.revoke, name="revoke_customer_page"),
    path("customers/<str:account_id>/page/views/<int:view_id>/", pages.view, name="customer_page_view"),
]
