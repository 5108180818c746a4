"""A browser small enough that its own work hardly counts, and somebody who answers with it."""

import re
import socket
import time
from urllib.parse import quote_plus

FIELD = re.compile(
    r'<(?:input type="(?:radio|checkbox)" id="[^"]*" name="([^"]*)" value="([^"]*)"'
    r'|textarea id="[^"]*" name="([^"]*)")'
)
TOKEN = re.compile(r'name="_token" value="(\w+)"')
TEXT = "Lamporna på gångvägen mellan torget och stationen lyser inte."


class BrokenError(Exception):
    """An answer that is not what it should be."""


class Browser:
    """One kept connection, one cookie."""

    def __init__(self, address: tuple[str, int], saves: list[float], reads: list[float]) -> None:
        self.address, self.saves, self.reads = address, saves, reads
        self.connection: socket.socket | None = None
        self.cookie = ""
        self.bodies: dict[str, str] = {}  # what is posted from each page

    def answers(self, code: str) -> bool:
        """Fill in everything; True when the receipt was promised."""
        self.cookie = ""
        self.get("/enkat/")
        status, where, _ = self.post("/enkat/", f"code={code}&language=sv")
        if status == 200:
            return False  # an earlier try was accepted, though nobody heard of it
        found = TOKEN.search(self.get(where))
        if found is None:
            raise BrokenError(f"no token on {where}")
        token = found[1]
        _, where, _ = self.post("/enkat/borja/", f"_token={token}&_go=next")
        while "/fraga/" in where:
            page = self.get(where)
            if where not in self.bodies:
                self.bodies[where] = _filled_in(page)
            where = self.save(where, f"_token={token}&_go=next{self.bodies[where]}")
        self.get(where)
        receipt = self.save("/enkat/granska/", f"_token={token}&_send=1")
        if receipt != "/enkat/kvitto/":
            raise BrokenError(f"sent, but led to {receipt}")
        self.get(receipt)
        return True

    def save(self, path: str, body: str) -> str:
        begun = time.monotonic()
        status, where, _ = self.post(path, body, count=False)
        self.saves.append(time.monotonic() - begun)
        if status != 302 or where == path:
            raise BrokenError(f"{path} answered {status} {where}")
        return where

    def get(self, path: str) -> str:
        begun = time.monotonic()
        status, where, page = self.ask(f"GET {path} HTTP/1.1\r\n", "")
        self.reads.append(time.monotonic() - begun)
        if status != 200:
            raise BrokenError(f"{path} answered {status} {where}")
        return page

    def post(self, path: str, body: str, *, count: bool = True) -> tuple[int, str, str]:
        begun = time.monotonic()
        head = f"POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        told = self.ask(head + f"Content-Length: {len(body)}\r\n", body)
        if count:
            self.reads.append(time.monotonic() - begun)
        if told[0] not in {200, 302}:
            raise BrokenError(f"{path} answered {told[0]}")
        return told

    def ask(self, head: str, body: str) -> tuple[int, str, str]:
        cookie = f"Cookie: enkat={self.cookie}\r\n" if self.cookie else ""
        request = f"{head}Host: 127.0.0.1\r\n{cookie}\r\n{body}".encode()
        try:
            return self._read(self._sent(request))
        except ConnectionError:
            self.close()  # the server closes a connection that has waited too long
            return self._read(self._sent(request))

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    def _sent(self, request: bytes) -> socket.socket:
        if self.connection is None:
            self.connection = socket.create_connection(self.address, timeout=30)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection.sendall(request)
        return self.connection

    def _read(self, connection: socket.socket) -> tuple[int, str, str]:
        raw = b""
        while b"\r\n\r\n" not in raw:
            raw += _more(connection)
        head, _, body = raw.partition(b"\r\n\r\n")
        headers = _headers(head.decode("latin-1"))
        length = int(headers.get("content-length", "0"))
        while len(body) < length:
            body += _more(connection)
        if "set-cookie" in headers:
            self.cookie = headers["set-cookie"].split(";")[0].partition("=")[2].strip('"')
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(head[9:12]), headers.get("location", ""), body.decode()


def _more(connection: socket.socket) -> bytes:
    read = connection.recv(65536)
    if not read:
        raise ConnectionResetError("the connection was closed")
    return read


def _headers(head: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in head.split("\r\n")[1:])
    return {name.lower(): value.strip() for name, _, value in pairs}


def _filled_in(page: str) -> str:
    """The first choice of everything, and a sentence in each box; no marks on the map."""
    chosen: dict[str, str] = {}
    for name, value, box in FIELD.findall(page):
        key = name or box
        if "." not in key or key.count(".") == 1:
            chosen.setdefault(key, value or TEXT)
    return "".join(f"&{key}={quote_plus(value)}" for key, value in chosen.items())
