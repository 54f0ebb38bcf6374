from __future__ import annotations

from django.urls import path

from keepwell.apps.usage.views import quarantine, write_keys

urlpatterns = [
    path("configure/write-keys/", write_keys.keys, name="write_keys"),
    path("configure/write-keys/<int:key_id>/", write_keys.key, name="write_key"),
    path("configure/write-keys/<int:key_id>/revoke/", write_keys.revoke, name="revoke_write_key"),
    path("configure/quarantine/", quarantine.quarantine, name="quarantine"),
    path("configure/quarantine/replay/", quarantine.replay_all, name="replay_quarantine"),
    path("configure/quarantine/discard/", quarantine.discard_all, name="discard_quarantine"),
    path("configure/quarantine/<int:message_id>/", quarantine.message, name="quarantined"),
    path("configure/quarantine/<int:message_id>/replay/", quarantine.replay, name="replay_quarantined"),
    path("configure/quarantine/<int:message_id>/discard/", quarantine.discard, name="discard_quarantined"),
]
