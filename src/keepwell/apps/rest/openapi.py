"""The description of the API: what every operation has in common is written in once, here."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI, Schema
from ninja.openapi.schema import OpenAPISchema
from pydantic import Field

from keepwell.apps.rest.authentication import BrowserSession, Token
from keepwell.apps.rest.idempotency import HEADER, LONGEST
from keepwell.apps.rest.problems import CONTENT_TYPE


class Place(Schema):
    """One thing that is wrong: `place` leads to it, such as body.name."""

    place: str = Field(examples=["body.name"])
    message: str = Field(examples=["Field required"])


class Problem(Schema):
    """What went wrong (RFC 9457). `type` tells kinds apart and stays the same; `detail` is for people."""

    type: str = Field(examples=["urn:keepwell:problem:validation"])
    title: str = Field(examples=["Refused"])
    status: int = Field(examples=[422])
    detail: str = ""
    errors: list[Place] = Field([])


_ALWAYS = {
    "401": "No token, or one that works no more",
    "403": "The token's scopes or its user's role do not allow it",
    "404": "There is no such thing, or not for this user",
    "422": "The request is refused; `errors` say where and why",
    "429": "Too many calls; Retry-After says how long to wait",
}
_RATE = {
    "RateLimit-Limit": "Calls allowed in a minute",
    "RateLimit-Remaining": "Calls left in this minute",
    "RateLimit-Reset": "Seconds until the next minute begins",
}


class Api(NinjaAPI):
    """NinjaAPI whose description tells of problems, rate limits, idempotency and scopes."""

    _described: OpenAPISchema | None = None

    def get_openapi_schema(self, **named: Any) -> OpenAPISchema:
        """Written once a process: anybody may ask for it, and it takes a while."""
        if self._described is None:
            self._described = self._describe(**named)
        return self._described

    def _describe(self, **named: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**named)
        scopes = self._scopes()
        schema["components"].setdefault("schemas", {}).update(_schemas())
        schema["components"]["headers"] = {
            name: {"description": words, "schema": {"type": "integer"}} for name, words in _RATE.items()
        }
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                _complete(method, operation, scopes.get(operation["operationId"], ""))
        return schema

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The name of the function: it is unique, and what generated clients call it."""
        return str(operation.view_func.__name__)

    def _scopes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for router in self._get_bound_routers():
            for view in router.path_operations.values():
                for operation in view.operations:
                    asked = [one for one in operation.auth_callbacks or () if isinstance(one, Token | BrowserSession)]
                    if asked:
                        found[self.get_openapi_operation_id(operation)] = str(asked[0].permission)
        return found


def _schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    places = schema.pop("$defs")
    return {"Problem": schema, **places}


def _complete(method: str, operation: dict[str, Any], scope: str) -> None:
    if scope:
        operation["x-scope"] = scope
        operation["description"] = f"{operation.get('description', '')}\n\nScope: `{scope}`.".strip()
    for parameter in operation.get("parameters", ()):
        if isinstance(parameter.get("examples"), list):  # of a schema; a parameter has one
            parameter["example"] = parameter.pop("examples")[0]
    if method == "post":
        operation.setdefault("parameters", []).append(_idempotency())
    responses = operation["responses"]
    for status in [str(one) for one in responses]:
        _of_success(responses, status) if status.startswith("2") else _of_refusal(responses, status)
    for status, words in _ALWAYS.items():
        responses.setdefault(status, _problem(words))
    responses.setdefault("default", _problem("Something else went wrong"))


def _of_success(responses: dict[Any, Any], status: str) -> None:
    found = responses.pop(int(status), None) or responses.pop(status)
    found["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in _RATE}
    responses[status] = found


def _of_refusal(responses: dict[Any, Any], status: str) -> None:
    found = responses.pop(int(status), None) or responses.pop(status)
    if "application/json" in found.get("content", {}):
        found["content"] = {CONTENT_TYPE: found["content"]["application/json"]}
    responses[status] = found


def _problem(words: str) -> dict[str, Any]:
    return {"description": words, "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _idempotency() -> dict[str, Any]:
    words = "The same key within 24 hours gives the same answer and does nothing twice; with another body it gives 422"
    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"}
    return {"in": "header", "name": HEADER, "required": False, "schema": schema, "description": words,
            "example": "import-2026-03-02"}  # fmt: skip
