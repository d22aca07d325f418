"""HTTP or WebSocket for a click? Run: python benchmarks/transport.py

The same request (four points) and answer (a mask of run lengths) go to and fro on one connection,
without the network in between: once over keep-alive HTTP through uvicorn and FastAPI as the
annotator does it, once over a WebSocket spoken by hand, which is the least one can cost. Prints the
median round trip and the processor time of both sides together, which a busy machine does not blur.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
import os
import socket
import statistics
import struct
import threading
import time
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from extremecut.annotations.packed_mask import runs_to_text
from extremecut.annotator.messages import MaskMessage, SegmentAnswer, SegmentRequest
from extremecut.annotator.serve import bound_socket

POINTS = [(1020.5, 1507.0), (1460.25, 1110.5), (1990.0, 1555.75), (1555.5, 1980.0)]
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def the_answer(rows: int = 870) -> SegmentAnswer:
    """A disc's mask of about a thousand pixels across."""
    runs = [0]
    for row in range(rows):
        half = int((rows**2 / 4 - (row - rows / 2) ** 2) ** 0.5)
        runs += [2 * half + 1, rows - 2 * half]
    box = (1020, 1110, 1990, 1980)
    return SegmentAnswer.model_construct(
        points=POINTS, box_xyxy=box, area_px=123456, confidence=0.9123, notes=[],
        mask=MaskMessage.model_construct(box=box, runs=runs_to_text(runs)), box=box, width=4000,
        height=3000, milliseconds=24.5,
    )  # fmt: skip


ANSWER = the_answer()
BODY = json.dumps({"image_id": 1, "points": POINTS, "stream": "draft", "sequence": 7}).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    arguments = parser.parse_args()
    print("load average", *(round(value, 2) for value in os.getloadavg()))
    print(f"request {len(BODY)} bytes, answer {len(ANSWER.model_dump_json())} bytes")
    for name, start in (("HTTP", http_client), ("WebSocket", websocket_client)):
        ask = start()
        for _ in range(20):
            ask()
        times, cpu = [], time.process_time()
        for _ in range(arguments.runs):
            began = time.perf_counter()
            ask()
            times.append(1000 * (time.perf_counter() - began))
        cpu_ms = 1000 * (time.process_time() - cpu) / arguments.runs
        p95 = sorted(times)[int(0.95 * arguments.runs)]
        print(
            f"{name:10} median {statistics.median(times):.2f} ms, p95 {p95:.2f} ms, "
            f"processor {cpu_ms:.2f} ms"
        )


def http_client() -> Callable[[], object]:
    app = FastAPI()

    @app.post("/api/segment")
    async def segment(wanted: SegmentRequest) -> SegmentAnswer:
        return ANSWER

    listener = bound_socket("127.0.0.1", 0)  # as the annotator has it: answers go out at once
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    connection = socket.create_connection(listener.getsockname())
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream = connection.makefile("rb")
    request = (
        b"POST /api/segment HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
    )

    def ask() -> object:
        connection.sendall(request)
        length = 0
        while (line := stream.readline().strip().lower()) != b"":
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return json.loads(stream.read(length))

    return ask


def websocket_client() -> Callable[[], object]:
    ready, place = threading.Event(), []

    async def serve() -> None:
        server = await asyncio.start_server(_websocket, "127.0.0.1", 0)
        place.append(server.sockets[0].getsockname())
        ready.set()
        await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
    ready.wait()
    connection = socket.create_connection(place[0])
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream = connection.makefile("rb")
    connection.sendall(
        b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    while stream.readline().strip():
        pass

    def ask() -> object:
        mask = os.urandom(4)
        connection.sendall(
            b"\x81" + struct.pack(">BH", 0x80 | 126, len(BODY)) + mask + _masked(BODY, mask)
        )
        _, size = stream.read(2)
        length = size if size < 126 else struct.unpack(">H", stream.read(2))[0]
        return json.loads(stream.read(length))

    return ask


async def _websocket(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    key = next(
        line for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key")
    )
    accept = base64.b64encode(hashlib.sha1(key.split(b": ")[1] + _MAGIC).digest())
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %s\r\n\r\n" % accept
    )
    while True:
        _, size = await reader.readexactly(2)
        length = size & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", await reader.readexactly(2))
        mask = await reader.readexactly(4)
        SegmentRequest.model_validate_json(_masked(await reader.readexactly(length), mask))
        data = ANSWER.model_dump_json().encode()
        writer.write(b"\x81" + struct.pack(">BH", 126, len(data)) + data)
        await writer.drain()


def _masked(data: bytes, mask: bytes) -> bytes:
    whole = int.from_bytes(data, "big")
    pattern = (mask * (len(data) // 4 + 1))[: len(data)]
    return (whole ^ int.from_bytes(pattern, "big")).to_bytes(len(data), "big")


if __name__ == "__main__":
    main()
