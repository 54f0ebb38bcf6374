"""What the fields of a rule may name: for completion in expressions and texts, and for the lists behind inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from keepwell.apps.customers.facts import AccountFacts
from keepwell.apps.customers.models import AccountList
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.definitions.names import listed
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import FIELDS, KNOWN, dotted_names
from keepwell.errors import RequestRefused

_FUNCTIONS = {
    "change_over(score, 28)": "What a number has changed by in so many days",
    "value_before(score, 28)": "What something was so many days before",
}


@dataclass(frozen=True)
class Named:
    """A name for completion. `kind`: what it is, in a word; `place`: expression, text, or both."""

    name: str
    kind: str
    doc: str
    place: str = "both"


def names_for(project: Project, more: Mapping[str, Mapping[str, str]] | None = None) -> list[dict[str, str]]:
    """Every name that expressions and texts of rules know, those that rules know of themselves first. `more`: what
    texts may name besides, by the word before the dot."""
    return [asdict(one) for one in (*_fields(more or {}), *_names(project))]


def known_of(project: Project, name: str) -> dict[str, tuple[str, ...]]:
    """By the key of a field, what it may name; `name` is the rule that is edited."""
    dotted = dotted_names(project)
    cards = project.cards_for("account").values()
    scored = {m for card in cards for m, one in card.measures.items() if "rule" in one.source_order}
    return {
        "reason": (name,),
        "measure": tuple(sorted(scored or dotted["measure"])),
        "stage": tuple(project.stages_in_order()),
        "playbook": tuple(sorted(project.playbooks)),
        "rule": tuple(sorted(one for one in project.rules if one != name)),
        "attribute": tuple(attributes_of(project)),
        "list": tuple(AccountList.objects.order_by("name").values_list("name", flat=True)[:100]),
        "owner": ("csm", "manager", "team"),
        "load": tuple(sorted(project.datasets)),
        "milestone_overdue": tuple(sorted({m for stage in project.stages.values() for m in stage.milestones})),
        "stage_change": tuple(project.stages_in_order()),
        "schedule": ("every weekday at 08:00", "every monday at 08:00", "every 4 hours"),
        "by": ("in_app", "email"),
        "persists": ("3 days", "2 runs"),
        "due": ("3 business days", "2 weeks"),
        "cool_down": ("14 days", "30 days", "90 days"),
        "per": ("30 days", "365 days"),
        "expires": ("30 days", "90 days"),
        "hold_out": ("5%", "10%", "20%"),
    }


def attributes_of(project: Project) -> list[str]:
    """Columns of the accounts, as the lake holds them; where it does not, those that a run has read."""
    try:
        return sorted(AccountFacts(project).schema.names)
    except RequestRefused:
        run = latest_run()
        return sorted(state_of(run).values.accounts.attributes.column_names) if run else []


def _names(project: Project) -> Iterator[Named]:
    yield from (Named(name, "score and stage", one.doc) for name, one in KNOWN.items())
    yield from (Named(name, "function", doc, "expression") for name, doc in _FUNCTIONS.items())
    for name in project.segments:
        yield Named(f"in_segment('{name}')", "segment", str(project.segments[name]), "expression")
    for prefix, names in dotted_names(project).items():
        yield from (Named(f"{prefix}.{name}", prefix, f"The score of the {prefix}") for name in sorted(names))
    for name, metric in sorted(project.metrics.items()):
        yield Named(name, "metric", getattr(metric, "title", None) or getattr(metric, "help", None) or "")
    yield from (Named(name, "attribute", "A column of the accounts") for name in attributes_of(project))
    yield from _fields(FIELDS)


def _fields(known: Mapping[str, Mapping[str, str]]) -> Iterator[Named]:
    for prefix, fields in known.items():
        yield from (Named(f"{prefix}.{name}", "text", doc, "text") for name, doc in fields.items())


def summary(project: Project) -> str:
    """For those without scripts: the names in a sentence."""
    return listed((one.name for one in _names(project) if one.place != "text"), limit=200)
