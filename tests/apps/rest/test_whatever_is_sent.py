"""Whatever is sent, the API answers as it describes itself: no fault, declared statuses and types, fitting bodies."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as bounds
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.core.failures import FailureGroup

from keepwell.apps.access.actors import Person as Actor
from keepwell.apps.access.roles import Permission
from keepwell.apps.access.tokens import new_token
from keepwell.apps.cockpit.models import Objective, Task
from keepwell.apps.configuration.operations import start_draft
from keepwell.apps.customers.models import Account, AccountList, Person
from keepwell.apps.health.models import Run
from tests.apps.conftest import People
from tests.apps.deciding import Stage
from tests.apps.things import a_task, an_objective

pytestmark = pytest.mark.slow
EXAMPLES = {GenerationMode.POSITIVE: 4, GenerationMode.NEGATIVE: 2}


@pytest.fixture
def there(company: Account, people: People) -> dict[str, Any]:
    """What stands in paths, so that more than 404 is met."""
    person = Person.objects.create(account=company)
    draft = start_draft(actor=Actor(people.admin), name="Tried")
    stage = Stage(company, people, people.owner)
    task = Task.objects.get(pk=a_task(stage))
    objective = Objective.objects.get(pk=an_objective(stage))
    return {
        "account_id": "acme", "relationship_id": "acme-east", "measure": "executive_relationship", "draft_id": draft.pk,
        "metric": "active_days", "number": 1, "run_id": Run.objects.latest("pk").pk,
        "list_id": AccountList.objects.create(name="Kept").pk, "key": str(person.pk), "user_id": people.colleague.pk,
        "team_id": people.owner.team.pk, "call_id": task.call_id, "task_id": task.pk, "objective_id": objective.pk,
        "plan_id": objective.plan_id,
    }  # fmt: skip


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A server gives its connection back after each request; this one holds the transaction of the test."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.mark.faults
@pytest.mark.usefixtures("one_connection")
def test_every_operation_answers_as_described(people: People, there: dict[str, Any], settings: Any) -> None:
    settings.API_PER_MINUTE = 10**6
    token = new_token(people.admin, "all", list(Permission), None)[1]
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    wrong: list[str] = []
    statuses: list[int] = []
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        tried += 1
        try:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                statuses += _try(operation, mode, {"Authorization": f"Bearer {token}"}, there)
        except (FailureGroup, AssertionError) as error:
            causes = getattr(error, "exceptions", (error,))
            wrong.append(f"{operation.label}: " + "; ".join(f"{type(one).__name__} {one}"[:600] for one in causes))
    assert tried > 80
    assert sum(status < 300 for status in statuses) > 200, "most calls do something"
    assert sum(status == 422 for status in statuses) > 100
    assert wrong == [], "\n\n".join(wrong)


def _try(operation: Any, mode: GenerationMode, headers: dict[str, str], there: dict[str, Any]) -> list[int]:
    statuses: list[int] = []

    @seed(1)
    @bounds(
        max_examples=EXAMPLES[mode],
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.integers(0, 3))
    def attempt(case: Any, real: int) -> None:
        if real:
            known = {name: value for name, value in there.items() if name in (case.path_parameters or {})}
            case.path_parameters = {**(case.path_parameters or {}), **known}
        key = {"Idempotency-Key": uuid.uuid4().hex} if real > 2 and case.method == "POST" else {}
        case.headers.pop("Idempotency-Key", None)
        with transaction.atomic():
            response = case.call(headers={**headers, **key})
            transaction.set_rollback(True)
        statuses.append(response.status_code)
        case.validate_response(response, checks=CHECKS)

    with suppress(Unsatisfiable):  # there is nothing wrong to send to an operation that takes nothing
        attempt()
    return statuses


CHECKS = [
    checks.not_a_server_error,
    *(
        check
        for check in checks.CHECKS.get_all()
        if check.__name__
        in (
            "status_code_conformance",
            "content_type_conformance",
            "response_schema_conformance",
            "response_headers_conformance",
        )
    ),
]
