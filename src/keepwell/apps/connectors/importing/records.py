"""Accounts and people of an import in the database, by statements over all rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
from django.db import connection

from keepwell.apps.connectors.importing.indexes import built_at_the_end
from keepwell.apps.connectors.importing.reading import ROW
from keepwell.definitions.datasets import Dataset
from keepwell.lake.statements import literal, open_duckdb, quoted, rows

_CHUNK = 1 << 20
_TYPES = {"arr": "double precision", "started_on": "date", "renews_on": "date", "attributes": "jsonb"}
_PARTS = {
    "name": "name", "parent_id": "parent", "owner_name": "owner", "stage": "stage", "arr": "arr",
    "started_on": "started_at", "renews_on": "renews_on",
}  # fmt: skip
"""Columns of an account in the database, and the option of the dataset that says which column is that."""

_KEPT = ("id", "name", "parent_id", "owner_id", "owner_name", "team_id", "stage", "source_stage", "arr", "started_on",
         "renews_on", "attributes", "in_population")  # fmt: skip


def copy_in(table: str, columns: Mapping[str, str], path: Path) -> None:
    """A temporary table that lasts as long as the transaction, filled from a CSV file with a header."""
    with connection.cursor() as cursor:
        listed = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
        cursor.execute(f"create temp table {table} ({listed}) on commit drop")
        with cursor.copy(f"copy {table} from stdin with (format csv, header true)") as copy, path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                copy.write(chunk)
        cursor.execute(f"analyze {table}")


def copy_out(select: str, path: Path) -> None:
    """The rows of a query as a CSV file with a header."""
    sql = f"copy ({select}) to stdout with (format csv, header true)"
    with connection.cursor() as cursor, path.open("wb") as out, cursor.copy(sql) as copy:
        for chunk in copy:
            out.write(chunk)


def write_accounts(dataset: Dataset, meeting: duckdb.DuckDBPyConnection, sql: str, given: Iterable[str], folder: Path,
                   at: datetime, *, before: Path) -> None:  # fmt: skip
    """Upserts the accounts of `sql`, whole rows of the dataset; only columns that were `given` are touched.

    What they were is kept in `before`. `at` marks them, so that an undoing knows what was touched since.
    """
    parts = {part: getattr(dataset, option) for part, option in _PARTS.items()}
    chosen = {part: column for part, column in parts.items() if column in set(given)}
    path = folder / "accounts.csv"
    packed = ", ".join(f"{quoted(n)} := w.{quoted(n)}" for n in sorted(set(given)))
    select = ", ".join(
        [f"w.{quoted(str(dataset.key))} as id"]
        + [f"w.{quoted(str(column))} as {part}" for part, column in chosen.items()]
        + [f"to_json(struct_pack({packed})) as attributes"]
    )
    meeting.execute(f"copy (select {select} from ({sql}) w) to {literal(str(path))} (format csv, header true)")
    copy_in(
        "kw_accounts", {"id": "text", **{one: _TYPES.get(one, "text") for one in chosen}, "attributes": "jsonb"}, path
    )
    path.unlink()
    copy_out(f"select {', '.join(_KEPT)} from customers_account where id in (select id from kw_accounts)", before)
    (incoming,) = rows(meeting, "select count(*) from states where state = 'new'")[0]
    with built_at_the_end(incoming, "customers_account"):
        _upsert_accounts(list(chosen), at)


def _upsert_accounts(chosen: Sequence[str], at: datetime) -> None:
    texts = {"name": "coalesce(nullif(w.name, ''), w.id)", "owner_name": "coalesce(w.owner_name, '')",
             "stage": "coalesce(w.stage, '')"}  # fmt: skip
    values = {one: texts.get(one, f"w.{one}") for one in chosen}
    values.setdefault("name", "w.id")
    values.setdefault("owner_name", "''")
    values.setdefault("stage", "''")
    values["source_stage"] = values["stage"]
    values |= {"owner_id": "u.id", "team_id": "u.team_id", "attributes": "w.attributes"}
    fixed = {"owner_by_hand": "false", "segments": "'{}'", "in_population": "true", "updated_at": "%s"}
    touched = [one for one in chosen if one != "owner_name"]
    if "stage" in chosen:
        touched.append("source_stage")
    sets = [f"{one} = excluded.{one}" for one in touched]
    if "owner_name" in chosen:
        keep = "case when a.owner_by_hand then a.{0} else excluded.{0} end"
        sets += [
            "owner_name = excluded.owner_name",
            *(f"{one} = {keep.format(one)}" for one in ("owner_id", "team_id")),
        ]
    sets += ["attributes = a.attributes || excluded.attributes", "updated_at = excluded.updated_at"]
    sets.append("in_population = a.merged_into_id is null")
    columns = [*values, *fixed]
    owner = values["owner_name"] if "owner_name" in chosen else "null"
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into customers_account as a (id, {', '.join(columns)}) "
            f"select w.id, {', '.join([*values.values(), *fixed.values()])} from kw_accounts w "
            "left join (select distinct on (name) id, name, team_id from access_user where is_active "
            f"order by name, id) u on u.name = {owner} on conflict (id) do update set {', '.join(sets)}",
            [at],
        )


def undo_accounts(before: Path, written: Path, key: str, at: datetime, folder: Path) -> dict[str, int]:
    """Accounts as they were, where nobody changed them since; new ones leave the population. Returns counts."""
    made = folder / "made.csv"
    with open_duckdb() as db:
        db.execute(
            f"copy (select {quoted(key)} as id from read_parquet({literal(str(written))}) except "
            f"select id from read_csv({literal(str(before))}, all_varchar=true, header=true)) to {literal(str(made))} "
            "(format csv, header true)"
        )
    kinds = {one: _TYPES.get(one, "text") for one in _KEPT} | {
        "owner_id": "bigint",
        "team_id": "bigint",
        "in_population": "boolean",
    }
    copy_in("kw_before", kinds, before)
    copy_in("kw_made", {"id": "text"}, made)
    made.unlink()
    texts = {"owner_name", "stage", "source_stage", "name"}
    sets = ", ".join(
        f"{one} = {f'coalesce(b.{one}, {chr(39) * 2})' if one in texts else f'b.{one}'}" for one in _KEPT[1:]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"update customers_account a set {sets} from kw_before b where a.id = b.id and a.updated_at = %s", [at]
        )
        restored = cursor.rowcount
        cursor.execute(
            "update customers_account a set in_population = false from kw_made m "
            "where a.id = m.id and a.updated_at = %s",
            [at],
        )
        withdrawn = cursor.rowcount
    return {"restored": restored, "withdrawn": withdrawn}


_PERSON = {"key": "uuid", "account_id": "text", "name": "text", "email": "text", "phone": "text", "role": "text",
           "is_sponsor": "boolean"}  # fmt: skip


def people_there(path: Path) -> None:
    """Everybody as a file: key, account, and what tells who they are."""
    copy_out(
        "select p.key, p.account_id, d.name, d.email, d.phone, p.role, p.is_sponsor, "
        "coalesce(p.merged_into_id, p.key) as leads_to from customers_person p "
        "left join customers_personaldata d on d.person_id = p.key",
        path,
    )


class PeopleMeeting:
    """The accepted rows of people beside those that are known in their account: by key, else address, else name."""

    def __init__(self, accepted: Path, there: Path, scratch: Path, *, clears: bool) -> None:
        self.connection = open_duckdb(memory_limit="400MB", temp_directory=str(scratch), threads=2)
        db = self.connection
        db.execute(f"create view accepted as select * from read_parquet({literal(str(accepted))})")
        self.columns = [row[0] for row in rows(db, "describe accepted") if row[0] in _PERSON]
        db.execute(
            "create temp table everybody as select *, is_sponsor = 't' as sponsors "
            f"from read_csv({literal(str(there))}, all_varchar=true, header=true)"
        )
        db.execute(
            "create view there as select key, account_id, name, email, phone, role, sponsors as is_sponsor "
            "from everybody where leads_to = key"  # who is merged into somebody else is found, and is that person
        )
        given = {one: f"a.{one}" if one in self.columns else "null" for one in _PERSON}
        email, name, key = given["email"], given["name"], given["key"]
        for what in ("email", "name"):
            db.execute(
                f"create view by_{what} as select account_id, lower({what}) as what, min(leads_to) as key "
                f"from everybody where {what} <> '' group by all"
            )
        parts = ", ".join(self._part(one, clears=clears) for one in ("name", "email", "phone", "role"))
        db.execute(
            f"create temp table met as select a.{ROW}, coalesce(k.key, e.key, n.key) as found, "
            f"({key} is not null and k.key is null) as strange, a.account_id, {parts}, "
            f"coalesce({given['is_sponsor']}, h.is_sponsor, false) as is_sponsor, "
            "h.name as was_name, h.email as was_email, h.phone as was_phone, h.role as was_role, "
            "h.is_sponsor as was_sponsor from accepted a "
            f"left join there k on k.key = lower({key}) and k.account_id = a.account_id "
            f"left join by_email e on {key} is null and e.account_id = a.account_id and e.what = lower({email}) "
            f"left join by_name n on {key} is null and {email} is null and n.account_id = a.account_id "
            f"and n.what = lower({name}) "
            "left join there h on h.key = coalesce(k.key, e.key, n.key)"
        )
        same = " and ".join(
            f"coalesce({one}, '') is not distinct from coalesce(was_{one}, '')"
            for one in ("name", "email", "phone", "role")
        )
        db.execute(
            "create temp table people as select *, "
            f"case when strange then 'strange' when found is null then 'new' when {same} "
            "and is_sponsor is not distinct from was_sponsor then 'unchanged' else 'changed' end as state, "
            "coalesce(found, uuid()::varchar) as key from met"
        )

    def _part(self, one: str, *, clears: bool) -> str:
        if one not in self.columns:
            return f"h.{one} as {one}"
        return f"a.{one} as {one}" if clears else f"coalesce(a.{one}, h.{one}) as {one}"

    def counts(self) -> dict[str, int]:
        found = dict(rows(self.connection, "select state, count(*) from people group by 1"))
        return {state: int(found.get(state, 0)) for state in ("new", "changed", "unchanged", "strange")}

    def write(self, folder: Path, before: Path, at: datetime) -> None:
        """Inserts those that are new, changes those that differ; what they were and became is kept in `before`."""
        path = folder / "people.csv"
        now = ", ".join(f"coalesce({one}, '') as {one}" for one in ("name", "email", "phone", "role"))
        was = ", ".join(f"coalesce(was_{one}, '') as was_{one}" for one in ("name", "email", "phone", "role"))
        self.connection.execute(
            f"copy (select key, account_id, {now}, is_sponsor, state, {was}, "
            "coalesce(was_sponsor, false) as was_is_sponsor "
            f"from people where state in ('new', 'changed')) to {literal(str(path))} "
            "(format csv, header true, force_quote *)"
        )
        copy_in("kw_people", {**_PERSON, "state": "text", **_WAS}, path)
        path.replace(before)
        filled = built_at_the_end(self.counts()["new"], "customers_person", "customers_personaldata")
        with filled, connection.cursor() as cursor:
            cursor.execute(
                "insert into customers_person (key, account_id, role, is_sponsor, created_at) "
                "select key, account_id, role, is_sponsor, %s from kw_people where state = 'new'",
                [at],
            )
            cursor.execute(
                "insert into customers_personaldata (person_id, name, email, phone, traits) "
                "select key, name, email, phone, '{}' from kw_people where state = 'new'"
            )
            cursor.execute(
                "update customers_person p set role = w.role, is_sponsor = w.is_sponsor from kw_people w "
                "where p.key = w.key and w.state = 'changed'"
            )
            cursor.execute(
                "insert into customers_personaldata (person_id, name, email, phone, traits) "
                "select key, name, email, phone, '{}' from kw_people where state = 'changed' "
                "on conflict (person_id) do update set name = excluded.name, email = excluded.email, "
                "phone = excluded.phone"
            )

    def close(self) -> None:
        self.connection.close()


_WAS = {"was_name": "text", "was_email": "text", "was_phone": "text", "was_role": "text", "was_is_sponsor": "boolean"}


def undo_people(before: Path) -> dict[str, int]:
    """People as they were where they are still what the import made of them; new ones are deleted."""
    copy_in("kw_people", {**_PERSON, "state": "text", **_WAS}, before)
    same = (
        "p.key = w.key and d.person_id = p.key and (d.name, d.email, d.phone, p.role, p.is_sponsor, p.account_id) = "
        "(w.name, w.email, w.phone, w.role, w.is_sponsor, w.account_id) and p.left_on is null"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table kw_still on commit drop as select w.* from kw_people w, customers_person p, "
            f"customers_personaldata d where {same}"
        )
        cursor.execute(
            "delete from customers_personaldata d using kw_still w where d.person_id = w.key and w.state = 'new'"
        )
        cursor.execute("delete from customers_person p using kw_still w where p.key = w.key and w.state = 'new'")
        withdrawn = cursor.rowcount
        cursor.execute(
            "update customers_person p set role = w.was_role, is_sponsor = w.was_is_sponsor from kw_still w "
            "where p.key = w.key and w.state = 'changed'"
        )
        cursor.execute(
            "update customers_personaldata d set name = w.was_name, email = w.was_email, phone = w.was_phone "
            "from kw_still w where d.person_id = w.key and w.state = 'changed'"
        )
        return {"restored": cursor.rowcount, "withdrawn": withdrawn}
