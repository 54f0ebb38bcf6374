"""Why something was not accepted: a whole request, or one message of it."""

from __future__ import annotations

from dataclasses import dataclass

MALFORMED, TOO_LARGE, UNKNOWN_TYPE = "malformed", "too_large", "unknown_type"
NO_PERSON, NO_EVENT, NO_GROUP, NO_PREVIOUS = "no_person", "no_event", "no_group", "no_previous"
BAD_TIME, FUTURE = "bad_time", "future"


class RequestNotTaken(Exception):
    """The whole request: `code` for programs, `message` for people, `after` seconds to wait before another try."""

    def __init__(self, status: int, code: str, message: str, after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.after = status, code, message, after


class MessageRefused(Exception):
    """One message, which goes to the quarantine. `reason`: one of the words above; `words`: for people."""

    def __init__(self, reason: str, words: str) -> None:
        super().__init__(words)
        self.reason, self.words = reason, words


@dataclass(frozen=True)
class Refused:
    """What goes to the quarantine: the text can be sent through again without the request that it came in."""

    message_id: str
    reason: str
    words: str
    text: str
