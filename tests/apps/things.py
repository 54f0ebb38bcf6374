"""Things to try routes with: each makes one and returns what its address calls it."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.access.roles import Permission
from keepwell.apps.access.tokens import new_token
from keepwell.apps.cockpit.models import Attachment, CallBulkChange, CallView, Objective, SuccessPlan, Task
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.connectors.importing.models import Import
from keepwell.apps.connectors.importing.place import folder_of, rejected, uploaded
from keepwell.apps.connectors.models import Connection, Export, Sync, SyncRun
from keepwell.apps.connectors.place import staging_of
from keepwell.apps.customers.models import (
    AccountList,
    BulkChange,
    Person,
    PersonalData,
    Relationship,
    SavedView,
    SourceId,
)
from keepwell.apps.health.models import AccountOverride, Entry, Run
from keepwell.apps.notices.channels.operations import make_channel
from keepwell.apps.notices.models import Delivery, Notice
from keepwell.apps.notices.operations import Alert, alert
from keepwell.apps.rules.models import RuleRun
from keepwell.apps.timeline.logging import built_in
from keepwell.apps.timeline.models import EntryType, TimelineEntry
from keepwell.apps.usage.models import Quarantined, WriteKey
from tests.apps.cockpit.opened import opened, publish_playbooks
from tests.apps.deciding import Stage
from tests.apps.scored import FILES, UNIT_CARD


def a_notice(stage: Stage) -> int:
    return Notice.objects.create(user=stage.people.owner, text="Told", kind="test", key="one").pk


def a_channel(_: Stage) -> str:
    channel, _secret = make_channel(
        actor=System("a test"), name="hook", kind="webhook", address="https://93.184.216.34/x"
    )
    return channel.name


def a_dead_letter(stage: Stage) -> int:
    alert(Alert("one", "rule", "Told"), channels=[a_channel(stage)])
    Delivery.objects.update(status="dead")
    return Delivery.objects.get().pk


def a_write_key(stage: Stage) -> int:
    return WriteKey.objects.create(name="Server").pk


def a_refused_message(stage: Stage) -> int:
    message = '{"type": "track", "userId": "u", "event": "Opened"}'
    return Quarantined.objects.create(key_id=a_write_key(stage), reason="future", words="Ahead", message=message).pk


def a_connection(stage: Stage) -> str:
    """Of a kind that asks nobody: its folder is not allowed."""
    return Connection.objects.create(name="drop", kind="files", settings={"place": "/nowhere"}).name


def a_sync(stage: Stage) -> str:
    document = {"stream": "a.csv", "dataset": "calls", "columns": {"id": {"from": "Id"}}, "keys": ["id"]}
    connection = Connection.objects.get(name=a_connection(stage))
    return Sync.objects.create(name="calls", connection=connection, dataset="calls", document=document).name


def a_sync_run(stage: Stage) -> int:
    """One with a row that did not fit, which is kept."""
    sync = Sync.objects.get(name=a_sync(stage))
    run = SyncRun.objects.create(sync=sync, asked_by="Ari", status="done", rows_refused=1)
    path = staging_of(run.pk).errors_path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("row,column,reason,text\n", encoding="utf-8")
    return run.pk


def an_export(stage: Stage) -> str:
    return Export.objects.create(
        name="hook", target="webhook", columns=["id"], settings={"url": "https://a.example"}
    ).name


def a_token(stage: Stage) -> int:
    return new_token(stage.people.owner, "export", [Permission.VIEW], None)[0].pk


def a_run(stage: Stage) -> int:
    return Run.objects.filter(status="done").latest("pk").pk


def an_override(stage: Stage) -> int:
    now = timezone.now()
    return AccountOverride.objects.create(account=stage.account, effect="set", value="1", reason="x", author="Ada",
                                          recorded_at=now).pk  # fmt: skip


def an_entry(stage: Stage, *, is_draft: bool = False) -> int:
    return TimelineEntry.objects.create(
        account=stage.account, type=built_in("call"), title="Called", occurred_at=timezone.now(), is_draft=is_draft,
        author="Ari", author_user=stage.people.owner if is_draft else stage.people.admin,
    ).pk  # fmt: skip


def an_entry_draft(stage: Stage) -> int:
    return an_entry(stage, is_draft=True)


def an_entry_type(stage: Stage) -> str:
    return EntryType.objects.create(name="visit", title="Visit").name


def a_draft(stage: Stage) -> int:
    base = current_version()
    assert base is not None
    draft = Draft.objects.create(name="Tried", base=base, files=base.files, updated_by="Ari")
    draft.revisions.create(number=1, files=base.files, saved_by="Ari")
    return draft.pk


def a_list(stage: Stage) -> int:
    return AccountList.objects.create(name="Kept", owner=stage.people.owner).pk


def a_view(stage: Stage) -> int:
    return SavedView.objects.create(name="Mine", owner=stage.people.owner, query="q=a").pk


def a_person(stage: Stage) -> str:
    person = Person.objects.create(account=stage.account)
    PersonalData.objects.create(person=person, name="Pat")
    return str(person.key)


def a_relationship(stage: Stage) -> str:
    return Relationship.objects.create(id="acme-emea", account=stage.account, name="EMEA").pk


def a_unit_measure(stage: Stage) -> str:
    """One that people enter, on a card for units that is published with it; and an entry of it for Acme's unit."""
    publish(actor=System("tests"), files={**FILES, "unit.yaml": UNIT_CARD}, note="Units")
    now = timezone.now()
    Entry.objects.create(account=stage.account, relationship_id="acme-emea", measure="sponsor", score=60, author="Ada",
                         occurred_at=now, recorded_at=now)  # fmt: skip
    return "sponsor"


