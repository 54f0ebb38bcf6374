"""A dashboard in a page of somebody else: what its maker may see at that moment, and nothing to click on."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import Forbidden, NotVisible, Person
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.customers.models import Account
from keepwell.apps.dashboards.answering.answers import TOO_LONG, answer
from keepwell.apps.dashboards.catalogue import dashboard_for
from keepwell.apps.dashboards.embedding.finding import LINKS
from keepwell.apps.dashboards.embedding.models import Embed
from keepwell.apps.dashboards.embedding.operations import make_embed, revoke_embed
from keepwell.apps.ui.outside import guessing
from keepwell.errors import FieldRefused
from tests.apps.conftest import People
from tests.apps.dashboards.small import SMALL, publish_small

pytestmark = pytest.mark.slow
PAGE = "https://intranet.example"


@pytest.fixture
def small(company: Account) -> str:
    return publish_small()


def made(user: User, key: str = "small") -> tuple[Embed, str]:
    embed = make_embed(actor=Person(user), key=key, origins=[PAGE], days=30)
    return embed, f"/e/{LINKS.token_of(embed.secret)}/"


def test_it_shows_what_its_maker_sees_in_pages_of_the_origins_alone(small: str, people: People) -> None:
    _, path = made(people.owner)
    answer = Client().get(path)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "Acme Inc" in body
    assert "Zeta Inc" not in body
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors {PAGE}")
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not re.findall(r"<(a|form|button|details|input)\b", body), "nothing can be clicked"
    Client().head(path)
    assert "grid-area" in Client().get(f"{path}layout.css").content.decode()
    assert Embed.objects.get().seen == 1


def test_rights_are_those_of_the_moment_and_who_leaves_takes_it_along(small: str, people: People) -> None:
    _, path = made(people.owner)
    User.objects.filter(pk=people.owner.pk).update(reach=Reach.OWN)
    body = Client().get(path).content.decode()
    assert "Acme Inc" in body
    assert "Dune Inc" not in body
    User.objects.filter(pk=people.owner.pk).update(is_active=False)
    assert Client().get(path).status_code == 404


def test_dead_links_are_answered_alike(small: str, people: People) -> None:
    ended, revoked, unshared = made(people.owner), made(people.owner), made(people.owner)
    Embed.objects.filter(pk=ended[0].pk).update(expires_at=timezone.now())
    revoke_embed(actor=Person(people.admin), embed_id=revoked[0].pk)
    publish_small(SMALL.replace("title: Small book", "title: Small book\n    roles: [manager]"))
    paths = [ended[1], revoked[1], unshared[1], "/e/" + "A" * 27 + "/", "/e/x/", "/e/%00/"]
    for ending in ("", "layout.css"):
        answers = [Client().get(path + ending) for path in paths]
        assert {one.status_code for one in answers} == {404}
        assert len({(one.content, tuple(sorted(one.headers.items()))) for one in answers}) == 1
    assert "frame-ancestors 'none'" in answers[0].headers["Content-Security-Policy"]


def test_a_link_that_has_ended_shuts_no_other(small: str, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both stand in pages that are read behind one address."""
    monkeypatch.setattr(guessing, "MISSES", 2)
    ended, alive = made(people.owner), made(people.owner)
    Embed.objects.filter(pk=ended[0].pk).update(expires_at=timezone.now())
    assert [Client().get(ended[1]).status_code for _ in range(3)] == [404] * 3
    assert Client().get(f"{alive[1]}layout.css").status_code == 200
    assert [Client().get("/e/" + "A" * 27 + "/").status_code for _ in range(2)] == [404] * 2
    assert Client().get(f"{alive[1]}layout.css").status_code == 404, "who guesses gets nothing"


def test_widgets_that_find_no_time_say_so(small: str, people: People) -> None:
    reader = Person(people.owner)
    found = answer(reader, dashboard_for(reader, small), seconds=0.0)
    assert {one.problem for one in found.values()} == {TOO_LONG}


def test_who_may_make_and_take_back_links(
    small: str, people: People, as_owner: Client, as_colleague: Client, as_admin: Client
) -> None:
    wrong = as_owner.post("/dashboards/small/embed/", {"origins": "intranet/page", "days": 7})
    assert wrong.status_code == 422
    assert "is no origin" in wrong.content.decode()
    assert as_owner.post("/dashboards/small/embed/", {"origins": PAGE, "days": 7}).status_code == 302
    embed = Embed.objects.get()
    assert LINKS.token_of(embed.secret) in as_owner.get("/embeds/").content.decode()
    assert LINKS.token_of(embed.secret) not in as_colleague.get("/embeds/").content.decode()
    assert as_colleague.post(f"/embeds/{embed.pk}/revoke/").status_code == 404
    assert as_admin.post(f"/embeds/{embed.pk}/revoke/").status_code == 302
    with pytest.raises(NotVisible):
        made(people.owner, "retention")
    with pytest.raises(FieldRefused, match="1 to 20 origins"):
        make_embed(actor=Person(people.owner), key=small, origins=[], days=7)
    viewer = User.objects.create_user("vi@test.example", "x", name="Vi", role=Role.VIEWER, reach=Reach.ALL)
    with pytest.raises(Forbidden):
        made(viewer)
