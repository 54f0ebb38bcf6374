"""The Spark warehouse on a cluster of two executors in their own processes, and on one that was there before."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from keepwell.errors import DataRefused, RequestRefused
from keepwell.lake.warehouse import SparkWarehouse, Warehouse, connect
from tests.backends.tables import load
from tests.backends.warehouses import only_on

pytestmark = only_on("pyspark")
_AT = datetime(2024, 3, 31, 23, 30, tzinfo=timezone(timedelta(hours=2)))
_ROWS = pa.table(
    {
        "id": pa.array([1, None, 9007199254740993], pa.int64()),
        "at": pa.array([_AT, None, _AT], pa.timestamp("us", "UTC")),
        "local": pa.array([datetime(2024, 3, 31, 23, 30)] * 3, pa.timestamp("us")),
        "word": ["5", "x", None],
    }
)


@pytest.fixture(scope="module")
def spark(warehouse: Warehouse) -> SparkWarehouse:
    assert isinstance(warehouse, SparkWarehouse)
    load(warehouse, "spark_rows", {"rows": _ROWS})
    return warehouse


def test_work_is_done_by_two_executors(spark: SparkWarehouse) -> None:
    executors = spark.session.sparkContext._jsc.sc().statusTracker().getExecutorInfos()
    assert len(executors) == 1 + 2  # the driver is one of them
    pids = spark.session.sparkContext.parallelize(range(8), 8).map(lambda _: os.getppid()).distinct().collect()
    assert os.getpid() not in pids


def test_whole_numbers_and_instants_pass_through_unchanged(spark: SparkWarehouse) -> None:
    rows = spark.table("spark_rows.rows")
    assert rows.schema() == ibis.schema(
        {"id": "int64", "at": "timestamp('UTC')", "local": "timestamp", "word": "string"}
    )
    found = spark.run(rows.order_by(ibis.asc("id", nulls_first=False)))
    assert found["id"].to_pylist() == [1, 9007199254740993, None]
    assert found["at"].to_pylist() == [_AT, _AT, None]
    assert found["local"][0].as_py() == datetime(2024, 3, 31, 23, 30)
    assert found.schema.equals(rows.schema().to_pyarrow())


def test_files_are_skipped_by_naive_times(spark: SparkWarehouse) -> None:
    rows = spark.table("spark_rows.rows")
    plan = spark.session.sql(spark.sql(rows.filter(rows["local"] < ibis.timestamp("2024-01-01"))))
    assert "LessThan(local" in plan._jdf.queryExecution().explainString(_mode(spark, "simple"))


def _mode(spark: SparkWarehouse, name: str) -> Any:
    return spark.session.sparkContext._jvm.org.apache.spark.sql.execution.ExplainMode.fromString(name)


def test_what_is_not_there_is_said(spark: SparkWarehouse) -> None:
    with pytest.raises(RequestRefused, match=r"no table 'spark_rows\.nope'; tables there: rows"):
        spark.table("spark_rows.nope")
    with pytest.raises(RequestRefused, match="no table 'nope'"):
        spark.table("nope")


def test_errors_are_translated_and_the_session_lives_on(spark: SparkWarehouse) -> None:
    rows = spark.table("spark_rows.rows")
    with pytest.raises(DataRefused, match="CAST_INVALID_INPUT"):
        spark.run(rows.select(n=rows.word.cast("int64")))
    assert spark.run(rows.aggregate(n=rows.count()))["n"].to_pylist() == [3]


def test_a_running_session_is_shared_and_left_as_it_was(spark: SparkWarehouse) -> None:
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    assert running is not None
    before = running.conf.get("spark.sql.session.timeZone")
    running.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    try:
        with connect(spark.session.sparkContext.master) as other:
            assert isinstance(other, SparkWarehouse)
            assert other.session.conf.get("spark.sql.session.timeZone") == "UTC"
            assert other.session.conf.get("spark.sql.ansi.enabled") == "true"
            assert other.run(other.table("spark_rows.rows").count().as_table()).num_rows == 1
        assert running.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
        assert running.range(3).count() == 3
    finally:
        running.conf.set("spark.sql.session.timeZone", before)


def test_a_second_cluster_in_one_process_is_refused(spark: SparkWarehouse) -> None:
    with pytest.raises(RequestRefused, match=r"runs Spark at local-cluster\[2,1,2048\] already"):
        connect("local[2]")


_CONNECT = """
import json, sys, warnings
warnings.simplefilter("ignore")
from keepwell.errors import DataRefused
from keepwell.lake.warehouse import connect
with connect(sys.argv[1]) as warehouse:
    warehouse.session.range(5).createOrReplaceTempView("numbers")
    numbers = warehouse.table("numbers")
    master = warehouse.session.sparkContext.master
    total = warehouse.run(numbers.aggregate(total=numbers["id"].sum()))["total"][0].as_py()
    ansi = warehouse.session.conf.get("spark.sql.ansi.enabled")
    try:
        warehouse.run(numbers.select(wrong=(numbers["id"].cast("string") + "x").cast("int64")))
    except DataRefused as refused:
        said = str(refused)
warehouse.close()
print(json.dumps([master, total, ansi, said]))
"""


@pytest.mark.slow
def test_a_cluster_by_its_address(spark: SparkWarehouse, tmp_path: Path) -> None:
    with _standalone(tmp_path) as address:
        ran = subprocess.run(
            [sys.executable, "-c", _CONNECT, address], capture_output=True, text=True, timeout=180, check=True
        )
    *found, said = json.loads(ran.stdout.splitlines()[-1])
    assert found == [address, 10, "true"]
    assert "CAST_INVALID_INPUT" in said
    assert "at org.apache.spark" not in ran.stderr  # the error is said once, without what Spark logs of it


@contextmanager
def _standalone(folder: Path) -> Iterator[str]:
    """A master and a worker in processes of their own."""
    port = _free_port()
    address = f"spark://127.0.0.1:{port}"
    master = _daemon(folder, "master.Master", "--host", "127.0.0.1", "--port", str(port))
    try:
        _wait_for(port)
        worker = _daemon(folder, "worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", address)
        try:
            yield address
        finally:
            worker.terminate()
            worker.wait(timeout=60)
    finally:
        master.terminate()
        master.wait(timeout=60)


def _daemon(folder: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    import pyspark

    spark_class = Path(pyspark.__file__).parent / "bin" / "spark-class"
    command = [str(spark_class), f"org.apache.spark.deploy.{name}", "--webui-port", "0", *arguments]
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": str(folder)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(120):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise TimeoutError(f"nothing answers at port {port}")
