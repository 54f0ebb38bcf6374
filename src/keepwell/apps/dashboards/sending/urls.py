from __future__ import annotations

from django.urls import path

from keepwell.apps.dashboards.sending import views

urlpatterns = [
    path("dashboards/<str:key>/mail/", views.new, name="new_schedule"),
    path("schedules/", views.schedules, name="schedules"),
    path("schedules/<int:schedule_id>/", views.schedule, name="schedule"),
    path("schedules/<int:schedule_id>/end/", views.end, name="end_schedule"),
    path("schedules/<int:schedule_id>/leave/", views.leave, name="leave_schedule"),
    path("schedules/<int:schedule_id>/send/", views.send, name="send_schedule"),
]
