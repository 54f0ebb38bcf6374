"""The definitions that come with the simulated company: a health model to learn from."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from shutil import copyfile

from keepwell.errors import RequestRefused


def write_definitions(folder: Path, *, replace: bool = False) -> list[Path]:
    """Copy the definitions (keepwell.yaml and its siblings) into a folder; returns the files written.

    Raises RequestRefused where one of the files is there already and `replace` is not set; then nothing is written.
    """
    with as_file(files("keepwell.simulation") / "definitions") as source:
        names = sorted(path.name for path in source.glob("*.yaml"))
        taken = [name for name in names if (folder / name).exists()]
        if taken and not replace:
            raise RequestRefused(f"{folder} already holds {', '.join(taken)}; choose another folder, or replace them")
        folder.mkdir(parents=True, exist_ok=True)
        return [Path(copyfile(source / name, folder / name)) for name in names]
