"""Imports in the browser and over the API: who may, what stands on the page, what a wrong file is told."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keepwell.apps.connectors.importing.models import Import
from keepwell.apps.connectors.importing.place import imports_dir
from keepwell.apps.customers.models import Account
from tests.apps.connectors.importing.bringing import carried

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Account ID,Name,ARR\nacme,Acme Ltd,300000\nnova,Nova,lots\n"


def bring(client: Client, text: str | bytes = TEXT, name: str = "accounts.csv", target: str = "accounts") -> object:
    content = text.encode() if isinstance(text, str) else text
    return client.post("/configure/imports/", {"file": SimpleUploadedFile(name, content), "target": target})


def brought(client: Client) -> Import:
    assert bring(client).status_code == 302  # type: ignore[attr-defined]
    return Import.objects.latest("pk")


def into(one: Import, column: str) -> str:
    """The field of the form that says what a column is."""
    return f"into-{list(one.columns).index(column)}"


def form(one: Import, **changes: str) -> dict[str, object]:
    fields: dict[str, object] = {"match": "1", "source": list(one.columns)}
    for number, said in enumerate(one.columns.values()):
        fields |= {f"into-{number}": said["name"], f"manner-{number}": f"{said['kind']}|{said['form']}"}
    return {**fields, **changes}


@pytest.mark.slow
def test_owner_colleague_and_stranger_may_not_and_managers_see_what_was_brought(
    company: Account, as_owner: Client, as_colleague: Client, as_stranger: Client, as_manager: Client, as_admin: Client
) -> None:
    one = brought(as_manager)
    for client in (as_owner, as_colleague, as_stranger):
        assert client.get("/configure/imports/").status_code == 403
        assert client.get(f"/configure/imports/{one.pk}/").status_code == 403
        assert bring(client).status_code == 403  # type: ignore[attr-defined]
        assert client.get("/api/v1/imports").status_code == 403
    assert Import.objects.count() == 1
    assert b"accounts.csv" in as_admin.get("/configure/imports/").content
    assert as_admin.get(f"/configure/imports/{one.pk}/").status_code == 200
    assert as_admin.get("/configure/imports/99999/").status_code == 404


@pytest.mark.slow
def test_a_file_goes_all_the_way(company: Account, as_manager: Client) -> None:
    one = brought(as_manager)
    page = as_manager.get(f"/configure/imports/{one.pk}/").content.decode()
    assert '<option value="id" selected>' in page
    assert as_manager.post(f"/configure/imports/{one.pk}/match/", form(one)).status_code == 302
    assert "every 1s" in as_manager.get(f"/configure/imports/{one.pk}/?part=state").content.decode()
    carried(one)
    said = as_manager.get(f"/configure/imports/{one.pk}/?part=state").content.decode()
    assert "every 1s" not in said
    assert "is not a whole number" in said
    answer = as_manager.get(f"/configure/imports/{one.pk}/rejected.csv")
    back = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert back.splitlines()[0] == "Account ID,Name,ARR,Why rejected"
    refused = as_manager.post(f"/configure/imports/{one.pk}/take/", {"mode": "all"})
    assert refused.status_code == 422
    assert "1 rows are rejected" in refused.content.decode()
    assert as_manager.post(f"/configure/imports/{one.pk}/take/", {"mode": "accepted"}).status_code == 302
    carried(one)
    assert Account.objects.get(pk="acme").name == "Acme Ltd"
    assert "Undo the import" in as_manager.get(f"/configure/imports/{one.pk}/").content.decode()
    assert as_manager.post(f"/configure/imports/{one.pk}/undo/").status_code == 302
    carried(one)
    assert Account.objects.get(pk="acme").name == "Acme Inc"


@pytest.mark.slow
def test_matching_that_does_not_go_together_is_told_with_what_was_chosen(company: Account, as_manager: Client) -> None:
    one = brought(as_manager)
    answer = as_manager.post(f"/configure/imports/{one.pk}/match/", form(one, **{into(one, "Account ID"): "name"}))
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "two columns are matched with Name" in said
    assert "match a column with Id" in said
    assert said.count('<option value="name" selected>') == 2


@pytest.mark.slow
def test_columns_are_remembered_for_the_next_file(company: Account, as_manager: Client) -> None:
    one = brought(as_manager)
    as_manager.post(f"/configure/imports/{one.pk}/match/", form(one, **{into(one, "ARR"): ""}))
    carried(one)
    assert brought(as_manager).columns["ARR"]["name"] == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("", "a.csv", "the file is empty"),
        ("id,name\n", "a.csv", "no row below them"),
        ("id,id\n1,2\n", "a.csv", "appears twice"),
        ("id\n1\n", "a.xlsx", "is no CSV file"),
    ],
)
def test_a_file_that_is_none_is_told_so_and_not_kept(
    company: Account, as_manager: Client, text: str, name: str, told: str
) -> None:
    answer = bring(as_manager, text or b"  ", name)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert told in answer.content.decode()  # type: ignore[attr-defined]
    assert list(imports_dir().iterdir()) == []


@pytest.mark.slow
def test_a_file_beyond_the_limit_is_refused_in_words(
    company: Account, as_manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = settings.ENVIRONMENT.import_limit
    object.__setattr__(settings.ENVIRONMENT, "import_limit", 1)
    try:
        answer = bring(as_manager, b"id,name\n" + b"a,b\n" * 400_000)
    finally:
        object.__setattr__(settings.ENVIRONMENT, "import_limit", limit)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "more than 1 MB" in answer.content.decode()  # type: ignore[attr-defined]
    assert list(imports_dir().iterdir()) == []


@pytest.mark.slow
def test_a_form_without_its_token_brings_nothing(company: Account, people: object) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.manager)  # type: ignore[attr-defined]
    assert bring(client).status_code == 403  # type: ignore[attr-defined]
    assert not Import.objects.exists()


@pytest.mark.slow
def test_the_api_does_the_same(company: Account, as_manager: Client) -> None:
    made = as_manager.post("/api/v1/imports?target=accounts&file_name=a.csv", TEXT, content_type="text/csv").json()
    assert made["columns"]["ARR"]["name"] == "arr"
    at = f"/api/v1/imports/{made['id']}"
    put = as_manager.put(f"{at}/columns", {"columns": made["columns"]}, content_type="application/json")
    assert put.json()["status"] == "checking"
    one = carried(Import.objects.get(pk=made["id"]))
    assert as_manager.get(at).json()["counts"]["rejected"] == 1
    assert as_manager.post(f"{at}/take", {"mode": "all"}, content_type="application/json").status_code == 422
    as_manager.post(f"{at}/take", {"mode": "accepted"}, content_type="application/json")
    carried(one)
    assert as_manager.get(at).json()["status"] == "done"
    assert as_manager.get("/api/v1/imports").json()["items"][0]["id"] == one.pk


@pytest.mark.slow
def test_a_file_over_the_api_may_be_as_large_as_in_the_browser(company: Account, as_manager: Client) -> None:
    """More than the twenty megabytes that other calls may have, and read piece by piece."""
    large = b"id,name\n" + b"acme,Acme Ltd and so on\n" * 900_000
    assert len(large) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    at = "/api/v1/imports?target=accounts&file_name=a.csv"
    made = as_manager.post(at, large, content_type="text/csv")
    assert (made.status_code, made.json()["size"]) == (201, len(large))
    again = as_manager.post(at, TEXT, content_type="text/csv", headers={"Idempotency-Key": "once"})
    assert (
        as_manager.post(at, TEXT, content_type="text/csv", headers={"Idempotency-Key": "once"}).json() == again.json()
    )
    limit = settings.ENVIRONMENT.import_limit
    object.__setattr__(settings.ENVIRONMENT, "import_limit", 1)
    try:
        refused = as_manager.post(at, large, content_type="text/csv")
    finally:
        object.__setattr__(settings.ENVIRONMENT, "import_limit", limit)
    assert (refused.status_code, "more than 1 MB" in refused.content.decode()) == (422, True)
    assert not list(imports_dir().glob("arriving-*"))
    other = as_manager.post("/api/v1/accounts", large, content_type="text/csv")
    assert other.status_code == 413
