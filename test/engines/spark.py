"""Runs SQL of Kontor on Spark. Takes jobs as a JSON line on stdin: {"sql": text, "tables": {name: [Parquet files]}}; answers rows as JSON."""

import json
import sys

from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.memory", "2g")
    .config("spark.sql.shuffle.partitions", "4")
    .config("spark.sql.ansi.enabled", "true")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")

for line in sys.stdin:
    job = json.loads(line)
    for name, files in job["tables"].items():
        spark.read.parquet(*files).createOrReplaceTempView(name)
    rows = [row.asDict() for row in spark.sql(job["sql"]).collect()]
    print(json.dumps(rows), flush=True)

spark.stop()
