"""Delta tables: append-only facts with versions, one writer, any number of readers."""

from keepwell.lake.tables.active import LakeFile
from keepwell.lake.tables.layout import TableLayout
from keepwell.lake.tables.locks import FileLock, WriterLock
from keepwell.lake.tables.table import Appended, LakeTable

__all__ = ["Appended", "FileLock", "LakeFile", "LakeTable", "TableLayout", "WriterLock"]
