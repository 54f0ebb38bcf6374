"""A look at a stream, for the editor and the API: read now, kept nowhere."""

from __future__ import annotations

from keepwell.apps.connectors.models import Connection
from keepwell.apps.connectors.place import door, project, zone_of
from keepwell.apps.connectors.queries import settings_of
from keepwell.connect.document import SyncDocument
from keepwell.connect.previewing import Preview, first_rows, preview
from keepwell.connect.registry import source_of

_PATIENCE = 10


def looked_at(connection: Connection, stream: str, document: SyncDocument | None) -> Preview:
    """The first rows of a stream, read now. Raises SourceRefused."""
    pages = source_of(connection.kind).read(settings_of(connection), door(patience=_PATIENCE), stream, None)
    dataset = document.dataset if document else ""
    return preview(first_rows(pages), document, zone_of(project(), dataset))
