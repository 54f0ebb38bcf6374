"""Build hook: the JSON Schema of the definitions is made from the models and shipped, never committed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SCHEMA = Path("src/keepwell/definitions/keepwell.schema.json")


class SchemaHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return ["pydantic>=2.11,<3", "pyyaml>=6.0.2", "sqlglot>=28.9,<30"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from keepwell.definitions.json_schema import project_schema

        (root / SCHEMA).write_text(json.dumps(project_schema(), indent=1) + "\n", encoding="utf-8")
        build_data["artifacts"].append(str(SCHEMA))
