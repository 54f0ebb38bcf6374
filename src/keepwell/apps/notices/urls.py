from __future__ import annotations

from django.urls import path

from keepwell.apps.notices.views import channels, deliveries, notices, settings

urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read_notices"),
    path("notices/<int:notice_id>/read/", notices.read, name="read_notice"),
    path("me/alerts/", settings.alert_settings, name="alert_settings"),
    path("configure/channels/", channels.channels, name="channels"),
    path("configure/channels/<slug:name>/", channels.channel, name="channel"),
    path("configure/channels/<slug:name>/secret/", channels.rotate, name="rotate_channel"),
    path("configure/channels/<slug:name>/try/", channels.try_out, name="try_channel"),
    path("configure/channels/<slug:name>/remove/", channels.remove, name="remove_channel"),
    path("configure/channels/<slug:name>/replay/", deliveries.replay_all, name="replay_channel"),
    path("configure/channels/<slug:name>/drop/", deliveries.drop_all, name="drop_channel"),
    path("configure/deliveries/<int:delivery_id>/", deliveries.delivery, name="delivery"),
    path("configure/deliveries/<int:delivery_id>/replay/", deliveries.replay, name="replay_delivery"),
    path("configure/deliveries/<int:delivery_id>/drop/", deliveries.drop, name="drop_delivery"),
]
