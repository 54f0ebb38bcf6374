"""Raw files (CSV, Parquet, JSON Lines; compressed or not) into DuckDB, with rejected rows kept aside."""

from keepwell.lake.files.loaded import LoadedFiles
from keepwell.lake.files.reading import misfits, read_files
from keepwell.lake.files.rejects import describe_rejects, write_rejects
from keepwell.lake.files.source import FileSource

__all__ = ["FileSource", "LoadedFiles", "describe_rejects", "misfits", "read_files", "write_rejects"]
