-- Views of all hours, each with the weight of its age in 1/4,096. DuckDB and Spark run this text as it is.
SELECT views.flight, CAST(SUM(views.views * weights.weight) AS BIGINT) AS views
FROM (SELECT hour, flight, views FROM hours UNION ALL SELECT hour, flight, views FROM latest) AS views
JOIN weights ON weights.hour = views.hour
GROUP BY views.flight
ORDER BY views.flight
