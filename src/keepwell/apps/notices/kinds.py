"""What people can be told of, and in which ways; each person chooses a way for each kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """`asked`: as whoever tells it asks for, such as a rule with `by: email`. `email`: in the application as well."""

    ASKED = "asked"
    EMAIL = "email"
    IN_APP = "in_app"
    OFF = "off"


@dataclass(frozen=True)
class Kind:
    """`usual`: the way of whoever chose none. `admins`: only those who administer are ever told."""

    name: str
    title: str
    help: str
    usual: Way = Way.IN_APP
    admins: bool = False

    @property
    def ways(self) -> tuple[Way, ...]:
        """What can be chosen: only who is told by rules can leave the way to them."""
        return tuple(Way) if self.usual == Way.ASKED else tuple(way for way in Way if way != Way.ASKED)


_ALL = (
    Kind("rule", "Alerts of rules", "What a rule says to you about an account.", Way.ASKED),
    Kind("band_change", "Scores of your accounts", "An account of yours moved into another band."),
    Kind("call", "Calls to action", "A call to action was given to you, or one that you watch changed."),
    Kind("response", "Answers to surveys", "Somebody at an account of yours answered a survey."),
    Kind("customer_page", "Pages for customers", "Somebody opened the page that you sent, or its letter came back."),
    Kind("dashboard", "Dashboards by mail", "Somebody got nothing of what you have mailed, or it is mailed no more."),
    Kind("mention", "Mentions", "Somebody named you with an @ on the timeline."),
    Kind("owner", "Accounts given to you", "You became the CSM of an account."),
    Kind("stale_score", "Scores to enter again", "A score that you entered has gone stale."),
    Kind("connectors", "Data", "A sync or a write-back that you made failed, or its data is late."),
    Kind("failures", "Mail and webhooks", "A message was given up after many tries.", admins=True),
    Kind("other", "Everything else", "What is none of the above."),
)
KINDS = {kind.name: kind for kind in _ALL}
OTHER = KINDS["other"]


def kind_of(name: str) -> Kind:
    """What people choose for: kinds that are not listed are everything else."""
    return KINDS.get(name, OTHER)


def kinds_for(*, administers: bool) -> list[Kind]:
    """Those that a person can be told of."""
    return [kind for kind in _ALL if administers or not kind.admins]
