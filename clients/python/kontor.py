"""A client of Kontor's API out of Python's standard library: retries that cannot do a thing twice, time-outs, and lists page by page."""
import http.client
import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5
LONGEST_WAIT_SECONDS = 30
# What a connection fails with, also in the middle of an answer.
FAILURES = (OSError, http.client.HTTPException)


class KontorProblem(Exception):
    """The house refused, and says why: `problem` is the answer, as application/problem+json has it."""

    def __init__(self, problem):
        super().__init__(problem["detail"])
        self.problem = problem


class KontorUnreachable(Exception):
    """No answer came. Whether the house did what was asked is not known: with the same `key`, sending it again cannot do it twice."""

    def __init__(self, message, key):
        super().__init__(message)
        self.key = key


class Kontor:
    def __init__(self, url, token, timeout_seconds=30, tries=4):
        self.url = url.rstrip("/")
        self.token = token
        self.timeout_seconds = timeout_seconds
        self.tries = tries

    def get(self, path, **query):
        return self.call("GET", path, query=query)

    def call(self, method, path, query=None, body=None, key=None):
        """Sends a request until it is answered. `key` names it where the operation takes one: see `new_key`."""
        address = self.url + path
        if query:
            address += "?" + urllib.parse.urlencode(query)
        headers = {"authorization": "Bearer " + self.token, "accept": "application/json"}
        data = None
        if body is not None:
            headers["content-type"] = "application/json"
            data = json.dumps(body).encode()
        if key is not None:
            headers["idempotency-key"] = key
        # Only what cannot be done twice by it is sent again after a failure.
        safe = key is not None or method in ("GET", "PUT", "DELETE")
        for turn in range(1, self.tries + 1):
            wait_seconds = 0
            try:
                request = urllib.request.Request(address, data=data, headers=headers, method=method)
                with urllib.request.urlopen(request, timeout=self.timeout_seconds) as answer:
                    text = answer.read()
                    return json.loads(text) if text else None
            except urllib.error.HTTPError as error:
                failure = KontorProblem(problem_in(error))
                wait_seconds = seconds_in(error.headers.get("retry-after"))
                again = error.code == 429 or (safe and error.code in (502, 503, 504))
            except FAILURES as error:
                failure = KontorUnreachable(f"There was no answer to {method} {path}: {error}", key)
                again = safe
            if not again or turn == self.tries or wait_seconds > LONGEST_WAIT_SECONDS:
                raise failure
            pause_seconds = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (turn - 1))
            time.sleep(max(wait_seconds, pause_seconds * (0.5 + random.random() / 2)))

    def each(self, path, items, **query):
        """All items of a list, loading page after page as they are asked for. `items` is the field of a page that has them."""
        while True:
            page = self.get(path, **query)
            yield from page[items]
            if page["next"] is None:
                return
            query["after"] = page["next"]


def new_key():
    """A key for a new request."""
    return str(uuid.uuid4())


def seconds_in(header):
    """Proxies may send a date instead, which counts as nothing."""
    return int(header) if header is not None and header.isascii() and header.isdigit() else 0


def problem_in(error):
    try:
        problem = json.loads(error.read())
        if isinstance(problem, dict) and "detail" in problem:
            return problem
    except (ValueError, *FAILURES):
        pass
    return {"status": error.code, "code": "internal", "detail": f"The answer has the status {error.code}, and is no problem of Kontor", "errors": []}
