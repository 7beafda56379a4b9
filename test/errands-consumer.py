"""Counts the results of each order: the smallest consumer of the topic errands-results. See docs/errands-results.md."""
import json
import sys

seen = {}
counts = {}
values = {}
for line in sys.stdin:
    result = json.loads(line)
    # A record may come again; the numbers of an account's feed tell.
    if result["feed"] <= seen.get(result["account"], 0):
        continue
    seen[result["account"]] = result["feed"]
    order = result["order"]
    counts[order] = counts.get(order, 0) + 1
    if result["value"] is not None:
        values[order] = result["value"]

for order in sorted(counts):
    print(order, counts[order], values.get(order, "-"))
