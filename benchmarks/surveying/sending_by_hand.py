"""The same send by hand: statements of PostgreSQL by somebody who knows the tables and this survey, into tables like
ours with the same indexes. What an account or a person says in expressions is written into the statement."""

from __future__ import annotations

import psycopg

_DECIDED = """
select person.key as person, person.account_id,
  case when is_out then 'outside' when email is null then 'no address' when twin > 1 or was_asked then 'cool-down'
       when abs(hashtext('survey:nps' || person.key::text)::bigint) % 10000 >= 9000 then 'sample'
       else 'asked' end as why
from (
  select p.key, p.account_id, nullif(d.email, '') as email,
    row_number() over (partition by lower(trim(d.email)) order by p.key) as twin,
    p.left_on is not null or not (p.role = 'admin' or p.is_sponsor) or exists (
      select from surveys_refusal f where f.person_id = p.key and f.lifted_at is null) as is_out,
    exists (select from by_hand_invitation i where i.person_id = p.key and i.withdrawn_at is null
            and (i.finished_at is null or i.asked_at > now() - interval '90 days')) as was_asked
  from customers_person p
  join customers_account a on a.id = p.account_id and a.in_population
  left join customers_personaldata d on d.person_id = p.key
  where p.merged_into_id is null
) as person
"""
_INVITE = f"""
insert into by_hand_invitation
  (survey, version, key, token_hash, account_id, person_id, channel, language, asked_at, reminded_at)
select 'nps', 'v', key, encode(sha256(key::text::bytea), 'hex'), account_id, person, 'email', '', now(), '{{}}'
from (select decided.*, gen_random_uuid() as key from ({_DECIDED}) as decided where why = 'asked') as asked
"""
_LETTERS = """
with queued as (
  update by_hand_invitation set queued_at = now() where channel = 'email' and queued_at is null returning id)
insert into by_hand_mail
  ("to", subject, text, html, written_at, attempts, due_at, error, key, composer, about)
select '', '', '', '', now(), 0, now(), '', 'survey:' || id || ':0', 'survey', id::text from queued
"""


def prepare(connection: psycopg.Connection) -> None:
    connection.execute("create table by_hand_invitation (like surveys_invitation including all)")
    connection.execute("create table by_hand_mail (like notices_mail including all)")
    connection.execute("vacuum analyze")


def plan(connection: psycopg.Connection) -> dict[str, int]:
    """How many, by reason."""
    rows = connection.execute(f"select why, count(*) from ({_DECIDED}) as decided group by 1")
    return {why: int(count) for why, count in rows}


def invite(connection: psycopg.Connection) -> int:
    """Decides and invites, in one transaction. Returns how many."""
    return connection.execute(_INVITE).rowcount


def queue_letters(connection: psycopg.Connection) -> int:
    """Returns how many letters wait in the outbox."""
    return connection.execute(_LETTERS).rowcount
