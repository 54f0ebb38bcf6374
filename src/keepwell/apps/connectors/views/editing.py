"""The mapping editor: columns of a stream beside those of a dataset, with a preview, or the same as YAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from keepwell.apps.access.actors import Person, actor_of
from keepwell.apps.connectors import forms, queries
from keepwell.apps.connectors.models import Connection, Sync
from keepwell.apps.connectors.operations import syncs as operations
from keepwell.apps.connectors.place import door
from keepwell.apps.connectors.previewing import looked_at
from keepwell.apps.connectors.scheduling import in_words
from keepwell.apps.connectors.suggesting import definition_of
from keepwell.apps.ui.accepting import accepted
from keepwell.connect.document import SyncDocument, as_yaml, document_from_yaml, document_of
from keepwell.connect.previewing import Preview
from keepwell.connect.registry import source_of
from keepwell.connect.spec import Stream
from keepwell.errors import InputError

_PATIENCE = 10
_SPARE = 3  # empty rows for columns that the first rows do not have


@dataclass
class Editor:
    """What the page shows. `saved`: the operation took it."""

    actor: Person
    connection: Connection
    sync: Sync | None = None
    form: Any = None
    yaml_form: Any = None
    columns: list[dict[str, Any]] = field(default_factory=list)
    shown: Preview | None = None
    refused: str = ""
    saved: Sync | None = None

    def begin(self, stream: str, as_yaml_too: bool) -> None:
        """A new sync from what the stream holds, or one that is there."""
        if self.sync is not None:
            wanted = queries.document(self.sync)
            self.form = forms.SyncForm(sync=self.sync, initial=forms.sync_initial(wanted, self.sync))
            self.columns = forms.columns_of(wanted)
            self.yaml_form = forms.YamlForm(initial={"yaml": as_yaml(wanted)})
            return
        found = self._stream(stream)
        self._look(stream, None)
        self.columns = forms.suggested_columns(self.shown.types if self.shown else {}, found)
        plain = "".join(one if one.isalnum() else "_" for one in stream.partition(".")[0].lower()).strip("_")
        initial = {"stream": stream, "name": plain, "dataset": plain, "cursor": found.cursor if found else ""}
        self.form = forms.SyncForm(initial=initial)

    def take(self, data: QueryDict, *, preview_only: bool) -> None:
        """What was typed: shown again with a preview, or kept."""
        self.form = forms.SyncForm(data, sync=self.sync)
        document = self._from_yaml(data) if "yaml" in data else self._from_rows(data)
        if document is None:
            return
        if preview_only:
            self._look(document.stream, document)
        else:
            form = self.yaml_form if "yaml" in data else self.form
            self.saved = accepted(form, lambda: self._keep(document))

    def _from_rows(self, data: QueryDict) -> SyncDocument | None:
        self.columns = forms.posted_columns(data)
        return accepted(self.form, lambda: document_of(forms.said_document(self.form.cleaned_data, self.columns)))

    def _from_yaml(self, data: QueryDict) -> SyncDocument | None:
        self.yaml_form = forms.YamlForm(data)
        wanted: SyncDocument | None = accepted(
            self.yaml_form, lambda: document_from_yaml(self.yaml_form.cleaned_data["yaml"])
        )
        return wanted

    def _keep(self, document: SyncDocument) -> Sync:
        said = getattr(self.form, "cleaned_data", {})
        if self.sync is None:
            return operations.make_sync(
                actor=self.actor, name=said["name"], connection=self.connection, document=document,
                schedule=said["schedule"], fresh_within_minutes=said["fresh_within_minutes"],
            )  # fmt: skip
        schedule = said.get("schedule", in_words(self.sync))
        late = said.get("fresh_within_minutes", self.sync.fresh_within_minutes)
        return operations.change_sync(
            actor=self.actor, sync=self.sync, document=document, schedule=schedule, fresh_within_minutes=late
        )

    def _stream(self, name: str) -> Stream | None:
        try:
            known = source_of(self.connection.kind).streams(
                queries.settings_of(self.connection), door(patience=_PATIENCE)
            )
        except InputError as refused:
            self.refused = str(refused)
            return None
        return next((one for one in known if one.name == name), None)

    def _look(self, stream: str, document: SyncDocument | None) -> None:
        try:
            self.shown = looked_at(self.connection, stream, document)
        except InputError as refused:
            self.refused = str(refused)

    def context(self) -> dict[str, Any]:
        samples = self.shown.samples if self.shown else {}
        types = self.shown.types if self.shown else {}
        empty = [{"from": "", "into": "", "type": "text", "key": False} for _ in range(_SPARE)]
        known = {row["from"] for row in self.columns}
        more = [{"from": one, "into": "", "type": "text", "key": False} for one in types if one not in known]
        rows = [
            {**row, "number": number, "sample": samples.get(row["from"]), "kind": types.get(row["from"], "")}
            for number, row in enumerate([*self.columns, *more, *empty])
        ]
        table = [[_cell(row.get(name)) for name in self.shown.columns] for row in self.shown.rows] if self.shown else []
        return {
            "connection": self.connection, "sync": self.sync, "form": self.form, "yaml_form": self.yaml_form,
            "rows": rows, "types": forms.TYPES, "shown": self.shown, "table": table, "refused": self.refused,
        }  # fmt: skip


def _cell(value: Any) -> str:
    """A value as text: times in UTC to the minute."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return "–" if value is None else str(value)


def new_sync(request: HttpRequest, connection: str) -> HttpResponse:
    actor = actor_of(request)
    editor = Editor(actor, queries.connection_for(actor, connection))
    return _edited(request, editor)


def edit_sync(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    sync = queries.sync_for(actor, name)
    return _edited(request, Editor(actor, sync.connection, sync))


def _edited(request: HttpRequest, editor: Editor) -> HttpResponse:
    if request.method == "POST":
        editor.take(request.POST, preview_only=request.POST.get("do") == "preview")
        if editor.saved is not None:
            return redirect("sync", editor.saved.name)
    else:
        editor.begin(request.GET.get("stream", ""), "yaml" in request.GET)
    as_yaml_page = editor.sync is not None and ("yaml" in request.POST or "yaml" in request.GET)
    context = {**editor.context(), "as_yaml": as_yaml_page, "definition": definition_of(editor.sync)}
    wrong = (editor.form and editor.form.is_bound and editor.form.errors and "yaml" not in request.POST) or (
        editor.yaml_form and editor.yaml_form.errors
    )
    return render(request, "connectors/edit_sync.html", context, status=422 if wrong else 200)
