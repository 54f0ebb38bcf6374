from __future__ import annotations

from django.urls import path

from keepwell.apps.surveys.measuring import views as measuring
from keepwell.apps.surveys.results.views import pages, responses

urlpatterns = [
    path("surveys/", pages.surveys, name="surveys"),
    path("surveys/<slug:survey>/", pages.results, name="survey_results"),
    path("surveys/<slug:survey>/comments/", pages.comments, name="survey_comments"),
    path("surveys/<slug:survey>/responses/", responses.responses, name="survey_responses"),
    path("surveys/<slug:survey>/responses/<str:key>/", responses.response, name="survey_response"),
    path("surveys/<slug:survey>/measure/", measuring.measure, name="survey_measure"),
    path("surveys/<slug:survey>/export.csv", responses.export, name="export_survey"),
]
