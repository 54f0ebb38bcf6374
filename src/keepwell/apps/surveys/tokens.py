"""The links of surveys: personal ones, those for anybody, and hashes of what is not kept."""

from __future__ import annotations

from keepwell.apps.ui.outside.links import SHAPE, Links, hash_of

__all__ = ["LINKS", "SHAPE", "address_hash", "hash_of", "keyed_hash", "token_of"]

LINKS = Links("keepwell: links of surveys")
token_of, keyed_hash = LINKS.token_of, LINKS.keyed_hash


def address_hash(address: str) -> str:
    """What is kept of an address that is not written to any more: keyed, so that it cannot be tried out."""
    return LINKS.digest(b"address:" + address.strip().casefold().encode()).hex()
