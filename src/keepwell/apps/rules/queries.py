"""Reads of rules and of what they did. Counts are of everybody; accounts are named to those who see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import sees_all, visible
from keepwell.apps.rules.models import Effect, EffectStatus, RuleRun, RuleState, RunStatus, Stopped, Treatment
from keepwell.apps.rules.wording import short_sentence_of, title_of
from keepwell.definitions.actions import ACTION_KINDS
from keepwell.definitions.project import Project
from keepwell.definitions.rules import Rule
from keepwell.definitions.versions import Versions
from keepwell.engine.rules.planning import effects_said

RECENT = timedelta(days=30)
_FEW = 2000


@dataclass(frozen=True)
class Listed:
    """A rule of the list. `rule`: None for one that ran and is not defined any more; `acted`: in the last 30 days."""

    name: str
    title: str
    sentence: str
    rule: Rule | None
    last: RuleRun | None
    acted: int
    open: int
    waiting: int
    stopped: str


def rules_listed(now: datetime | None = None) -> list[Listed]:
    """The rules in force in the order in which they act."""
    project = current_project() or Project()
    recent = RuleRun.objects.filter(decided_at__gte=(now or timezone.now()) - RECENT)
    done = recent.exclude(status__in=[RunStatus.WAITING, RunStatus.REJECTED])
    acted = dict(done.values_list("rule").annotate(n=Sum(F("fired") - F("held_out"))).order_by())
    open_ones = dict(RuleState.objects.filter(is_open=True).values_list("rule").annotate(n=Count("pk")).order_by())
    waits = dict(waiting().values_list("rule").annotate(n=Count("pk")).order_by())
    stopped = dict(Stopped.objects.values_list("rule", "reason"))
    last = {one.rule: one for one in RuleRun.objects.order_by("rule", "-decided_at", "-pk").distinct("rule")}
    return [
        Listed(name, title_of(name, rule), short_sentence_of(rule), rule, last.get(name), acted.get(name) or 0,
               open_ones.get(name, 0), waits.get(name, 0), stopped.get(name, ""))
        for name, rule in project.rules_in_order().items()
    ]  # fmt: skip


def rule_in_force(name: str) -> tuple[Project, Rule]:
    """Raises NotVisible for one that is not defined."""
    project = current_project()
    if project is None or name not in project.rules:
        raise NotVisible
    return project, project.rules[name]


def waiting() -> QuerySet[RuleRun]:
    """Runs that wait for approval, the oldest first."""
    return RuleRun.objects.filter(status=RunStatus.WAITING).order_by("decided_at", "pk")


def runs(*, rule: str = "", status: str = "", q: str = "") -> QuerySet[RuleRun]:
    """Newest first. `status`: of the run; `failed`: with effects that failed; `q`: part of the name of an account."""
    found = RuleRun.objects.all()
    if rule:
        found = found.filter(rule=rule)
    if status == "failed":
        failed = Effect.objects.filter(status=EffectStatus.FAILED)
        found = found.filter(pk__in=failed.values("run"))
    elif status:
        found = found.filter(status=status)
    if q:
        found = found.filter(pk__in=Effect.objects.filter(_named(q)).values("run"))
    return found.order_by("-decided_at", "-pk")


def run(run_id: int) -> RuleRun:
    found = RuleRun.objects.filter(pk=run_id).first()
    if found is None:
        raise NotVisible
    return found


def effects_seen(actor: Actor, of: RuleRun) -> QuerySet[Effect]:
    """Those for accounts that the actor sees; of accounts that are gone too, for whoever sees all."""
    return of.effects.all() if sees_all(actor) else of.effects.filter(account__in=visible(actor))


def left_to_others(actor: Actor, of: RuleRun) -> int:
    """How many effects wait for somebody who sees accounts that the actor does not."""
    proposed = of.effects.filter(status=EffectStatus.PROPOSED)
    return proposed.count() - effects_seen(actor, of).filter(status=EffectStatus.PROPOSED).count()


def effects(actor: Actor, of: RuleRun, *, kind: str = "", status: str = "", q: str = "") -> QuerySet[Effect]:
    """Effects for accounts that the actor sees, an account's together."""
    found = effects_seen(actor, of).select_related("account")
    if kind:
        found = found.filter(kind=kind)
    if status:
        found = found.filter(status=status)
    if q:
        found = found.filter(_named(q))
    return found.order_by("account__name", "account_id", "part", "place", "pk")


