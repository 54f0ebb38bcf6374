"""Texts are judged soon after they came, and their words stay where they were written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from keepwell.apps.access.actors import Person, System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.customers.forgetting import forget_everywhere
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.models import Person as Contact
from keepwell.apps.health.arriving import facts_came
from keepwell.apps.health.models import Arrival
from keepwell.apps.sentiment import sweeping
from keepwell.apps.sentiment.judging import judge_news
from keepwell.apps.sentiment.ledgers import DATASETS
from keepwell.apps.sentiment.models import Judgement, Sweep, TextNews
from keepwell.apps.timeline.content import Content
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.apps.timeline.operations import edit_entry, save_draft, write_entry
from tests.apps.conftest import People
from tests.apps.measured import account_values
from tests.apps.scored import FILES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

GLAD, SAD = "They are delighted, support is great and quick", "The invoice was wrong again and nobody answers"
TOPICS = "topics:\n  billing: {phrases: [invoice*, overcharged]}\n  support: {phrases: [support, answer*]}\n"
METRICS = """\
metrics:
  mean_sentiment: {dataset: sentiments, aggregate: avg(score), window: 90 days}
  share_negative: {formula: negative_texts / texts_90d}
  negative_texts: {dataset: sentiments, aggregate: count(), where: label = 'negative', window: 90 days}
  texts_90d: {dataset: sentiments, aggregate: count(), window: 90 days}
  about_billing: {dataset: text_topics, aggregate: count(), where: topic = 'billing', window: 90 days}
