"""What texts say over the API: judgements, sentiment over time, what people say a text is, and what judges."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from keepwell.apps.customers.queries import account_for
from keepwell.apps.rest.authentication import CONFIGURE, VIEW, WRITE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Id, Sent
from keepwell.apps.sentiment.in_use import in_use
from keepwell.apps.sentiment.models import Training
from keepwell.apps.sentiment.operations import say
from keepwell.apps.sentiment.queries import Asked, about_topics, judgements, over_time, tally, texts_of

router = Router(tags=["Sentiment"])
Word = Literal["", "positive", "neutral", "negative"]
_TRAININGS = 20


class Narrowing(Schema):
    days: int = Field(365, ge=1, le=3650, description="Written in the last so many days")
    sentiment: Word = ""
    topic: str = Field("", max_length=100)
    source: Literal["", "comment", "entry", "ticket"] = ""
    account_id: str = Field("", max_length=200)

    @property
    def asked(self) -> Asked:
        return Asked(self.days, self.sentiment, self.topic, self.source, self.account_id)


class Listing(Narrowing):
    limit: Limit = 50
    cursor: Cursor = ""


class JudgementOut(Schema):
    """`sentiment` is what counts: what a person says, else the classifier. `text`: of sources that keep it here."""

    id: int
    source: str
    text_id: str
    account_id: str
    occurred_at: datetime
    sentiment: str
    score: float | None = Field(description="The classifier's, from -1 to 1")
    said_by: str
    language: str
    topics: list[str]
    classifier: str
    text: str | None


class TallyOut(Schema):
    positive: int
    neutral: int
    negative: int
    unknown: int
    mean: float | None


class PeriodOut(TallyOut):
    first: date = Field(description="The first day of the week or month")


class TopicOut(TallyOut):
    topic: str
    lift: float = Field(description="Its share among negative texts against its share among all others")


class SentimentOut(TallyOut):
    periods: list[PeriodOut]
    topics: list[TopicOut]


class SaidIn(Sent):
    sentiment: Word = Field(description="Empty leaves it to the classifier")


class TrainingOut(Schema):
    at: datetime
    texts: int
    version: str
    figures: dict[str, Any]
    verdict: str
    is_used: bool


class ClassifierOut(Schema):
    """What judges now; `problem` says why it is not the one that is asked for."""

    name: str
    asked: str
    version: str
    topics: list[str]
    problem: str
    trainings: list[TrainingOut]


@router.get("/texts", response=Page[JudgementOut], auth=VIEW, summary="List judged texts")
def list_texts(request: HttpRequest, asked: Query[Listing]) -> dict[str, Any]:
    """Of accounts you see, the newest first."""
    found = judgements(actor_of(request), asked.asked)
    given = page(found, ("-occurred_at", "-pk"), asked.cursor, asked.limit)
    texts = texts_of(given["items"])
    return {**given, "items": [_out(one, texts.get(one.pk)) for one in given["items"]]}


@router.put("/texts/{judgement_id}/sentiment", response=JudgementOut, auth=WRITE, summary="Say what a text is")
def say_sentiment(request: HttpRequest, judgement_id: Id, sent: SaidIn) -> dict[str, Any]:
    """It counts before any classifier, and the next one learns from it."""
    found = say(actor=actor_of(request), judgement_id=judgement_id, word=sent.sentiment)
    return _out(found, texts_of([found]).get(found.pk))


@router.get("/sentiment", response=SentimentOut, auth=VIEW, summary="Sentiment over time")
def sentiment(request: HttpRequest, asked: Query[Narrowing]) -> dict[str, Any]:
    """Of accounts you see: by week up to 120 days, by month beyond; and what texts are about."""
    actor = actor_of(request)
    if asked.account_id:
        account_for(actor, asked.account_id)
    found = judgements(actor, asked.asked)
    periods = [{"first": first, **_counts(one)} for first, one in over_time(found, asked.days)]
    topics = [{"topic": one.name, "lift": one.lift, **_counts(one.tally)} for one in about_topics(found)]
    return {**_counts(tally(found)), "periods": periods, "topics": topics}


@router.get("/classifier", response=ClassifierOut, auth=CONFIGURE, summary="What judges texts")
def classifier(request: HttpRequest) -> dict[str, Any]:
    """With the classifiers that were trained on your texts, and their figures on texts held out."""
    using = in_use()
    return {
        "name": using.name, "asked": using.asked, "version": using.classifier.version, "topics": list(using.topics),
        "problem": using.problem, "trainings": list(Training.objects.all()[:_TRAININGS]),
    }  # fmt: skip


def _out(one: Any, text: Any) -> dict[str, Any]:
    return {
        "id": one.pk, "source": one.source, "text_id": one.text_id, "account_id": one.account_id,
        "occurred_at": one.occurred_at, "sentiment": one.word, "score": one.score, "said_by": one.said_by,
        "language": one.language, "topics": one.topics, "classifier": one.classifier,
        "text": text.text if text else None,
    }  # fmt: skip


def _counts(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("positive", "neutral", "negative", "unknown", "mean")}
