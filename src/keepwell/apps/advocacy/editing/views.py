"""Configure › Advocacy: the kinds of activity, the rules that find candidates, and the editor of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keepwell.apps.advocacy.editing.form import CANDIDATES_FORM, KIND_FORM
from keepwell.apps.advocacy.editing.page import candidates_page, kind_page
from keepwell.apps.advocacy.editing.telling import candidate_words, kind_words
from keepwell.apps.configuration.editing.listing import Listed, Listing
from keepwell.apps.configuration.editing.pages import Asked, Editor
from keepwell.apps.rules.editing.naming import names_for, summary
from keepwell.definitions.advocacy import DEFAULT_ACTIVITIES, DEFAULT_CANDIDATES
from keepwell.definitions.advocacy_names import ACCOUNTS, PEOPLE
from keepwell.definitions.base import Documented
from keepwell.definitions.names import listed


def _beside(asked: Asked) -> dict[str, Any]:
    found = asked.drafted.advocacy_activities.get(asked.name) if asked.drafted else None
    return {**_names(asked), "sentence": kind_words(found) if found else "", "aside": "Kinds that come with Keepwell"}


def _beside_candidates(asked: Asked) -> dict[str, Any]:
    found = asked.drafted.advocacy_candidates.get(asked.name) if asked.drafted else None
    return {**_names(asked), "sentence": candidate_words(found) if found else "", "aside": "Names that it knows"}


def _names(asked: Asked) -> dict[str, Any]:
    own = {**ACCOUNTS, **PEOPLE}
    names = [{"name": name, "kind": "advocacy", "doc": one.doc, "place": "expression"} for name, one in own.items()]
    return {
        "names": [*names, *names_for(asked.project)], "summary": f"{listed(own, 40)}; {summary(asked.project)}",
        "known": own.items(), "other_name": "What was logged under the old name keeps it, and is worth nothing then. "
        "Another title changes what people read, and nothing else.",
    }  # fmt: skip


def _rows(
    about: str, defaults: Mapping[str, Documented], say: Callable[[Any], str]
) -> Callable[[Listed], dict[str, Any]]:
    """What lists show: entries as sentences, and the `defaults` of Keepwell that they do not replace."""

    def beside(listed: Listed) -> dict[str, Any]:
        defined = getattr(listed.project, listed.editor.form.entries.kind, {})
        written = {row["name"] for row in listed.rows}
        return {
            "about": about,
            "rows": [{**row, "said": say(defined[row["name"]]) if row["name"] in defined else ""}
                     for row in listed.rows],
            "defaults": [(one.title, say(one)) for name, one in defaults.items() if name not in written],
        }  # fmt: skip

    return beside


KINDS = Listing(
    Editor(KIND_FORM, "advocacy/kinds", kind_page, _beside), "advocacy/kinds/list.html", "Kinds of activity",
    "Plant tour",
    _rows("What customers can do for you, what each is worth, and how often one may be asked.", DEFAULT_ACTIVITIES,
          kind_words),
)  # fmt: skip
CANDIDATES = Listing(
    Editor(CANDIDATES_FORM, "advocacy/candidate_rules", candidates_page, _beside_candidates),
    "advocacy/kinds/list.html", "Rules for candidates", "Sponsors of large customers",
    _rows("Who might become an advocate; whom they find stands under Advocacy.", DEFAULT_CANDIDATES, candidate_words),
    noun="rule",
)  # fmt: skip
