"""Names are kept as the words of a search are read, so that one query finds both and -without means what it says."""

from __future__ import annotations

from django.db import migrations

_FUNCTION = """
create or replace function timeline_entry_words() returns trigger language plpgsql as $$
begin
  new.search :=
    setweight(to_tsvector('english', coalesce(new.title, '')), 'A') ||
    setweight(to_tsvector('english', coalesce(new.text, '')), 'B') ||
    setweight(to_tsvector('english', coalesce(new.author, '') || ' ' || coalesce(new.attendees #>> '{}', '')), 'C') ||
    setweight(to_tsvector('english', coalesce(new.fields #>> '{}', '')), 'D');
  return new;
end $$;
update timeline_timelineentry set title = title;
"""


class Migration(migrations.Migration):
    dependencies = [("timeline", "0003_types_and_search")]
    operations = [migrations.RunSQL(_FUNCTION, migrations.RunSQL.noop)]
