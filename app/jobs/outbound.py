"""Posting to an address a stranger gave, without being led into one's own network.

The check is made where the connection is: a name is resolved here, every address it has must be public, and
the connection goes to the very address that was checked. A second look-up that answers otherwise (rebinding)
therefore changes nothing, and TLS still proves the name. Redirects are not followed, no proxy of the
environment is used, the answer's body is not read, and one deadline holds for everything together.
"""

import ipaddress
import socket
import time
from collections.abc import Iterable, Mapping
from typing import Final, Protocol
from urllib.parse import urlsplit

import httpcore2
import msgspec

from app.errors import SpuntaError

SECONDS: Final = 15.0
LONGEST_URL: Final = 2048
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_MOST_DIGITS: Final = 7
_HTTP_PORTS: Final = {"http": 80, "https": 443}


class AddressRefused(SpuntaError):
    """An address that webhooks do not go to; the message is for the caller."""


class Answered(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    retry_after: int | None = None
    """Seconds the receiver asks to be left alone."""


class Poster(Protocol):
    """Posts a body; `None` when no answer came."""

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered | None:
        """Post once.

        Raises:
            AddressRefused: the address is none that may be posted to.
        """


class GuardedPoster:
    """A `Poster` over HTTP and HTTPS that goes to public addresses only, unless private ones are allowed."""

    def __init__(self, *, private_allowed: bool = False, seconds: float = SECONDS) -> None:
        self._private_allowed = private_allowed
        self._seconds = seconds
        self._ssl = httpcore2.default_ssl_context()

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered | None:
        """Post once, over a connection of its own."""
        check_url(url, private_allowed=self._private_allowed)
        network = _Network(private_allowed=self._private_allowed, deadline=time.monotonic() + self._seconds)
        given = [(name.encode(), value.encode()) for name, value in headers.items()]
        try:
            with (
                httpcore2.ConnectionPool(ssl_context=self._ssl, network_backend=network) as pool,
                pool.stream("POST", url, headers=_with_host(url, given), content=body) as response,
            ):
                return Answered(response.status, _retry_after(response.headers))
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, OSError):
            return None


def check_url(url: str, *, private_allowed: bool) -> None:
    """Whether webhooks could go there at all, as far as the text tells.

    Raises:
        AddressRefused: with a sentence that says what is wrong.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise AddressRefused("A webhook's address must be a URL.") from None
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise AddressRefused(f"A webhook's address is at most {LONGEST_URL} plain characters without spaces.")
    if parts.scheme not in _HTTP_PORTS or not host:
        raise AddressRefused("A webhook's address begins with https:// or http:// and a host.")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("A webhook's address may not carry a name or a password.")
    if not private_allowed:
        _check_literal(host)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, in whatever form an address may hide another."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip.sixtofour is not None or ip.teredo is not None or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _check_literal(host: str) -> None:
    """Refuse early what is private as it stands, also in the short forms of resolvers (`127.1`, `0x7f.1`)."""
    try:
        address = socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        address = host
    try:
        public = is_public(address)
    except ValueError:
        return
    if not public:
        raise AddressRefused("Webhooks do not go to private addresses.")


class _Network(httpcore2.NetworkBackend):
    """Connects to checked addresses, within one deadline."""

    def __init__(self, *, private_allowed: bool, deadline: float) -> None:
        self._private_allowed = private_allowed
        self._deadline = deadline
        self._system = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = _resolve(host, port)
        if not self._private_allowed and not all(is_public(address) for address in addresses):
            raise AddressRefused("Webhooks do not go to private addresses.")
        problem: Exception = httpcore2.ConnectError("no address")
        for address in addresses:
            try:
                rest = _rest(self._deadline, timeout)
                stream = self._system.connect_tcp(address, port, rest, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failed:
                problem = failed
            else:
                return _Stream(stream, self._deadline)
        raise problem


class _Stream(httpcore2.NetworkStream):
    """A connection whose every step ends by the deadline, so that a receiver cannot drip for ever."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _rest(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _rest(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: object, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, _rest(self._deadline, timeout))  # type: ignore[arg-type]  # as the base says
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise httpcore2.ConnectError("the name does not resolve") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _rest(deadline: float, timeout: float | None) -> float:
    rest = deadline - time.monotonic()
    if rest <= 0:
        raise httpcore2.ReadTimeout("the deadline of the whole exchange")
    return rest if timeout is None else min(rest, timeout)


def _with_host(url: str, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    parts = urlsplit(url)
    return [(b"host", parts.netloc.encode()), *headers]


def _retry_after(headers: list[tuple[bytes, bytes]]) -> int | None:
    value = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    return int(value) if value.isdigit() and len(value) <= _MOST_DIGITS else None