"""
MEASURED = {**FILES, "topics.yaml": TOPICS, "sentiments.yaml": DATASETS, "sentiment_metrics.yaml": METRICS}


def written(people: People, text: str, *, sentiment: str = "", days: int = 0) -> TimelineEntry:
    at = timezone.now() - timedelta(days=days)
    content = Content(type="call", title="A call", occurred_at=at, text=text, sentiment=sentiment)
    return write_entry(actor=Person(people.owner), account_id="acme", content=content)


def test_an_entry_is_judged_and_its_words_stay_where_they_are(company: Account, people: People) -> None:
    publish(actor=System("tests"), files=MEASURED, note="Texts")
    entry = written(people, SAD)
    assert TextNews.objects.get().text_id == str(entry.pk)
    assert judge_news() == 1
    found = Judgement.objects.get()
    assert (found.source, found.text_id, found.account_id) == ("entry", str(entry.pk), "acme")
    assert (found.label, found.word, found.language, found.classifier) == ("negative", "negative", "en", "lexicon")
    assert found.score is not None
    assert -1 <= found.score < -0.1
    assert found.topics == ["billing", "support"]
    assert (found.occurred_at, found.recorded_at) == (entry.occurred_at, entry.recorded_at)
    assert not any(SAD in str(one) for one in vars(found).values())
    assert not TextNews.objects.exists()
    assert set(Arrival.objects.values_list("account_id", "ledger")) == {
        ("acme", "keepwell.sentiments"), ("acme", "keepwell.text_topics"),
    }  # fmt: skip


def test_what_is_edited_is_judged_again_and_what_is_gone_no_more(company: Account, people: People) -> None:
    entry = written(people, SAD)
    judge_news()
    content = Content(type="call", title="A call", occurred_at=entry.occurred_at, text=GLAD)
    edit_entry(actor=Person(people.owner), entry_id=entry.pk, content=content)
    judge_news()
    assert Judgement.objects.get().label == "positive"
    TimelineEntry.objects.get(pk=entry.pk).delete()
    judge_news()
    assert not Judgement.objects.exists()


def test_what_a_person_chose_counts_before_the_classifier(company: Account, people: People) -> None:
    entry = written(people, GLAD, sentiment="negative")
    judge_news()
    found = Judgement.objects.get()
    assert (found.label, found.said, found.word) == ("positive", "negative", "negative")
    content = Content(type="call", title="A call", occurred_at=entry.occurred_at, text=GLAD)
    edit_entry(actor=Person(people.owner), entry_id=entry.pk, content=content)
    judge_news()
    assert Judgement.objects.get().word == "positive"


def test_drafts_and_what_the_program_writes_are_no_texts(company: Account, people: People) -> None:
    content = Content(type="call", title="A call", occurred_at=timezone.now(), text=SAD)
    save_draft(actor=Person(people.owner), account_id="acme", content=content)
    assert judge_news() == 0
    assert not sweeping.sweep()
    assert not Judgement.objects.exists()


def test_other_languages_are_unknown_and_odd_texts_do_no_harm(company: Account, people: People) -> None:
    for text in ("Leider ist die Hilfe nicht gut und der Dienst ist langsam", "😡😡😡", "<script>alert(1)</script>",
                 "مرحبا كيف الحال", "x" * 9000):  # fmt: skip
        written(people, text)
    assert judge_news() == 5
    words = [one.word for one in Judgement.objects.order_by("pk")]
    assert words[:2] == ["", "negative"]
    assert words[3] == ""


def test_sentiment_over_time_is_a_metric_and_knows_nothing_of_later(company: Account, people: People) -> None:
    publish(actor=System("tests"), files=MEASURED, note="Texts")
    for text in (SAD, GLAD):
        written(people, text)
    judge_news()
    first = Judgement.objects.order_by("pk")[0]
    long_ago = datetime(2026, 1, 10, 9, tzinfo=UTC)
    Judgement.objects.update(occurred_at=long_ago, recorded_at=long_ago)
    Judgement.objects.filter(pk=first.pk).update(
        said="positive", said_by="Ada", said_at=datetime(2026, 2, 10, 9, tzinfo=UTC)
    )
    scores = dict(Judgement.objects.values_list("pk", "score"))
    before, after = _values("2026-02-01"), _values("2026-02-20")
    assert before["mean_sentiment"] == pytest.approx(sum(scores.values()) / 2)
    assert (before["share_negative"], before["about_billing"]) == (0.5, 1)
    assert after["mean_sentiment"] == pytest.approx((1 + scores[first.pk + 1]) / 2)
    assert (after["share_negative"], after["texts_90d"]) == (0, 2)
    assert _values("2026-01-09")["mean_sentiment"] is None


def test_texts_are_judged_again_by_other_topics_and_whoever_is_stopped_goes_on(
    company: Account, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        written(people, SAD if number % 2 else GLAD)
    judge_news()
    while sweeping.sweep():
        pass
    publish(actor=System("tests"), files=MEASURED, note="Topics")
    monkeypatch.setattr(sweeping, "PAGE", 2)
    assert sweeping.sweep(seconds=-1)
    one = next(iter(sweeping._of_apps()))
    at = sweeping._begun(one, sweeping.in_use())
    sweeping._page(one, at, sweeping.in_use())
    assert Judgement.objects.exclude(topics=[]).count() == 2
    assert Sweep.objects.get(source="entry").after
    assert not sweeping.sweep()
    assert Judgement.objects.exclude(topics=[]).count() == 5
    assert Sweep.objects.get(source="entry").texts == 5


def test_a_person_that_is_erased_is_in_no_judgement(company: Account, people: People) -> None:
    contact = Contact.objects.create(account=company)
    written(people, SAD)
    judge_news()
    Judgement.objects.update(person_id=contact.key)
    forget_everywhere(contact.key, [])
    assert Judgement.objects.get().person_id is None


def test_nothing_is_told_where_no_dataset_names_the_ledger(company: Account) -> None:
    facts_came(["acme"], ledger="keepwell.sentiments")
    assert not Arrival.objects.exists()


def _values(day: str) -> dict[str, float | None]:
    values = account_values(datetime.fromisoformat(day).date())
    row = values.ids.to_pylist().index("acme")
    return {name: values.metrics[name][row].as_py() for name in values.metrics.column_names}
