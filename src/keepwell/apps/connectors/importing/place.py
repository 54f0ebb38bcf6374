"""Where the files of imports lie: a folder each below the data folder."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def imports_dir() -> Path:
    return Path(settings.ENVIRONMENT.data_dir) / "imports"


def folder_of(number: int) -> Path:
    return imports_dir() / f"{number:08}"


def uploaded(number: int) -> Path:
    """The file as it came."""
    return next(iter(sorted(folder_of(number).glob("upload.*"))), folder_of(number) / "upload.csv")


def accepted(number: int) -> Path:
    """Rows that can be taken, typed."""
    return folder_of(number) / "accepted.parquet"


def rejected(number: int) -> Path:
    """Rows that cannot, as they stood, each with its reason."""
    return folder_of(number) / "rejected.csv"


def written(number: int) -> Path:
    """Rows of the dataset as the import left them."""
    return folder_of(number) / "written.parquet"


def before(number: int) -> Path:
    """The same rows as they were."""
    return folder_of(number) / "before.parquet"


def records_before(number: int) -> Path:
    """Accounts or people in the database as they were."""
    return folder_of(number) / "records-before.csv"
