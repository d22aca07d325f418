from __future__ import annotations

import asyncio
import base64
import io
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from extremecut.annotations.packed_mask import PackedMask
from extremecut.annotator.messages import SegmentAnswer
from extremecut.annotator.options import Limits
from extremecut.predictor import Segmenter
from extremecut.predictor.answer import ObjectAnswer

POINTS = [[20, 50], [60, 10], [90, 55], [55, 80]]


def mask_of(answer: dict[str, Any]) -> np.ndarray:
    packed = PackedMask(tuple(answer["mask"]["box"]), answer["mask"]["runs"])
    return packed.unpacked().mask((answer["height"], answer["width"]))


def test_the_mask_is_the_segmenters(api: Any, photos: Path, disc_backend: Any) -> None:
    answer = api.post("/api/segment", {"image_id": 1, "points": POINTS}).json()
    expected = Segmenter(disc_backend).predict(photos / "a.png", POINTS)
    assert np.array_equal(mask_of(answer), expected.mask)
    assert answer["box_xyxy"] == answer["box"] == list(expected.box_xyxy or ())
    assert answer["area_px"] == expected.mask.sum()
    assert answer["points"] == POINTS and answer["notes"] == [] and answer["milliseconds"] > 0


def test_it_says_what_the_command_line_says_and_more() -> None:
    assert set(ObjectAnswer.__annotations__) < set(SegmentAnswer.model_fields)


def test_a_picture_can_be_sent_along(api: Any, photos: Path) -> None:
    text = base64.b64encode((photos / "sub" / "b.jpg").read_bytes()).decode()
    points = [[50, 300], [150, 50], [250, 300], [150, 550]]
    sent = api.post("/api/segment", {"image": text, "points": points}).json()
    known = api.post("/api/segment", {"image_id": 2, "points": points}).json()
    assert (sent["width"], sent["height"]) == (300, 600)  # turned upright by its EXIF data
    assert sent["mask"] == known["mask"]


def test_an_empty_mask_is_an_answer(make_api: Any, backend_of: Any) -> None:
    nothing = backend_of(lambda batch: np.zeros(batch[:, 0].shape, np.float32))
    answer = make_api(nothing).post("/api/segment", {"image_id": 1, "points": POINTS}).json()
    assert answer["mask"] == {"box": [0, 0, 0, 0], "runs": ""}
    assert answer["box_xyxy"] is None and "empty" in answer["notes"][0]


def test_points_outside_the_image_are_fine_and_far_ones_are_not(api: Any) -> None:
    cut = [[-10, 50], [60, -5], [90, 55], [55, 80]]
    assert api.post("/api/segment", {"image_id": 1, "points": cut}).status_code == 200
    far = [[-9999, 50], [60, 10], [90, 55], [55, 80]]
    refused = api.post("/api/segment", {"image_id": 1, "points": far})
    assert (refused.status_code, refused.json()["code"]) == (422, "points")


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({"image_id": 99, "points": POINTS}, 404, "not_found"),
        ({"image_id": 1, "points": POINTS[:3]}, 422, "invalid"),
        ({"image_id": 1, "points": [[1, 2, 3]] * 4}, 422, "invalid"),
        ({"image_id": 1, "points": [[5, 5]] * 4}, 422, "points"),
        ({"points": POINTS}, 422, "data"),
        ({"image_id": 1, "image": "", "points": POINTS}, 422, "data"),
        ({"image": "not base64!", "points": POINTS}, 422, "data"),
        ({"image": "AAAA", "points": POINTS}, 422, "image"),
        ({"image": "", "points": POINTS}, 422, "image"),
        ({"image_id": 1, "points": POINTS, "strem": "x"}, 422, "invalid"),
        ([], 422, "invalid"),
    ],
)
def test_bad_requests_are_answered_plainly(door: Any, body: Any, status: int, word: str) -> None:
    refused = door.post("/api/segment", body)
    assert (refused.status_code, refused.json()["code"]) == (status, word)
    assert "/tmp" not in refused.text and "Traceback" not in refused.text


