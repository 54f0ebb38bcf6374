from __future__ import annotations

from django.urls import path

from keepwell.apps.connectors.views import connections, editing, exports, syncs

urlpatterns = [
    path("configure/connectors/", connections.connectors, name="connectors"),
    path("configure/connectors/new/<slug:kind>/", connections.new_connection, name="new_connection"),
    path("configure/connectors/<slug:name>/", connections.connection, name="connection"),
    path("configure/connectors/<slug:name>/check/", connections.check_connection, name="check_connection"),
    path("configure/connectors/<slug:name>/remove/", connections.remove_connection, name="remove_connection"),
    path("configure/connectors/<slug:name>/streams/", connections.streams, name="streams"),
    path("configure/connectors/<slug:connection>/sync/", editing.new_sync, name="new_sync"),
    path("configure/syncs/<slug:name>/", syncs.sync, name="sync"),
    path("configure/syncs/<slug:name>/edit/", editing.edit_sync, name="edit_sync"),
    path("configure/syncs/<slug:name>/run/", syncs.run_sync, name="run_sync"),
    path("configure/syncs/<slug:name>/pause/", syncs.pause_sync, name="pause_sync"),
    path("configure/syncs/<slug:name>/remove/", syncs.remove_sync, name="remove_sync"),
    path("configure/sync-runs/<int:run_id>/", syncs.run, name="sync_run"),
    path("configure/sync-runs/<int:run_id>/errors.csv", syncs.errors, name="sync_errors"),
    path("configure/write-back/", exports.write_back, name="write_back"),
    path("configure/write-back/new/<slug:target>/", exports.new_export, name="new_export"),
    path("configure/write-back/<slug:name>/", exports.export, name="export"),
    path("configure/write-back/<slug:name>/send/", exports.send, name="send_export"),
    path("configure/write-back/<slug:name>/pause/", exports.pause_export, name="pause_export"),
    path("configure/write-back/<slug:name>/remove/", exports.remove_export, name="remove_export"),
]
