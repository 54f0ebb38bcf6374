"""Files of calls, as they are handed out."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

from keepwell.apps.cockpit.models import Attachment


def as_file(attachment: Attachment) -> HttpResponse:
    """To be saved and never to be shown, whatever it is; of a link its address."""
    content = attachment.url.encode() if attachment.url else bytes(attachment.content or b"")
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.name)}"
    return response
