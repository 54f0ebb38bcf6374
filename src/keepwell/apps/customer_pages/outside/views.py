"""A link, the code that opens it, and the page. Looking at a link sends nothing: programs that read mail look too."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from keepwell.apps.customer_pages.gathering import gather
from keepwell.apps.customer_pages.links import GUESSING
from keepwell.apps.customer_pages.models import PageCode, PageLink
from keepwell.apps.customer_pages.outside import codes, showing
from keepwell.apps.customer_pages.outside.finding import is_known, opened, visit_of
from keepwell.apps.customer_pages.outside.viewing import note_view
from keepwell.apps.customer_pages.timing import local_day
from keepwell.apps.customer_pages.words import day_in, said
from keepwell.apps.ui.outside.answers import only, public

COOKIE = "keepwell_page"


@public
@only("GET", "HEAD")
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The page for whoever gave the code in this browser, else what asks for one."""
    link = _found(request, token)
    if isinstance(link, HttpResponse):
        return link
    language = showing.language_of(request, link.language)
    visit = visit_of(link, request.COOKIES.get(COOKIE, ""))
    if visit is None:
        return showing.gate(_path(token), language, asked="sent" in request.GET)
    return _shown(link, visit, token, language, keeps=request.method == "GET")


@public
@only("POST")
def code(request: HttpRequest, token: str) -> HttpResponse:
    """Sends a code, and says so whether one was sent or there were too many."""
    link = _found(request, token)
    if isinstance(link, HttpResponse):
        return link
    codes.send_code(token)
    return _back(token, f"?sent=1&lang={showing.language_of(request, link.language)}")


@public
@only("POST")
def open_page(request: HttpRequest, token: str) -> HttpResponse:
    """Compares the code; wrong, late, spent and too often tried are answered alike."""
    link = _found(request, token)
    if isinstance(link, HttpResponse):
        return link
    language = showing.language_of(request, link.language)
    cookie = codes.open_by(token, request.POST.get("code", "")[:40])
    if cookie is None:
        return showing.gate(_path(token), language, asked=True, wrong=True)
    answer = _back(token, f"?lang={language}")
    answer.set_cookie(
        COOKIE, cookie, max_age=codes.OPEN_FOR, path=_path(token), secure=settings.SESSION_COOKIE_SECURE,
        httponly=True, samesite="Lax",
    )  # fmt: skip
    return answer


@public
@only("POST")
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Closes the page in this browser."""
    link = _found(request, token)
    if isinstance(link, HttpResponse):
        return link
    codes.leave(token, request.COOKIES.get(COOKIE, ""))
    answer = _back(token, f"?lang={showing.language_of(request, link.language)}")
    answer.delete_cookie(COOKIE, path=_path(token))
    return answer


def _found(request: HttpRequest, token: str) -> PageLink | HttpResponse:
    if GUESSING.is_guessing(request):
        return showing.gone(request, 429)
    link = opened(token)
    if link is None:
        GUESSING.note_miss(request, was_known=is_known(token))
        return showing.gone(request)
    return link


def _shown(link: PageLink, visit: PageCode, token: str, language: str, *, keeps: bool) -> HttpResponse:
    gathered = gather(link.account, link, language)
    if keeps and (gathered.blocks or not gathered.counting):  # also of a page of which a part is still counted
        note_view(link, visit, gathered, language)
    assert link.person is not None
    context = {
        "prepared": said("prepared", language, name=link.person.personal, sender=link.sent_by),
        "until": said("until", language, day=day_in(language, local_day(link.expires_at))),
        "may_leave": True,
    }  # fmt: skip
    return showing.page(link.account, link, gathered, language, path=_path(token), context=context)


def _path(token: str) -> str:
    return f"/c/{token}"


def _back(token: str, query: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": f"{_path(token)}{query}"})
