"""What stands in pages of others is below /e/."""

from __future__ import annotations

from django.urls import path

from keepwell.apps.dashboards.embedding import outside, views

urlpatterns = [
    path("e/<str:token>/", outside.embedded, name="embedded"),
    path("e/<str:token>/layout.css", outside.style, name="embedded_layout"),
    path("embeds/", views.embeds, name="embeds"),
    path("embeds/<int:embed_id>/revoke/", views.revoke, name="revoke_embed"),
    path("dashboards/<str:key>/embed/", views.new, name="new_embed"),
]
