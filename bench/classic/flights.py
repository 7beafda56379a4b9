"""The classic stack for the same question: Flask under gunicorn, memcached for 30 seconds, PostgreSQL with the tables of Kontor."""

import datetime
import json
import os

from flask import Flask, Response, abort, request
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool
from pymemcache.client.base import PooledClient

FRESH_SECONDS = 30
PAGE = 20

NONSTOP = """
select f.id as first, null as second, f.number, f.aircraft, f.departs_at, f.arrives_at, fare.price, fare.seats - fare.sold as seats_left
from flights_flight f join flights_fare fare on fare.flight_id = f.id and fare.cabin = 'economy'
where f.origin = %(from)s and f.destination = %(to)s and f.day = %(day)s and f.state = 'scheduled' and fare.sold < fare.seats
"""

ONE_STOP = """
select f.id as first, g.id as second, f.number, f.aircraft, f.departs_at, g.arrives_at, a.price + b.price as price,
  least(a.seats - a.sold, b.seats - b.sold) as seats_left
from flights_flight f
join flights_flight g on g.origin = f.destination and g.destination = %(to)s and g.day between %(day)s and %(day)s + 1
  and g.departs_at between f.arrives_at + 3600000 and f.arrives_at + 28800000
join flights_fare a on a.flight_id = f.id and a.cabin = 'economy'
join flights_fare b on b.flight_id = g.id and b.cabin = 'economy'
where f.origin = %(from)s and f.day = %(day)s and f.state = 'scheduled' and g.state = 'scheduled'
  and a.sold < a.seats and b.sold < b.seats
"""

app = Flask(__name__)
cache = PooledClient(os.environ["MEMCACHED"], max_pool_size=4, connect_timeout=1, timeout=1)
pool = ConnectionPool(os.environ["DATABASE_URL"], min_size=1, max_size=4, kwargs={"row_factory": dict_row}, open=False)


@app.get("/search")
def search():
    asked = {name: request.args.get(name, "") for name in ("from", "to", "date")}
    key = "search:{from}:{to}:{date}".format(**asked)
    known = cache.get(key)
    if known is not None:
        return Response(known, mimetype="application/json")
    try:
        day = (datetime.date.fromisoformat(asked["date"]) - datetime.date(1970, 1, 1)).days
    except ValueError:
        abort(400)
    pool.open()
    with pool.connection() as connection:
        values = {**asked, "day": day}
        found = connection.execute(NONSTOP, values).fetchall() + connection.execute(ONE_STOP, values).fetchall()
    found.sort(key=lambda row: row["price"])
    body = json.dumps({"itineraries": found[:PAGE], "total": len(found)})
    cache.set(key, body, expire=FRESH_SECONDS)
    return Response(body, mimetype="application/json")
