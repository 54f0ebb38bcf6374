"""Pages of those who answer are below /s/; those of people who work here below /surveys/."""

from __future__ import annotations

from django.urls import path

from keepwell.apps.surveys.respondents import views as respondents

urlpatterns = [
    path("s/<str:token>", respondents.respond, name="respond"),
    path("s/a/<str:token>", respondents.anonymous, name="respond_anonymously"),
    path("s/<str:token>/unsubscribe", respondents.unsubscribe, name="unsubscribe"),
]
