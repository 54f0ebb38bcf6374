"""What other libraries raise, in our words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from keepwell.connect.spec import Settings, SourceRefused
from keepwell.errors import InputError

_STATUS = {
    400: "the request does not suit it",
    401: "it does not take the credentials: enter them again",
    403: "the credentials do not have the right to this",
    404: "there is no such thing there",
    410: "this part of it has ended",
    429: "it asks us to wait for longer than we do",
}

_ONE_AT_A_TIME = "scroll_exists"
"""Intercom gives one reader at a time all companies; one that went away is forgotten after a minute."""
_STORAGE = re.compile(r"AWS Error (\w+) during \w+ operation: ([^(]{0,200})")


@contextmanager
def in_our_words(settings: Settings) -> Iterator[None]:
    """Everything that reading or writing raises becomes a SourceRefused, without secrets."""
    try:
        yield
    except InputError as refused:
        passing = getattr(refused, "passing", False)
        raise SourceRefused(settings.without_secrets(str(refused)), passing=passing) from None
    except Exception as error:
        raise _told(settings, error) from None


def _told(settings: Settings, error: Exception) -> SourceRefused:
    """The innermost cause that says most: libraries wrap errors in errors."""
    import requests

    chain = list(_chain(error))
    for one in chain:
        if isinstance(one, SourceRefused):
            return SourceRefused(settings.without_secrets(str(one)), passing=one.passing)
        if isinstance(one, requests.HTTPError) and one.response is not None:
            return _of_status(settings, one.response)
    for one in chain:
        if type(one).__module__.startswith("sqlalchemy") and hasattr(one, "orig"):
            words = str(one.orig).strip() or type(one).__name__
            passing = type(one).__name__ == "OperationalError"
            return SourceRefused(settings.without_secrets(words.splitlines()[0]), passing=passing)
    last = chain[-1]
    if storage := _STORAGE.search(str(last)):
        words, passing = _of_storage(storage[1], storage[2])
        return SourceRefused(settings.without_secrets(words), passing=passing)
    words = (str(last).strip().splitlines() or [""])[0][:300]
    passing = isinstance(last, OSError | requests.RequestException) and not isinstance(last, FileNotFoundError)
    return SourceRefused(settings.without_secrets(f"{type(last).__name__}: {words}"), passing=passing)


def _of_storage(code: str, said: str) -> tuple[str, bool]:
    """What S3 answered, in words; whether it may pass."""
    known = {"NO_SUCH_BUCKET": "there is no such bucket there", "NETWORK_CONNECTION": "it does not answer"}
    meaning = known.get(code) or (
        _STATUS[401]
        if "ACCESS_KEY" in code or "SIGNATURE" in code
        else _STATUS[403]
        if "ACCESS_DENIED" in code
        else said
    )
    return f"the object storage answered {code}: {meaning}", code in (
        "NETWORK_CONNECTION",
        "SLOW_DOWN",
        "INTERNAL_FAILURE",
    )


def _of_status(settings: Settings, response: object) -> SourceRefused:
    import requests

    assert isinstance(response, requests.Response)
    status = response.status_code
    place = str(response.url).partition("?")[0]
    said = " ".join(response.text.split())[:200]
    meaning = _STATUS.get(status, "try again later" if status >= 500 else "it refused")
    words = f"{place} answered {status}: {meaning}" + (f" ({said})" if said else "")
    return SourceRefused(
        settings.without_secrets(words), passing=status == 429 or status >= 500 or _ONE_AT_A_TIME in said
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__
