"""Spark: what can be said without it; the backend suite runs on it."""

from __future__ import annotations

import importlib.util

import pytest

from keepwell.errors import RequestRefused
from keepwell.lake.warehouse import connect


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is not None, reason="PySpark is installed")
@pytest.mark.parametrize("address", ["spark://host:7077", "local[2]", "local-cluster[2,1,2048]"])
def test_without_pyspark_the_next_step_is_named(address):
    with pytest.raises(RequestRefused, match=r"install keepwell\[spark\]"):
        connect(address)
