"""E-mail files: subject, date, people and text of a letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

from keepwell.apps.timeline.content import LONGEST, Content
from keepwell.apps.timeline.types import EMAIL
from keepwell.errors import RequestRefused

LARGEST = 10_000_000


@dataclass(frozen=True)
class Letter:
    """`id` is what the sender's program called it, empty where it has none."""

    id: str
    content: Content


def read_letter(raw: bytes) -> Letter:
    """Raises RequestRefused for what is no e-mail file."""
    if len(raw) > LARGEST:
        raise RequestRefused(f"the file has {len(raw)} bytes, at most {LARGEST} are taken")
    try:
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        if not message["From"] or not (message["Date"] or message["Subject"]):
            raise RequestRefused("this is no e-mail file: save the message as .eml and choose that file")
        content = Content(
            type=EMAIL,
            title=" ".join(str(message["Subject"] or "").split())[:300] or "(no subject)",
            occurred_at=_moment(message),
            text=_text(message)[:LONGEST],
            attendees=list(dict.fromkeys(_people(message)))[:50],
        )
    except (MessageError, LookupError, ValueError, AssertionError) as error:
        raise RequestRefused(f"this e-mail file cannot be read: {error}") from None
    return Letter(str(message["Message-ID"] or "").strip(), content)


def _moment(message: EmailMessage) -> datetime:
    try:
        moment = parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        raise RequestRefused(f"the date of the letter, {message['Date']!r}, is no date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _people(message: EmailMessage) -> Iterator[str]:
    for header in ("From", "To", "Cc"):
        for address in getattr(message[header], "addresses", ()):
            yield (address.display_name or address.addr_spec)[:200]


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    text = str(body.get_content())
    return (_without_tags(text) if body.get_content_type() == "text/html" else text).strip().replace("\x00", "")


class _Words(HTMLParser):
    """The words of a page; scripts and styles are none."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style", "head")
        if tag in ("p", "br", "div", "tr", "li") and attrs is not None:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "head") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _without_tags(html: str) -> str:
    words = _Words()
    words.feed(html)
    lines = (" ".join(line.split()) for line in "".join(words.words).splitlines())
    return "\n".join(line for line in lines if line)