def counts(of: RuleRun) -> dict[str, dict[str, int]]:
    """How many effects, by kind and then by status."""
    found: dict[str, dict[str, int]] = {}
    for kind, status, number in of.effects.values_list("kind", "status").annotate(n=Count("pk")).order_by("kind"):
        found.setdefault(kind, {})[status] = number
    return found


def effects_in_words(runs_shown: Iterable[RuleRun]) -> dict[int, str]:
    """By run, what it does in words: open 14 calls to action, set 3 scores. What is held out does not count."""
    ids = [one.pk for one in runs_shown]
    rows = Effect.objects.filter(run__in=ids).exclude(status=EffectStatus.HELD_OUT)
    found: dict[int, dict[str, int]] = {}
    for run_id, kind, number in rows.values_list("run", "kind").annotate(n=Count("pk")).order_by("kind"):
        found.setdefault(run_id, {})[kind] = number
    return {run_id: effects_said(_in_order(found.get(run_id, {}))) for run_id in ids}


def open_for(actor: Actor, name: str) -> QuerySet[Account]:
    """Accounts that the actor sees for which the rule fired and is not over."""
    states = RuleState.objects.filter(rule=name, is_open=True)
    return visible(actor).filter(pk__in=states.values("account_id")).select_related("health").order_by("name", "pk")


def count_open(actor: Actor, name: str) -> int:
    """How many those are."""
    return (
        RuleState.objects.filter(rule=name, is_open=True).count() if sees_all(actor) else open_for(actor, name).count()
    )


@dataclass(frozen=True)
class Treated:
    """How many accounts a rule treated, and how many it left alone to learn what it does."""

    treated: int
    held_out: int
    withdrawn: int


def treated_by(name: str) -> Treated:
    decided = Treatment.objects.filter(by=f"rule:{name}").exclude(run__status=RunStatus.WAITING)
    found = decided.aggregate(
        treated=Count("account", distinct=True, filter=Q(is_held_out=False, withdrawn_at=None)),
        held_out=Count("account", distinct=True, filter=Q(is_held_out=True)),
        withdrawn=Count("account", distinct=True, filter=Q(withdrawn_at__isnull=False)),
    )
    return Treated(**found)


def project_of_run(of: RuleRun) -> Project | None:
    """Definitions in which the rule is the one that the run decided; None where no version has it."""
    current = current_project()
    if current is not None and of.rule in current.rules and Versions(current).of("rules", of.rule) == of.version:
        return current
    version = Version.objects.filter(**{f"hashes__rules__{of.rule}": of.version}).order_by("-number").first()
    return project_of(version.files) if version else None


def names_of(actor: Actor, accounts: Iterable[str]) -> Mapping[str, str]:
    """Names by id, of accounts that the actor sees."""
    return dict(visible(actor).filter(pk__in=list(accounts)).values_list("pk", "name"))


def first_seen(actor: Actor, accounts: Collection[str], most: int) -> dict[str, str]:
    """Names by id of some of these accounts: those that the actor sees with the most revenue."""
    found = visible(actor).order_by(F("arr").desc(nulls_last=True), "name", "pk").values_list("pk", "name")
    if len(accounts) <= _FEW:
        return dict(found.filter(pk__in=list(accounts))[:most])
    among = set(accounts)  # most of them are met soon, so that no long list is sent
    return dict(islice((one for one in found.iterator(chunk_size=_FEW) if one[0] in among), most))


def _in_order(by_kind: Mapping[str, int]) -> dict[str, int]:
    return {kind: by_kind[kind] for kind in ACTION_KINDS if kind in by_kind}


def _named(q: str) -> Q:
    return Q(account__name__icontains=q) | Q(account_id=q)
