-- How much each flight was looked at in one hour, in 1/65,536 of a visitor. DuckDB and Spark run this text as it is.
-- A visitor counts once, for an eighth if it saw the flight only in a list. Visitors without an account count four of a network at most;
-- one with an account is a network of its own, with a number below zero. Most networks have one visitor: only the others are counted one by one.
WITH networks AS (
  SELECT accesses.flight, CASE WHEN accesses.account = 1 THEN -1 - accesses.visitor ELSE accesses.network END AS network,
    MIN(accesses.visitor) AS first_visitor, MAX(accesses.visitor) AS last_visitor,
    MAX(CASE WHEN accesses.kind = 0 THEN 1 ELSE 8 END) AS eighths
  FROM accesses
  WHERE accesses.kind < 4
  GROUP BY accesses.flight, CASE WHEN accesses.account = 1 THEN -1 - accesses.visitor ELSE accesses.network END
),
visits AS (
  SELECT accesses.flight, accesses.network, accesses.visitor, MAX(CASE WHEN accesses.kind = 0 THEN 1 ELSE 8 END) AS eighths
  FROM accesses
  JOIN networks ON networks.flight = accesses.flight AND networks.network = accesses.network
  WHERE accesses.kind < 4 AND accesses.account <> 1 AND networks.first_visitor < networks.last_visitor
  GROUP BY accesses.flight, accesses.network, accesses.visitor
),
counted AS (
  SELECT flight, eighths FROM networks WHERE first_visitor = last_visitor
  UNION ALL
  SELECT flight, CAST(LEAST(SUM(eighths), 32) AS INTEGER) AS eighths
  FROM visits
  GROUP BY flight, network
)
SELECT flight, CAST(SUM(eighths) * 8192 AS BIGINT) AS views
FROM counted
GROUP BY flight
ORDER BY flight
