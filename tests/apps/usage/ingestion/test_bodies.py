"""Bodies as they arrive: packed in several ways, cut off, far too large."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zlib
from typing import Any

import pytest

from keepwell.apps.usage.ingestion.bodies import LARGEST, mended, read_body
from keepwell.apps.usage.ingestion.refusals import RequestNotTaken

BODY = b'{"batch":[]}'
MB = 1024 * 1024


def read(body: bytes, coding: str = "", length: int | None = None) -> bytes:
    environ: dict[str, Any] = {"wsgi.input": io.BytesIO(body), "HTTP_CONTENT_ENCODING": coding}
    environ["CONTENT_LENGTH"] = str(len(body) if length is None else length)
    return read_body(environ)


def refusal(body: bytes, coding: str = "", length: int | None = None) -> tuple[int, str]:
    with pytest.raises(RequestNotTaken) as refused:
        read(body, coding, length)
    return refused.value.status, refused.value.code


def bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("sent", "coding"),
    [
        (BODY, ""),
        (BODY, "identity"),
        (gzip.compress(BODY, mtime=0), "gzip"),
        (gzip.compress(BODY, mtime=0), " GZip "),
        (gzip.compress(BODY, mtime=0), ""),  # packed, and not said so
        (BODY, "gzip"),  # a proxy unpacked it and left the header
        (zlib.compress(BODY), "deflate"),
        (bare(BODY), "deflate"),
        (gzip.compress(BODY[:5], mtime=0) + gzip.compress(BODY[5:], mtime=0), "gzip"),
        (b"\xef\xbb\xbf" + BODY, ""),
    ],
)
def test_a_body_is_unpacked_by_what_it_is(sent: bytes, coding: str) -> None:
    assert read(sent, coding) == BODY


def test_other_codings_are_refused_with_what_is_understood() -> None:
    assert refusal(BODY, "br") == (415, "unsupported_encoding")


@pytest.mark.parametrize(
    "sent", [gzip.compress(BODY, mtime=0)[:-4], b"\x1f\x8bnoise", gzip.compress(BODY, mtime=0)[:12]]
)
def test_a_broken_package_is_refused(sent: bytes) -> None:
    assert refusal(sent, "gzip") == (400, "not_gzip")
    assert refusal(b"noise", "deflate") == (400, "not_gzip")


def test_a_request_that_ends_early_is_refused() -> None:
    assert refusal(BODY[:4], length=len(BODY)) == (400, "incomplete")


@pytest.mark.parametrize("length", [None, 0])
def test_a_request_beyond_4_mb_is_refused_whatever_length_it_says(length: int | None) -> None:
    assert refusal(b" " * (LARGEST + 1), length=length) == (413, "too_large")
    assert len(read(b" " * LARGEST, length=length)) == LARGEST


@pytest.mark.slow
def test_a_bomb_is_refused_before_it_goes_off() -> None:
    """A gigabyte of zeros packed into one megabyte, and one within another, cost no more than what is allowed."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(MB)) for _ in range(1024)) + packer.flush()
    assert len(bomb) < LARGEST
    tracemalloc.start()
    for coding, sent in (("gzip", bomb), ("", bomb), ("gzip", gzip.compress(bytes(3 * MB)) * 400)):
        assert refusal(sent, coding) == (413, "too_large")
    assert tracemalloc.get_traced_memory()[1] < 6 * LARGEST
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (r'"a\u0000b"', "a\ufffdb"),
        (r'"a\\u0000b"', r"a\u0000b"),  # no zero: a backslash, and then the letters
        (r'"a\\\u0000b"', "a\\\ufffdb"),
        (r'"\ud83d\ude00"', "\U0001f600"),  # a pair, as it should be
        (r'"\ud83d"', "\ufffd"),
        (r'"\ude00\ud83d!"', "\ufffd\ufffd!"),
        (r'"\ud83d\ud83d\ude00"', "\ufffd\U0001f600"),
    ],
)
def test_what_is_no_text_becomes_the_sign_for_it(sent: str, expected: str) -> None:
    assert json.loads(mended(sent.encode())) == expected
