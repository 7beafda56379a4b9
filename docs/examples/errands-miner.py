"""A miner of errands in plain Python: claims runs, fetches their pages, answers them. See docs/errands-desk-protocol.md.

usage: KONTOR_URL=http://127.0.0.1:3000 KONTOR_TOKEN=kontor_pat_... python3 errands-miner.py [PAGES]
It has no guard against addresses of private networks: run it where nothing private can be reached."""
import base64
import json
import os
import platform
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

HOUSE = os.environ.get("KONTOR_URL", "http://127.0.0.1:3000")
HEADERS = {"Authorization": "Bearer " + os.environ["KONTOR_TOKEN"], "Content-Type": "application/json"}
MACHINE = platform.node().replace(" ", "-")[:60] or "python"
CONCURRENCY = 8
MOST_BYTES = 2 * 1024 * 1024


def ask(what, body):
    """Asks the desk, and again when it is too busy or gone: an answer that is sent twice counts once."""
    request = urllib.request.Request(HOUSE + "/api/errands/desk/" + what, json.dumps(body).encode(), HEADERS)
    while True:
        try:
            with urllib.request.urlopen(request, timeout=40) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code not in (429, 502, 503, 504):
                sys.exit(f"the house refuses it: {error.read().decode()}")
        except OSError:
            pass
        time.sleep(1)


def fetch(run):
    """A page of any status is an answer; only when there is none, the attempt failed."""
    request = urllib.request.Request(run["address"], headers=run["headers"], method=run["method"])
    try:
        try:
            page = urllib.request.urlopen(request, timeout=20)
        except urllib.error.HTTPError as error:
            page = error
        body = page.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        return {"lease": run["lease"], "failure": "connect_failed"}
    if len(body) > MOST_BYTES:
        return {"lease": run["lease"], "failure": "body_too_large"}
    answer = {"lease": run["lease"], "status": page.status, "finalAddress": page.url, "body": base64.b64encode(body).decode()}
    return answer | {"contentType": page.headers.get("content-type", "")[:200]}


left = int(sys.argv[1]) if len(sys.argv) > 1 else None
with ThreadPoolExecutor(CONCURRENCY) as pool:
    while left is None or left > 0:
        most = CONCURRENCY if left is None else min(CONCURRENCY, left)
        claim = {"machine": MACHINE, "version": "python-1", "concurrency": CONCURRENCY, "max": most, "waitMs": 20000}
        answers = list(pool.map(fetch, ask("claim", claim)["runs"]))
        if answers:
            outcomes = ask("complete", {"machine": MACHINE, "answers": answers})["outcomes"]
            left = None if left is None else left - len(answers)
            print(", ".join(f"{outcome['outcome']} {answer.get('status', answer.get('failure'))}" for answer, outcome in zip(answers, outcomes)))
