from __future__ import annotations

from django.urls import path

from keepwell.apps.configuration.views import drafts, texts, versions

urlpatterns = [
    path("configure/drafts/", drafts.drafts, name="drafts"),
    path("configure/drafts/<int:draft_id>/", drafts.draft, name="draft"),
    path("configure/drafts/<int:draft_id>/publish/", drafts.publish, name="publish_draft"),
    path("configure/drafts/<int:draft_id>/discard/", drafts.discard, name="discard_draft"),
    path("configure/drafts/<int:draft_id>/undo/", drafts.undo, name="undo_draft"),
    path("configure/drafts/<int:draft_id>/update/", drafts.update, name="update_draft"),
    path("configure/drafts/<int:draft_id>/upload/", texts.upload, name="upload_draft"),
    path("configure/drafts/<int:draft_id>/download/", texts.download_draft, name="download_draft"),
    path("configure/drafts/<int:draft_id>/files/<path:path>/", texts.text, name="draft_text"),
    path("configure/definitions/", texts.definitions, name="definitions"),
    path("configure/versions/", versions.versions, name="versions"),
    path("configure/versions/<int:number>/", versions.version, name="version"),
    path("configure/versions/<int:number>/restore/", versions.restore, name="restore_version"),
    path("configure/versions/<int:number>/download/", texts.download_version, name="download_version"),
]
