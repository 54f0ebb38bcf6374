"""The demo's product sends events: four weeks of them, as its write key would have brought them, and a feature map."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.usage.draining.rows import EVENTS, daily
from keepwell.apps.usage.draining.writing import Tables
from keepwell.apps.usage.models import Quarantined, Reception, WriteKey
from keepwell.apps.usage.operations.write_keys import create_write_key
from keepwell.lake.statements import literal, open_duckdb

_ACTOR = System("demo")
_DAYS = 28
MAP = """\
# Which events of the web app make up which feature; events that fit no rule are listed beside the map.
features:
  task_board: {title: Task board, product: core, module: projects, rules: [{event: "board_*"}, {event: card_moved}]}
  timelines: {title: Timelines, product: core, module: projects, rules: [{event: "timeline_*"}]}
  comments: {title: Comments, product: core, module: workspace, rules: [{event: comment_added}]}
  reports: {title: Reports, product: insights, module: analytics, rules: [{event: "report_*"}, {url: "/reports/*"}]}
  dashboards: {title: Dashboards, product: insights, module: analytics, rules: [{event: dashboard_opened}]}
  export: {title: Export, product: core, module: data, rules: [{event: clicked, properties: {button: [export]}}]}
"""
_EVENTS = {
    "sign_in": "signed_in", "search": "searched", "notifications": "notification_read", "comments": "comment_added",
    "task_board": "board_opened", "timelines": "timeline_opened", "templates": "template_used", "export": "clicked",
    "reports": "report_opened", "dashboards": "dashboard_opened", "approvals": "approval_given", "alerts": "alert_seen",
    "automations": "automation_run", "integrations": "integration_synced", "mobile_app": "app_opened",
}  # fmt: skip
"""What the web app calls the first event on a feature; of a board and of a report there is a second one."""

_SECOND = {"board_opened": "card_moved", "report_opened": "report_shared"}
_MAPPED = {
    "board_opened": "task_board", "card_moved": "task_board", "timeline_opened": "timelines",
    "comment_added": "comments", "report_opened": "reports", "report_shared": "reports",
    "dashboard_opened": "dashboards", "clicked": "export",
}  # fmt: skip


def send_events(folder: Path, end: date) -> None:
    """Once: a key, the datasets of events, the map, the events themselves, and a few that were refused."""
    if WriteKey.objects.exists():
        return
    key = create_write_key(actor=_ACTOR, name="Web app", origins=["https://app.example.com"], properties=["button"])
    version = current_version()
    assert version is not None
    publish(actor=_ACTOR, files={**version.files, "features.yaml": MAP}, note="Which events make up which feature")
    rows = _events(folder, end)
    tables = Tables()
    tables.events.append(rows)
    tables.daily.append(daily(rows))
    last = datetime.combine(end, datetime.min.time(), UTC) + timedelta(hours=17)
    Reception.objects.create(key=key, day=end, accepted=rows.num_rows, refused=3, last_at=last)
    _refused(key, last)


def _events(folder: Path, end: date) -> pa.Table:
    """Of the simulated use of each day up to two events, at times within office hours that the row itself gives."""
    names = " ".join(f"when {literal(one)} then {literal(event)}" for one, event in _EVENTS.items())
    second = " ".join(f"when {literal(one)} then {literal(other)}" for one, other in _SECOND.items())
    mapped = " ".join(f"when {literal(event)} then {literal(one)}" for event, one in _MAPPED.items())
    with open_duckdb() as connection:
        rows = connection.sql(
            f"with used as (select *, case feature {names} end as named from '{folder}/usage/*.parquet' "
            f"where day > date '{end}' - {_DAYS}), "
            "each as (select *, case when n = 0 then named else coalesce(case named "
            f"{second} end, named) end as event, hash(user_id, feature, day) % 32400 + 60 * n as after "
            "from used, range(least(events, 2)) as times(n) where named is not null) "
            "select md5(user_id || feature || day || n) as message_id, 'track' as type, event, "
            f"case event {mapped} end as feature, md5(user_id)::uuid::varchar as person, false as anonymous, "
            "account_id, 'Web app' as source, (began + to_seconds(after::bigint)) as occurred_at, "
            "(began + to_seconds(after::bigint + 2)) as received_at, day as local_day, null as url, "
            "case when event = 'clicked' then '{\"button\": \"export\"}' end as properties "
            "from (select *, day + interval 8 hour as began from each) order by occurred_at"
        ).to_arrow_table()
    return rows.cast(EVENTS)


def _refused(key: WriteKey, last: datetime) -> None:
    told = (
        ("no_person", "neither userId nor anonymousId says who did it", {"type": "track", "event": "board_opened"}),
        ("future", "it is dated more than a day ahead", {"type": "track", "event": "signed_in", "userId": "A000002-1",
                                                         "timestamp": f"{last + timedelta(days=400):%Y-%m-%d}"}),
        ("no_event", "a track call needs the name of an event", {"type": "track", "userId": "A000003-1"}),
    )  # fmt: skip
    Quarantined.objects.bulk_create(
        Quarantined(key=key, received_at=last + timedelta(minutes=7 * place), message_id=f"refused-{place}",
                    reason=reason, words=words, message=json.dumps(message))
        for place, (reason, words, message) in enumerate(told)
    )  # fmt: skip
