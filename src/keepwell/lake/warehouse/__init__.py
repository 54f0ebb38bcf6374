"""Warehouses: where facts are, and the one door through which queries on them run."""

from __future__ import annotations

from keepwell.errors import RequestRefused
from keepwell.lake.warehouse.base import Warehouse
from keepwell.lake.warehouse.in_process import DuckDBWarehouse
from keepwell.lake.warehouse.postgres import PostgresWarehouse
from keepwell.lake.warehouse.spark import SparkWarehouse

__all__ = ["DuckDBWarehouse", "PostgresWarehouse", "SparkWarehouse", "Warehouse", "connect"]

_POSTGRES = ("postgresql://", "postgres://")
_SPARK = ("spark://", "local[", "local-cluster[", "yarn", "k8s://")


def connect(address: str | None = None) -> Warehouse:
    """Opens the warehouse an address names: duckdb:// (the default), postgresql://..., spark://..., local[2]...

    Raises RequestRefused for an address of another kind or one that does not answer.
    """
    if address is None or address in ("", "duckdb", "duckdb://"):
        return DuckDBWarehouse()
    if address.startswith(_POSTGRES):
        return PostgresWarehouse(address)
    if address.startswith(_SPARK):
        return SparkWarehouse(address)
    raise RequestRefused(
        f"warehouse '{address}' is not understood; use duckdb://, postgresql://user@host/database, "
        "spark://host:port or local[2]"
    )
