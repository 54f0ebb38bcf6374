"""Every text judged in order: when it is judged otherwise than before, and when data brought texts nobody told of.

What is done is noted page by page, so that whoever is killed is followed by one that goes on; memory holds one page.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.place import opened
from keepwell.apps.sentiment.in_use import InUse, in_use
from keepwell.apps.sentiment.judging import forget, keep
from keepwell.apps.sentiment.models import Judgement, Sweep
from keepwell.apps.sentiment.sources import Text, sources
from keepwell.apps.sentiment.tickets import TICKET, Tickets
from keepwell.definitions.project import Project
from keepwell.engine.binding import bind
from keepwell.errors import KeepwellError
from keepwell.text.reading import readable

log = logging.getLogger("keepwell.sentiment")
PAGE = 2_000
SECONDS = 15.0
"""A job ends after so long and is asked for again: others want their turn."""


@dataclass(frozen=True)
class _Texts:
    """One source in order. `page` gives texts after an id and where the next page begins."""

    name: str
    source: str
    page: Callable[[Sweep], Sequence[Text]]
    state: str = ""
    load: Callable[[], int | None] = lambda: None
    cursor: Callable[[Text], str] = lambda text: text.id


def sweep(seconds: float = SECONDS) -> bool:
    """Goes on with what is to be done; True where something is left."""
    until, using = time.monotonic() + seconds, in_use()
    for one in _of_apps():
        if _sweep(one, using, until):
            return True
    project = current_project()
    return _sweep_data(project, using, until) if project is not None else False


def _of_apps() -> Iterator[_Texts]:
    for name, source in sources().items():
        yield _Texts(name, name, lambda at, source=source: source.page(at.after, PAGE))  # type: ignore[misc]


def _sweep_data(project: Project, using: InUse, until: float) -> bool:
    names = [name for name in project.settings.sentiment.texts if not _is_fresh(project, name, using)]
    _forget_others(project)
    for name in names:
        try:
            with _tickets(project, name) as one:
                if _sweep(one, using, until):
                    return True
        except KeepwellError as error:
            log.warning("texts of %s wait: %s", name, error)
            Sweep.objects.filter(source=f"{TICKET}:{name}").update(error=str(error))
    return False


def _is_fresh(project: Project, name: str, using: InUse) -> bool:
    """Whether nothing has changed since they were judged, told without opening what is in the lake."""
    done = Sweep.objects.filter(source=f"{TICKET}:{name}").exclude(ended_at=None).first()
    if done is None or done.stamp != _stamp(project, name, using):
        return False
    with opened(project) as data:
        state = Tickets(project, data, name).state
    return bool(state) and state == done.data


@contextmanager
def _tickets(project: Project, name: str) -> Iterator[_Texts]:
    with opened(project) as data:
        bind(project, data)
        tickets = Tickets(project, data, name)
        yield _Texts(
            f"{TICKET}:{name}", TICKET,
            lambda at: tickets.page(at.after, PAGE, at.since_load, at.to_load), tickets.state, tickets.highest_load,
            cursor=lambda text: text.id.removeprefix(f"{name}:"),
        )  # fmt: skip


def _stamp(project: Project, source: str, using: InUse) -> str:
    """Of data the columns that are read count as well."""
    texts = project.settings.sentiment.texts.get(source.removeprefix(f"{TICKET}:"))
    return f"{using.stamp} {','.join(texts.text)}"[:200] if texts else using.stamp


def _sweep(one: _Texts, using: InUse, until: float) -> bool:
    at = _begun(one, using)
    while at.ended_at is None:
        if time.monotonic() > until:
            return True
        _page(one, at, using)
    return False


def _begun(one: _Texts, using: InUse) -> Sweep:
    """Where to go on; from the beginning where it is judged otherwise now, from the last load on where data came."""
    project = current_project()
    stamp = _stamp(project, one.name, using) if project else using.stamp
    at = Sweep.objects.filter(source=one.name).first()
    if at is not None and at.stamp == stamp and (at.ended_at is None or (at.data == one.state and one.state)):
        return at
    if at is not None and at.stamp == stamp and one.source != TICKET:
        return at
    before = at.to_load if at is not None and at.stamp == stamp else None
    begun = {"stamp": stamp, "data": one.state, "since_load": before, "to_load": one.load(), "after": "", "texts": 0,
             "began_at": timezone.now(), "ended_at": None, "error": ""}  # fmt: skip
    return Sweep.objects.update_or_create(source=one.name, defaults=begun)[0]


@transaction.atomic
def _page(one: _Texts, at: Sweep, using: InUse) -> None:
    texts = one.page(at)
    full = [text for text in texts if readable(text.text)]
    forget(one.source, [text.id for text in texts if not readable(text.text)])
    keep(one.source, full, using)
    at.texts += len(full)
    if len(texts) < PAGE:
        at.ended_at = timezone.now()
    else:
        at.after = one.cursor(texts[-1])
    at.save()


def _forget_others(project: Project) -> None:
    """Datasets that are no texts any more."""
    named = {f"{TICKET}:{name}" for name in project.settings.sentiment.texts}
    for gone in Sweep.objects.filter(source__startswith=f"{TICKET}:").exclude(source__in=named):
        name = gone.source.removeprefix(f"{TICKET}:")
        Judgement.objects.filter(source=TICKET, text_id__startswith=f"{name}:").delete()
        gone.delete()
