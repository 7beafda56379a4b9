-- The accesses of an hour that a run knows of: up to its positions, and before its moment. DuckDB and Spark run this text as it is.
SELECT landed.flight, landed.account, landed.network, landed.visitor, landed.kind
FROM landed
JOIN positions ON positions.part = landed.part AND landed.seq <= positions.position
CROSS JOIN bounds
WHERE landed.at_ms < bounds.as_of
