"""A receiver of webhooks that fails now and then, and remembers all it got."""

import json
import random
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FAILURES_PER_MESSAGE = 2
"""No message is refused more often, so that every one can be delivered in the time of a run."""


class Receiver:
    """An HTTP server on a free port of this machine."""

    def __init__(self, seed: int) -> None:
        self.taken: dict[str, list[str]] = defaultdict(list)
        """The ids of the messages taken, by job."""
        self.refused = 0
        self._failures: dict[str, int] = defaultdict(int)
        self._random = random.Random(seed)
        self._guard = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, message_id: str, body: bytes) -> int | None:
        """What to answer: a status, or `None` to hang up without a word."""
        with self._guard:
            if self._failures[message_id] < FAILURES_PER_MESSAGE and self._random.random() < 0.2:
                self._failures[message_id] += 1
                self.refused += 1
                return self._random.choice((500, 503, 429, None))
            self.taken[json.loads(body)["data"]["job_id"]].append(message_id)
        return 204

    def _handler(self):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.take(self.headers["webhook-id"], body)
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args):
                pass

        return Handler
