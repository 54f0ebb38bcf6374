"""Forms of connections, syncs and exports: they read what was typed, operations decide."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from keepwell.apps.connectors.models import Connection, Export, Sync
from keepwell.apps.connectors.scheduling import HELP, in_words
from keepwell.apps.connectors.scores import COLUMNS, USUAL
from keepwell.connect.document import DeletedIf, SyncDocument
from keepwell.connect.spec import Setting, Spec, Stream
from keepwell.connect.writing.target import TargetSpec

TYPES = ("text", "number", "integer", "boolean", "date", "time")
MODES = (
    ("upsert", "Upsert: one row a key, the newest"),
    ("history", "History: a changed row is added, the one before stays"),
    ("append", "Append: rows whose key is there already are left out"),
    ("replace", "Replace: what was read takes the place of all"),
)
_GUESSED = {"number": "number", "boolean": "boolean", "date": "date", "time": "time"}


def _name(what: str) -> forms.CharField:
    return forms.CharField(max_length=60, help_text=f"Of the {what}: small letters, digits, '-' and '_'.")


def _field(one: Setting, *, given: bool) -> forms.Field:
    """`given`: there is a secret already, which stays when nothing is typed."""
    help_text = " ".join(filter(None, (one.help, "Leave empty to keep what is there." if given else "")))
    common: dict[str, Any] = {"label": one.title, "help_text": help_text, "initial": one.default}
    common["required"] = one.required and not one.default and not given
    if one.choices:
        return forms.ChoiceField(choices=[(choice, choice) for choice in one.choices], **common)
    if one.secret:
        hidden = forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False)
        return forms.CharField(widget=hidden, strip=True, max_length=10_000, **common)
    widget = forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}) if one.long else forms.TextInput()
    return forms.CharField(widget=widget, strip=not one.long, max_length=100_000, **common)


class ConnectionForm(forms.Form):
    """The settings of a kind. Secrets are never filled in."""

    def __init__(self, data: QueryDict | None = None, *, spec: Spec, connection: Connection | None = None) -> None:
        initial = dict(connection.settings) if connection else {}
        super().__init__(data, initial=initial)
        self._spec = spec
        if connection is None:
            self.fields["name"] = _name("connection")
        for one in spec.settings:
            given = bool(connection and connection.secrets and one.secret)
            self.fields[one.name] = _field(one, given=given)

    def said(self) -> dict[str, str]:
        return {one.name: self.cleaned_data.get(one.name, "") for one in self._spec.settings}


class SyncForm(forms.Form):
    """All of a sync but its columns, which are rows of their own."""

    name = _name("sync")
    stream = forms.CharField(max_length=300)
    dataset = forms.CharField(max_length=100, help_text="The dataset that is filled; it may be new.")
    mode = forms.ChoiceField(choices=MODES)
    cursor = forms.CharField(
        max_length=300, required=False, label="Column that grows with every change",
        help_text="Only newer rows are asked for; empty to read everything each time.",
    )  # fmt: skip
    deleted = forms.ChoiceField(
        choices=(("", "Are never deleted"), ("missing", "Are gone when a whole reading lacks them"),
                 ("column", "Are gone when a column says so")),
        required=False, label="Rows",
    )  # fmt: skip
    deleted_column = forms.CharField(max_length=300, required=False, label="Column that says it")
    deleted_values = forms.CharField(
        max_length=300,
        required=False,
        label="Values that mean gone",
        help_text="With commas between; empty for any value.",
    )
    time_zone = forms.CharField(
        max_length=60, required=False, help_text="Of times without an offset; the project's unless said here."
    )
    schedule = forms.CharField(max_length=40, required=False, help_text=f"Such as: {HELP}.")
    fresh_within_minutes = forms.IntegerField(
        required=False, min_value=1, label="Late after so many minutes",
        help_text="Empty for twice the schedule and an hour.",
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, sync: Sync | None = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        if sync is not None:
            del self.fields["name"]


class YamlForm(forms.Form):
    """The same as a document."""

    yaml = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}), strip=False, max_length=100_000
    )


class ExportForm(forms.Form):
    """The settings of a target, what is written, and when."""

    def __init__(
        self, data: QueryDict | None = None, *, spec: TargetSpec, connections: Sequence[Connection],
        export: Export | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=_export_initial(export))
        self._spec = spec
        if export is None:
            self.fields["name"] = _name("write-back")
        if spec.kinds:
            self.fields["connection"] = forms.ChoiceField(choices=[(one.name, one.name) for one in connections])
        for one in spec.settings:
            given = bool(export and export.secrets and one.secret)
            self.fields[one.name] = _field(one, given=given)
        if spec.name != "field":
            self.fields["columns"] = forms.MultipleChoiceField(
                choices=[(one, one) for one in COLUMNS], widget=forms.CheckboxSelectMultiple, initial=list(USUAL)
            )
        self.fields["only_changes"] = forms.BooleanField(
            required=False, initial=True, label="Only accounts whose row changed since it was sent"
        )
        self.fields["schedule"] = forms.CharField(max_length=40, required=False, help_text=f"Such as: {HELP}.")

    def said(self) -> dict[str, str]:
        return {one.name: self.cleaned_data.get(one.name, "") for one in self._spec.settings}


def _export_initial(export: Export | None) -> dict[str, Any]:
    if export is None:
        return {}
    return {
        **export.settings, "connection": export.connection.name if export.connection else "",
        "columns": export.columns, "only_changes": export.only_changes, "schedule": in_words(export),
    }  # fmt: skip


def sync_initial(document: SyncDocument, sync: Sync | None = None) -> dict[str, Any]:
    """What the form shows of a document."""
    deleted = document.deleted
    by_column = isinstance(deleted, DeletedIf)
    return {
        "stream": document.stream, "dataset": document.dataset, "mode": document.mode, "cursor": document.cursor or "",
        "deleted": "column" if by_column else deleted or "",
        "deleted_column": deleted.column if isinstance(deleted, DeletedIf) else "",
        "deleted_values": ", ".join(deleted.values) if isinstance(deleted, DeletedIf) else "",
        "time_zone": document.time_zone or "",
        "schedule": in_words(sync) if sync else "", "fresh_within_minutes": sync.fresh_within_minutes if sync else None,
    }  # fmt: skip


def said_document(cleaned: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What was typed, as the document that it is meant to be."""
    deleted: Any = cleaned["deleted"] or None
    if deleted == "column":
        values = [one.strip() for one in cleaned["deleted_values"].split(",") if one.strip()]
        deleted = {"column": cleaned["deleted_column"], "values": values}
    said = {
        "stream": cleaned["stream"], "dataset": cleaned["dataset"], "mode": cleaned["mode"],
        "columns": {one["into"]: {"from": one["from"], "type": one["type"]} for one in columns if one["into"]},
        "keys": [one["into"] for one in columns if one["into"] and one["key"]],
        "cursor": cleaned["cursor"] or None, "deleted": deleted, "time_zone": cleaned["time_zone"] or None,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def posted_columns(data: QueryDict) -> list[dict[str, Any]]:
    """The rows of the mapping as they were typed: four lists of fields, numbered."""
    numbers = sorted({int(found[1]) for name in data if (found := re.fullmatch(r"from_(\d{1,4})", name))})
    rows = [
        {
            "from": data.get(f"from_{one}", "").strip(), "into": data.get(f"into_{one}", "").strip(),
            "type": data.get(f"type_{one}", "text"), "key": f"key_{one}" in data,
        }
        for one in numbers
    ]  # fmt: skip
    return [row for row in rows if row["from"] or row["into"]]


def columns_of(document: SyncDocument) -> list[dict[str, Any]]:
    return [
        {"from": one.source, "into": name, "type": one.type, "key": name in document.keys}
        for name, one in document.columns.items()
    ]


def suggested_columns(types: Mapping[str, str], stream: Stream | None) -> list[dict[str, Any]]:
    """A mapping to begin with: every plain column under a name that fits, lists and the source's own left out."""
    taken: set[str] = set()
    rows = []
    for source, kind in types.items():
        into = "" if kind == "list" or source.startswith("_") else _free(_snake(source), taken)
        key = stream is not None and source in stream.keys
        rows.append({"from": source, "into": into, "type": "text" if key else _GUESSED.get(kind, "text"), "key": key})
    return rows


def _snake(source: str) -> str:
    last = source.rpartition(".")[2].removesuffix("__c")
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last)
    plain = re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")
    return plain if plain[:1].isalpha() else f"c_{plain}"


def _free(name: str, taken: set[str]) -> str:
    name = f"{name}_value" if name in ("deleted_at", "synced_at", "load_id", "local_day") else name
    found = next(one for one in (name, *(f"{name}_{number}" for number in range(2, 1000))) if one not in taken)
    taken.add(found)
    return found