def a_bulk_change(stage: Stage) -> int:
    return BulkChange.objects.create(user=stage.people.admin, action="stage", value="x", before={}).pk


def a_source_id(stage: Stage, state: str = "open") -> int:
    """Of a dataset, that leads to nobody."""
    return SourceId.objects.create(source="logins", source_id="ghost", rows=3, state=state, looked_at=timezone.now()).pk


def an_ignored_id(stage: Stage) -> int:
    return a_source_id(stage, "ignored")


def an_import(stage: Stage) -> int:
    """A file of accounts whose columns are not matched yet."""
    one = Import.objects.create(target="accounts", file_name="accounts.csv", size=20, asked_by="Mo", columns={})
    folder_of(one.pk).mkdir(parents=True, exist_ok=True)
    uploaded(one.pk).write_text("id,name\nnova,Nova\n", encoding="utf-8")
    return one.pk


def a_checked_import(stage: Stage) -> int:
    """The same with rows that were rejected."""
    number = an_import(stage)
    rejected(number).write_text("id,name,Why rejected\n", encoding="utf-8")
    return number


def a_failed_job(stage: Stage | None = None) -> int:
    """A job that was given up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (task_name, queue_name, status, attempts) "
            "values ('health:rescore', 'default', 'failed', 3) returning id"
        )
        return int(cursor.fetchone()[0])


def a_call(stage: Stage) -> int:
    return opened(stage.people.owner).pk


def a_call_beside_playbooks(stage: Stage) -> int:
    publish_playbooks()
    return a_call(stage)


def a_task(stage: Stage) -> int:
    email = {"subject": "Hello", "text": "Dear {contact.name}"}
    return Task.objects.create(call=opened(stage.people.owner), place=1, title="Call them", email=email).pk


def an_attachment(stage: Stage) -> int:
    return Attachment.objects.create(
        call=opened(stage.people.owner), name="a.txt", content=b"a", size=1, added_at=timezone.now(), added_by="Ari"
    ).pk


def a_call_view(stage: Stage) -> int:
    return CallView.objects.create(name="Mine", owner=stage.people.owner, query="?owner=me").pk


def a_bulk_change_of_calls(stage: Stage) -> int:
    return CallBulkChange.objects.create(user=stage.people.admin, action="flag", value="yes", before={}).pk


def a_plan(stage: Stage) -> int:
    return SuccessPlan.objects.create(
        account=stage.account, title="Roll out", starts_on="2026-01-01", made_at=timezone.now(), made_by="Ada"
    ).pk


def an_objective(stage: Stage) -> int:
    return Objective.objects.create(plan_id=a_plan(stage), place=1, title="400 users").pk


_RULES = """\
rules:
  call_when_red:
    when: label = 'red'
    actions: [{log: {title: "{account.name} turned red"}}]
"""


def a_rule(stage: Stage) -> str:
    """One in force."""
    publish(actor=System("tests"), files={**FILES, "rules.yaml": _RULES}, note="Rules")
    return "call_when_red"


def a_stage(stage: Stage) -> str:
    """One of the definitions in force."""
    publish(actor=System("tests"), files={**FILES, "stages.yaml": "stages: {onboarding: {order: 1}}"}, note="Stages")
    return "onboarding"


def a_draft_with_a_rule(stage: Stage) -> int:
    a_rule(stage)
    return a_draft(stage)


def a_draft_with_a_stage(stage: Stage) -> int:
    a_stage(stage)
    return a_draft(stage)


def a_draft_with_a_playbook(stage: Stage) -> int:
    files = {**FILES, "playbooks.yaml": "playbooks: {save_plan: {tasks: [{name: call}]}}"}
    publish(actor=System("tests"), files=files, note="Playbooks")
    return a_draft(stage)


def a_rule_run(stage: Stage) -> int:
    """One that waits for approval."""
    return RuleRun.objects.create(
        rule=a_rule(stage), version="v1", cause="tests", trigger="new scores", as_of=timezone.localdate(),
        decided_at=timezone.now(), status="waiting",
    ).pk  # fmt: skip
