"""Object storage that speaks S3, through the client that PyArrow brings along: no further package is needed."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pyarrow.fs as pafs
from fsspec.implementations.arrow import ArrowFSWrapper

from keepwell.connect.outgoing import Door
from keepwell.connect.spec import Settings, SourceRefused

_REGION = re.compile(r"[a-z0-9-]{2,30}")
_USUAL_REGION = "us-east-1"
_READ = 1 << 20


class Bucket(ArrowFSWrapper):  # type: ignore[misc]
    """As dlt and fsspec expect S3 to be: its protocol, and when each object was written last."""

    protocol = "s3"
    root_marker = ""
    cachable = False

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(path).removeprefix("s3://").strip("/")

    def find(self, path: str, maxdepth: Any = None, withdirs: bool = False, detail: bool = False, **_: Any) -> Any:
        """One listing, however deep the folders are."""
        selector = pafs.FileSelector(self._strip_protocol(path), allow_not_found=True, recursive=True)
        found = [self._make_entry(one) for one in self.fs.get_file_info(selector)]
        if not found:
            self._refuse_unknown(selector.base_dir.partition("/")[0])
        kept = {one["name"]: one for one in found if withdirs or one["type"] == "file"}
        return kept if detail else sorted(kept)

    def _open(self, path: str, mode: str = "rb", **how: Any) -> Any:
        """Read a megabyte at a time: whoever reads lines would ask the server for every byte."""
        if mode != "rb":
            return super()._open(path, mode, **how)
        return io.BufferedReader(self.fs.open_input_file(self._strip_protocol(path)), _READ)

    def _refuse_unknown(self, bucket: str) -> None:
        if self.fs.get_file_info(bucket).type == pafs.FileType.NotFound:
            raise SourceRefused(f"there is no bucket '{bucket}', or these keys do not see it")

    def _make_entry(self, info: Any) -> dict[str, Any]:
        entry: dict[str, Any] = super()._make_entry(info)
        return {**entry, "LastModified": info.mtime or datetime.fromtimestamp(0, UTC)}


def bucket_of(settings: Settings, door: Door) -> Bucket:
    """Without keys only what everybody may read: the machine's own credentials are nobody's to lend.

    Raises SourceRefused for an address that may not be called, and for keys that are half given.
    """
    key, secret, region = settings["key"], settings["secret"], settings["region"] or _USUAL_REGION
    if bool(key) != bool(secret):
        raise SourceRefused("give both the access key and the secret key, or neither for a public bucket")
    if not _REGION.fullmatch(region):
        raise SourceRefused(f"'{region}' is no region: small letters, digits and '-', such as eu-central-1")
    who = {"access_key": key, "secret_key": secret} if key else {"anonymous": True}
    where = _endpoint(settings["endpoint"], door) if settings["endpoint"] else {}
    return Bucket(pafs.S3FileSystem(**who, **where, region=region))


def _endpoint(said: str, door: Door) -> dict[str, str]:
    parts = urlsplit(said if "://" in said else f"https://{said}")
    host, encrypted = parts.hostname or "", parts.scheme == "https"
    if parts.scheme not in ("http", "https") or not host or parts.path.strip("/"):
        raise SourceRefused(f"'{said}' is no address of a storage: give one such as https://storage.example.com")
    door.addresses(host, parts.port or (443 if encrypted else 80))
    if not encrypted and not door.allows_plain(host, parts.port or 80):
        raise SourceRefused(f"{said} is not encrypted: use https, or allow '{host}' in KEEPWELL_OUTGOING")
    return {"endpoint_override": parts.netloc.rpartition("@")[2], "scheme": parts.scheme}
