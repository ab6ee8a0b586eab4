import socket
import ssl
import threading
import time
from collections.abc import Iterator

import pytest

from app.jobs import outbound
from app.jobs.outbound import AddressRefused, Answered, GuardedPoster, check_url, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2001:0:53aa:64c:0:0:0:1",
    ],
)  # fmt: skip
def test_no_form_of_a_private_address_is_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_of_the_open_internet_are_public(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.1/", "http://0x7f.1/", "http://2130706433/", "http://017700000001/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data", "http://0/",
        "ftp://example.com/", "file:///etc/passwd", "https:///nohost", "example.com", "", "https://user@example.com/",
        "https://user:pass@example.com/", "https://example.com/a b", "https://example.com/\n", "https://exämple.com/",
        "https://example.com:99999/", "https://[::1", "https://example.com/" + "a" * outbound.LONGEST_URL,
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused_when_it_is_given(url: str):
    with pytest.raises(AddressRefused):
        check_url(url, private_allowed=False)


@pytest.mark.parametrize(
    "url", ["https://example.com/hook?x=1", "http://example.com:8080/", "https://8.8.8.8/"]
)
def test_an_address_that_may_be_is_taken(url: str):
    check_url(url, private_allowed=False)


def test_the_operator_may_allow_private_addresses_but_no_other_schemes():
    check_url("http://127.0.0.1:9/", private_allowed=True)
    with pytest.raises(AddressRefused):
        check_url("file:///etc/passwd", private_allowed=True)


class Listener:
    """Accepts connections, answers every one with the same bytes at a given pace."""

    def __init__(self, answer: bytes, pause: float = 0.0) -> None:
        self.connections = 0
        self._stop = threading.Event()
        self._answer, self._pause = answer, pause
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            self.connections += 1
            with connection:
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(1)
            connection.recv(65536)
            for byte in self._answer if self._pause else [self._answer]:
                if self._stop.is_set():
                    return
                connection.sendall(bytes([byte]) if self._pause else byte)
                time.sleep(self._pause)
        except OSError:
            return

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()


OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener(OK)
    yield made
    made.close()


def _resolve_to(monkeypatch, *answers: list[str]) -> list[str]:
    """Make names resolve to each of the answers in turn, the last one for ever; returns who was asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host, port, *rest, **more):
        if not isinstance(host, str) or host[0].isdigit() or ":" in host:
            return real(host, port, *rest, **more)
        asked.append(host)
        addresses = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_that_resolves_to_a_private_address_is_refused_when_connecting(
    monkeypatch, listener: Listener
):
    _resolve_to(monkeypatch, ["127.0.0.1"])
    with pytest.raises(AddressRefused):
        GuardedPoster()(f"http://rebind.example:{listener.port}/", b"{}", {})
    assert listener.connections == 0


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch, listener: Listener):
    _resolve_to(monkeypatch, ["8.8.8.8", "127.0.0.1"])
    with pytest.raises(AddressRefused):
        GuardedPoster()(f"http://mixed.example:{listener.port}/", b"{}", {})
    assert listener.connections == 0


def test_what_was_checked_is_what_is_connected_to(monkeypatch, listener: Listener):
    """A second look-up that answers with a private address (rebinding) is never made."""
    nowhere = "192.0.2.1"  # for documentation, routed nowhere; taken for public here
    monkeypatch.setattr(outbound, "is_public", lambda address: address == nowhere or is_public(address))
    asked = _resolve_to(monkeypatch, [nowhere], ["127.0.0.1"])
    assert GuardedPoster(seconds=0.3)(f"http://rebind.example:{listener.port}/", b"{}", {}) is None
    assert asked == ["rebind.example"]
    assert listener.connections == 0


def test_the_host_named_in_the_address_is_the_host_asked_for(monkeypatch, listener: Listener):
    _resolve_to(monkeypatch, ["127.0.0.1"])
    answered = GuardedPoster(private_allowed=True)(f"http://named.example:{listener.port}/", b"{}", {})
    assert answered == Answered(200)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch, listener: Listener):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert GuardedPoster(private_allowed=True)(f"http://127.0.0.1:{listener.port}/", b"{}", {}) == Answered(
        200
    )


def test_a_receiver_that_drips_is_left_after_the_deadline():
    listener = Listener(OK.replace(b"OK\r\n", b"OK\r\n" + b"x-a: b\r\n" * 1000), pause=0.05)
    begun = time.monotonic()
    assert (
        GuardedPoster(private_allowed=True, seconds=0.6)(f"http://127.0.0.1:{listener.port}/", b"{}", {})
        is None
    )
    assert time.monotonic() - begun < 3
    listener.close()


def test_an_endless_answer_is_not_read():
    listener = Listener(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n" + b"x" * 100_000)
    answered = GuardedPoster(private_allowed=True)(f"http://127.0.0.1:{listener.port}/", b"{}", {})
    assert answered == Answered(200)
    listener.close()


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 999999 X\r\n\r\n", b"SSH-2.0-x\r\n"])
def test_what_is_no_http_is_no_answer(answer: bytes):
    listener = Listener(answer)
    assert (
        GuardedPoster(private_allowed=True, seconds=2)(f"http://127.0.0.1:{listener.port}/", b"{}", {})
        is None
    )
    listener.close()


def test_tls_proves_the_name(listener: Listener):
    assert ssl.create_default_context().check_hostname
    assert (
        GuardedPoster(private_allowed=True, seconds=2)(f"https://127.0.0.1:{listener.port}/", b"{}", {})
        is None
    )


def test_a_name_that_does_not_resolve_is_no_answer():
    assert GuardedPoster(seconds=5)("https://does-not-exist.invalid/", b"{}", {}) is None


@pytest.mark.parametrize(("given", "read"), [("30", 30), ("soon", None), ("-1", None), ("99999999999", None)])
def test_only_a_plain_number_of_seconds_is_believed(given: str, read: int | None):
    listener = Listener(f"HTTP/1.1 503 X\r\nretry-after: {given}\r\ncontent-length: 0\r\n\r\n".encode())
    answered = GuardedPoster(private_allowed=True)(f"http://127.0.0.1:{listener.port}/", b"{}", {})
    assert answered == Answered(503, read)
    listener.close()
