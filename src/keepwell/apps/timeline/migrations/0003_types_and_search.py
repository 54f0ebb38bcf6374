"""The types every installation has, and a trigger that keeps the words to search by."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from keepwell.apps.timeline.types import BUILT_IN

_TRIGGER = """
create function timeline_entry_words() returns trigger language plpgsql as $$
begin
  new.search :=
    setweight(to_tsvector('english', coalesce(new.title, '')), 'A') ||
    setweight(to_tsvector('english', coalesce(new.text, '')), 'B') ||
    setweight(to_tsvector('simple', coalesce(new.author, '') || ' ' || coalesce(new.attendees #>> '{}', '')), 'C') ||
    setweight(to_tsvector('simple', coalesce(new.fields #>> '{}', '')), 'D');
  return new;
end $$;
create trigger timeline_entry_words before insert or update on timeline_timelineentry
  for each row execute function timeline_entry_words();
"""
_UNDONE = """
drop trigger timeline_entry_words on timeline_timelineentry;
drop function timeline_entry_words();
"""


def add_types(apps: Any, schema_editor: Any) -> None:
    types = apps.get_model("timeline", "EntryType").objects
    for name, title, fields in BUILT_IN:
        types.get_or_create(name=name, defaults={"title": title, "fields": fields, "own": False})


class Migration(migrations.Migration):
    dependencies = [("timeline", "0002_types_can_end")]
    operations = [
        migrations.RunSQL(_TRIGGER, _UNDONE),
        migrations.RunPython(add_types, migrations.RunPython.noop),
    ]
