"""Pages of those who answer are below /s/; those of people who work here below /surveys/."""

from __future__ import annotations

from django.urls import path

from keepwell.apps.surveys import people, views
from keepwell.apps.surveys.respondents import in_product
from keepwell.apps.surveys.respondents import views as respondents

urlpatterns = [
    path("s/ask", in_product.ask, name="ask_in_product"),
    path("s/<str:token>", respondents.respond, name="respond"),
    path("s/a/<str:token>", respondents.anonymous, name="respond_anonymously"),
    path("s/<str:token>/unsubscribe", respondents.unsubscribe, name="unsubscribe"),
    path("surveys/people/<uuid:key>/stop-asking/", people.stop_asking, name="stop_asking"),
    path("surveys/people/<uuid:key>/ask-again/", people.ask_again, name="ask_again"),
    path("surveys/<slug:survey>/send/", views.send, name="send_survey"),
    path("surveys/<slug:survey>/send/plan/", views.planned, name="survey_plan"),
    path("surveys/<slug:survey>/send/<int:send_id>/stop/", views.stop, name="stop_survey"),
    path("surveys/<slug:survey>/send/<int:send_id>/links.csv", views.personal_links, name="survey_personal_links"),
    path("surveys/<slug:survey>/links/add/", views.add_link, name="add_survey_link"),
    path("surveys/<slug:survey>/links/<int:link_id>/close/", views.close_link, name="close_survey_link"),
]
