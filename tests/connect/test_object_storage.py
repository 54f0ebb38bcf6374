"""Files in object storage, read and written, against a server that speaks S3."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytest.importorskip("dlt", reason="needs the extra `connectors`")
pytest.importorskip("moto", reason="needs the development group")

import pyarrow.fs as pafs
from moto.server import ThreadedMotoServer

from keepwell.connect.outgoing import Door
from keepwell.connect.registry import source_of
from keepwell.connect.rows import as_objects
from keepwell.connect.spec import Settings, Since, SourceRefused
from keepwell.connect.writing.files import write
from keepwell.connect.writing.target import Delivery

SECRET = "a-secret-of-the-storage"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture(scope="module")
def storage(endpoint: str) -> pafs.S3FileSystem:
    """The bucket `drop` with files of every format, one of them in a folder of its own."""
    found = pafs.S3FileSystem(
        access_key="ours", secret_key=SECRET, region="us-east-1", scheme="http", allow_bucket_creation=True,
        endpoint_override=endpoint.removeprefix("http://"),
    )  # fmt: skip
    found.create_dir("drop")
    parquet = io.BytesIO()
    pq.write_table(pa.table({"No": [5, 6]}), parquet)
    for name, content in {
        "accounts.csv": b"id,name\na,Ada\nb,Bea\n",
        "tickets/2026/01.jsonl": b'{"No": 1}\n{"No": 2}\n' + b" \n" * 700_000,
        "tickets/2026/02.jsonl.gz": gzip.compress(b'{"No": 3}\n'),
        "tickets/old.parquet": parquet.getvalue(),
        "notes.pdf": b"no rows",
    }.items():
        with found.open_output_stream(f"drop/in/{name}", compression=None) as out:
            out.write(content)
    return found


def settings(at: str, place: str = "s3://drop/in", **more: str) -> Settings:
    return Settings({"place": place, "endpoint": at, "key": "ours", **more}, {"secret": SECRET})


def rows(of: Settings, stream: str, since: Since | None = None) -> list[dict[str, Any]]:
    pages = source_of("files").read(of, Door(["127.0.0.1"]), stream, since)
    return [dict(row) for page in pages for row in as_objects(page)]


def test_files_that_can_be_read_are_streams(storage: Any, endpoint: str) -> None:
    door, of = Door(["127.0.0.1"]), settings(endpoint)
    names = [one.name for one in source_of("files").streams(of, door)]
    assert names == ["accounts.csv", "tickets/2026/01.jsonl", "tickets/2026/02.jsonl.gz", "tickets/old.parquet"]
    assert source_of("files").check(of, door) == "4 files that can be read"


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [("tickets/**/*.jsonl*", [1, 2, 3]), ("tickets/*.parquet", [5, 6]), ("tickets/2026/02.jsonl.gz", [3])],
)
def test_every_format_is_read(storage: Any, endpoint: str, pattern: str, numbers: list[int]) -> None:
    assert [row["No"] for row in rows(settings(endpoint), pattern)] == numbers


def test_a_file_is_read_in_large_pieces(storage: Any, endpoint: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="werkzeug"):
        rows(settings(endpoint), "tickets/2026/01.jsonl")
    assert sum("GET /drop/in/tickets/2026/01.jsonl" in one.getMessage() for one in caplog.records) <= 3


def test_only_files_that_changed_are_read_again(storage: Any, endpoint: str) -> None:
    first = rows(settings(endpoint), "accounts.csv")
    assert [(row["id"], row["_file"]) for row in first] == [("a", "accounts.csv"), ("b", "accounts.csv")]
    assert rows(settings(endpoint), "accounts.csv", Since("_modified", first[0]["_modified"])) == first
    assert rows(settings(endpoint), "accounts.csv", Since("_modified", "2100-01-01T00:00:00+00:00")) == []


def test_scores_are_written_as_csv_and_parquet(storage: Any, endpoint: str) -> None:
    sent = [{"id": "a", "score": 80.5}, {"id": "b", "score": None}]
    delivery = Delivery("nightly", 3, "a", "2026-03-01T02:00:00+00:00")
    for form in ("csv", "parquet"):
        options = Settings({"file": "out/scores-{date}", "format": form})
        assert list(write(settings(endpoint, "s3://drop"), options, Door(["127.0.0.1"]), sent, delivery)) == []
    with storage.open_input_file("drop/out/scores-2026-03-01.csv") as file:
        assert file.read().decode().splitlines() == ['"id","score"', '"a",80.5', '"b",']
    with storage.open_input_file("drop/out/scores-2026-03-01.parquet") as file:
        assert pq.read_table(file).to_pylist() == sent
    assert sorted(one.base_name for one in storage.get_file_info(pafs.FileSelector("drop/out"))) == [
        "scores-2026-03-01.csv", "scores-2026-03-01.parquet",
    ]  # fmt: skip


def test_nothing_appears_where_rows_cannot_be_written(storage: Any, endpoint: str) -> None:
    delivery = Delivery("nightly", 3, "a", "2026-03-01T02:00:00+00:00")
    sent = [{"id": "a", "score": object()}]
    with pytest.raises(pa.ArrowInvalid):
        list(write(settings(endpoint, "s3://drop"), Settings({"file": "broken"}), Door(["127.0.0.1"]), sent, delivery))
    assert storage.get_file_info("drop/broken.csv").type == pafs.FileType.NotFound


def test_a_bucket_that_is_not_there_takes_nothing(storage: Any, endpoint: str) -> None:
    delivery = Delivery("nightly", 3, "a", "2026-03-01T02:00:00+00:00")
    with pytest.raises(SourceRefused, match="NO_SUCH_BUCKET: there is no such bucket"):
        list(
            write(settings(endpoint, "s3://no"), Settings({"file": "x"}), Door(["127.0.0.1"]), [{"id": "a"}], delivery)
        )


@pytest.mark.parametrize(
    ("place", "more", "words", "passing"),
    [
        ("s3://nowhere/in", {}, "there is no bucket 'nowhere'", False),
        ("s3://", {}, "names no bucket", False),
        ("s3://drop", {"endpoint": "http://127.0.0.1:9"}, "NETWORK_CONNECTION: it does not answer", True),
        ("s3://drop", {"endpoint": "https://10.1.2.3"}, "inside a private network", False),
        ("s3://drop", {"endpoint": "http://93.184.216.34"}, "is not encrypted", False),
        ("s3://drop", {"endpoint": "ftp://storage.example"}, "is no address of a storage", False),
        ("s3://drop", {"region": "eu/../x"}, "is no region", False),
        ("s3://drop", {"key": ""}, "both the access key and the secret key", False),
        ("gs://drop", {}, "is no place for files", False),
    ],
)
def test_what_cannot_be_read_is_said(
    storage: Any, endpoint: str, place: str, more: dict[str, str], words: str, passing: bool
) -> None:
    with pytest.raises(SourceRefused, match=words) as refused:
        source_of("files").check(settings(endpoint, place, **more), Door(["127.0.0.1"]))
    assert SECRET not in str(refused.value)
    assert refused.value.passing == passing


def test_without_keys_the_credentials_of_the_machine_are_not_used(
    storage: Any, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-the-machine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-the-machine-too")
    from keepwell.connect.buckets import bucket_of

    bucket = bucket_of(Settings({"endpoint": endpoint}), Door(["127.0.0.1"]))
    assert "anonymous=True" in repr(bucket.fs) or bucket.fs.__reduce__()[1][0]["anonymous"]
