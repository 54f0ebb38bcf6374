"""A drain that lost its lock without knowing writes nothing more."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from keepwell.apps.usage.draining.batch import Drain
from keepwell.apps.usage.draining.turns import take_turn
from keepwell.apps.usage.models import InboxEntry
from tests.apps.usage.draining.inbox import accepted, events, message

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_who_has_an_older_turn_takes_no_message() -> None:
    first = Drain(turn=take_turn())
    accepted(message(1, user="u"))
    assert first.next() is not None
    second = Drain(turn=take_turn())
    accepted(message(2, user="u"))
    with pytest.raises(OperationalError, match="another drain"):
        first.next()
    assert InboxEntry.objects.get().batch is None
    assert second.next() is not None
    assert [row["message_id"] for row in events()] == ["m1", "m2"]


@pytest.mark.slow
def test_who_is_overtaken_in_the_middle_leaves_the_batch_to_the_other() -> None:
    first, second = Drain(turn=take_turn()), Drain()
    accepted(message(1, user="u"), message(2, user="v"))
    append = first.tables.append

    def overtaken(*args: object) -> None:
        second.turn = take_turn()
        append(*args)  # type: ignore[arg-type]
        second.finish()

    first.tables.append = overtaken  # type: ignore[method-assign,assignment]
    with pytest.raises(OperationalError, match="another drain"):
        first.next()
    assert not InboxEntry.objects.exists()
    assert [row["message_id"] for row in events()] == ["m1", "m2"]