def test_not_a_number_is_refused(api: Any) -> None:
    text = '{"image_id": 1, "points": [[NaN, 1], [2, 3], [4, 5], [6, 7]]}'
    headers = {"Content-Type": "application/json"}
    assert api.request("POST", "/api/segment", content=text, headers=headers).status_code == 422


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(
    make_api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[Image.Image] = []
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", lambda image: decoded.append(image))
    api = make_api(limits=Limits(image_pixels=10_000))
    data = io.BytesIO()
    Image.new("1", (200, 100)).save(data, "PNG")
    bomb = base64.b64encode(data.getvalue()).decode()
    refused = api.post("/api/segment", {"image": bomb, "points": POINTS})
    assert refused.status_code == 413 and "200 x 100" in refused.json()["detail"]
    assert not decoded


def test_a_photo_replaced_by_one_of_another_size_is_not_segmented(api: Any, photos: Path) -> None:
    Image.new("RGB", (10, 10)).save(photos / "a.png")
    refused = api.post("/api/segment", {"image_id": 1, "points": POINTS})
    assert (refused.status_code, refused.json()["code"]) == (409, "changed")


class Slow:
    """A network that waits until it is let go, and counts."""

    def __init__(self, backend: Any) -> None:
        self.backend, self.runs, self.go = backend, 0, threading.Event()

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        self.go.wait(20)
        self.runs += 1
        found: np.ndarray = self.backend.function(batch)
        return found


async def _until_waiting(api: Any, count: int) -> None:
    while api.services.queue.waiting < count:
        await asyncio.sleep(0.005)


def test_a_dragged_point_asks_for_its_newest_place_only(
    make_api: Any, backend_of: Any, disc_backend: Any
) -> None:
    slow = Slow(disc_backend)
    api = make_api(backend_of(slow))

    async def scenario() -> list[tuple[int, str | None]]:
        def ask(sequence: int) -> asyncio.Task[Any]:
            body = {"image_id": 1, "points": POINTS, "stream": "drag", "sequence": sequence}
            return asyncio.create_task(api.client.post("/api/segment", json=body))

        running = ask(1)
        while api.services.queue._running == 0:
            await asyncio.sleep(0.005)
        older = ask(2)
        await _until_waiting(api, 1)
        newer = ask(3)
        dropped = await older
        slow.go.set()
        answers = [await running, dropped, await newer]
        return [(answer.status_code, answer.json().get("code")) for answer in answers]

    assert api.run(scenario()) == [(200, None), (409, "superseded"), (200, None)]
    assert slow.runs == 2


def test_a_client_with_much_waiting_does_not_starve_another(
    make_api: Any, backend_of: Any, disc_backend: Any
) -> None:
    slow = Slow(disc_backend)
    api = make_api(backend_of(slow))
    finished: list[str] = []

    async def scenario() -> None:
        async def ask(client: Any, name: str) -> None:
            answer = await client.post("/api/segment", json={"image_id": 1, "points": POINTS})
            assert answer.status_code == 200
            finished.append(name)

        other = api.another(address="10.0.0.2")
        many = [asyncio.create_task(ask(api.client, "many")) for _ in range(20)]
        await _until_waiting(api, 19)
        one = asyncio.create_task(ask(other, "one"))
        await _until_waiting(api, 20)
        slow.go.set()
        await asyncio.gather(*many, one)

    api.run(scenario())
    assert finished.index("one") <= 3


def test_too_many_waiting_requests_are_told_to_come_back(
    make_api: Any, backend_of: Any, disc_backend: Any
) -> None:
    slow = Slow(disc_backend)
    api = make_api(backend_of(slow))
    api.services.queue._limit_per_client = 2

    async def scenario() -> Any:
        body = {"image_id": 1, "points": POINTS}
        tasks = [asyncio.create_task(api.client.post("/api/segment", json=body)) for _ in range(3)]
        await _until_waiting(api, 2)
        refused = await api.client.post("/api/segment", json=body)
        slow.go.set()
        await asyncio.gather(*tasks)
        return refused

    refused = api.run(scenario())
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert int(refused.headers["Retry-After"]) > 0


def test_who_goes_away_is_not_waited_for(make_api: Any, backend_of: Any, disc_backend: Any) -> None:
    slow = Slow(disc_backend)
    api = make_api(backend_of(slow))
    body = b'{"image_id": 1, "points": [[20, 50], [60, 10], [90, 55], [55, 80]]}'

    async def scenario() -> None:
        first = asyncio.create_task(
            api.client.post("/api/segment", json={"image_id": 1, "points": POINTS})
        )
        while api.services.queue._running == 0:
            await asyncio.sleep(0.005)
        gone = asyncio.Event()
        messages = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": "POST", "path": "/api/segment", "query_string": b"",
            "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http",
            "http_version": "1.1", "root_path": "", "raw_path": b"/api/segment",
        }  # fmt: skip
        leaver = asyncio.create_task(api.app(scope, receive, send))
        await _until_waiting(api, 1)
        gone.set()
        await leaver
        assert api.services.queue.waiting == 0 and sent[0]["status"] == 499
        slow.go.set()
        await first

    api.run(scenario())
    assert slow.runs == 1


def test_what_is_sent_along_and_is_no_picture_has_a_name(api: Any) -> None:
    text = base64.b64encode(b"no picture").decode()
    refused = api.post("/api/segment", {"image": text, "points": [[1, 1], [2, 2], [3, 1], [2, 0]]})
    assert (refused.status_code, refused.json()["code"]) == (422, "image")
    assert refused.json()["detail"].startswith("what was sent along is not an image")
