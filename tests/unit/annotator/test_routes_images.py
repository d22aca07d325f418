from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extremecut.images import load_image


def picture(response: Any) -> np.ndarray:
    assert response.headers["content-type"] == "image/jpeg"
    return np.asarray(Image.open(io.BytesIO(response.content)))


def test_images_are_listed_a_page_at_a_time(door: Any) -> None:
    page = door.get("/api/images", params={"limit": 1, "offset": 1}).json()
    assert page["total"] == 2
    assert [image["path"] for image in page["images"]] == ["sub/b.jpg"]
    assert (page["images"][0]["width"], page["images"][0]["height"]) == (300, 600)
    assert page["images"][0]["objects"] == 0


def test_the_list_is_filtered(door: Any) -> None:
    assert door.get("/api/images", params={"status": "done"}).json()["total"] == 0
    assert door.get("/api/images", params={"status": "new"}).json()["total"] == 2
    for wrong in ({"status": "old"}, {"order": "size"}, {"limit": 0}, {"limit": 1001}):
        assert door.get("/api/images", params=wrong).status_code == 422


def test_an_image_says_how_it_is_tiled(api: Any) -> None:
    image = api.get("/api/images/2").json()
    assert (image["levels"], image["tile_px"], image["objects"]) == (2, 512, [])
    assert image["can_undo"] is False and image["undo_label"] is None
    assert len(image["content"]) == 64


def test_opening_an_image_has_its_photo_decoded(api: Any) -> None:
    content = api.get("/api/images/1").json()["content"]
    assert api.services.album.photos.ask(content, Path("nowhere")).result(10).size_hw == (100, 120)


def test_a_photo_that_comes_next_can_be_decoded_beforehand(api: Any) -> None:
    assert api.post("/api/images/1/prefetch").status_code == 204
    assert api.post("/api/images/99/prefetch").status_code == 404


def test_tiles_show_what_the_model_sees(api: Any, photos: Path) -> None:
    shown = picture(api.get("/api/images/1/tiles/0/0/0")).astype(int)
    seen = load_image(photos / "a.png").astype(int)
    assert shown.shape == seen.shape
    assert np.abs(shown - seen).mean() < 10  # noise survives a JPEG roughly


def test_deep_images_are_shown_scaled(api: Any, photos: Path) -> None:
    ramp = np.linspace(1000, 3000, 64 * 64).reshape(64, 64).astype(np.uint16)
    Image.fromarray(ramp).save(photos / "deep.tif")
    api.post("/api/photos/refresh")
    page = api.get("/api/images").json()
    found = next(image["id"] for image in page["images"] if image["path"] == "deep.tif")
    shown = picture(api.get(f"/api/images/{found}/tiles/0/0/0"))
    assert shown.min() < 10 and shown.max() > 245


def test_the_smaller_level_is_half_as_large(api: Any) -> None:
    assert picture(api.get("/api/images/2/tiles/1/0/0")).shape == (300, 150, 3)


@pytest.mark.parametrize("place", ["2/0/0", "0/1/0", "0/0/2"])
def test_there_are_no_tiles_beyond(door: Any, place: str) -> None:
    assert door.get(f"/api/images/2/tiles/{place}").status_code == 404


def test_a_tile_is_kept_for_ever_under_its_hash_and_asked_for_again_without(api: Any) -> None:
    path = "/api/images/1/tiles/0/0/0"
    content = api.get("/api/images/1").json()["content"]
    plain, hashed = api.get(path), api.get(path, params={"v": content})
    assert plain.headers["cache-control"] == "private, no-cache"
    assert "immutable" in hashed.headers["cache-control"]
    again = api.get(path, headers={"If-None-Match": plain.headers["etag"]})
    assert again.status_code == 304 and not again.content
    assert hashed.content == plain.content


def test_thumbnails_are_small_and_upright(api: Any) -> None:
    response = api.get("/api/images/2/thumbnail", params={"side": 64})
    assert picture(response).shape == (64, 32, 3)
    again = api.get(
        "/api/images/2/thumbnail",
        params={"side": 64},
        headers={"If-None-Match": response.headers["etag"]},
    )
    assert again.status_code == 304
    for side in (15, 513):
        assert api.get("/api/images/2/thumbnail", params={"side": side}).status_code == 422


def test_many_tiles_at_once_decode_the_photo_once(api: Any, monkeypatch: Any) -> None:
    decoded = []
    load = api.services.album.photos._load
    monkeypatch.setattr(
        api.services.album.photos, "_load", lambda path: decoded.append(path) or load(path)
    )

    async def scenario() -> list[int]:
        paths = [f"/api/images/2/tiles/{level}/0/0" for level in (0, 1)] * 5
        answers = await asyncio.gather(*(api.client.get(path) for path in paths))
        return [answer.status_code for answer in answers]

    assert api.run(scenario()) == [200] * 10
    assert len(decoded) == 1


def test_a_photo_that_is_gone_is_not_found_but_its_image_is(api: Any, photos: Path) -> None:
    (photos / "a.png").unlink()
    found = api.get("/api/images/1")
    assert (found.status_code, found.json()["missing"]) == (200, True)
    for part in ("tiles/0/0/0", "thumbnail"):
        response = api.get(f"/api/images/1/{part}")
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_photo_that_became_a_link_out_of_the_folder_is_not_shown(
    api: Any, photos: Path, tmp_path: Path
) -> None:
    Image.new("RGB", (120, 100), "red").save(tmp_path / "secret.png")
    (photos / "a.png").unlink()
    (photos / "a.png").symlink_to(tmp_path / "secret.png")
    for part in ("tiles/0/0/0", "thumbnail"):
        assert api.get(f"/api/images/1/{part}").status_code == 404
    body = {"image_id": 1, "points": [[20, 50], [60, 10], [90, 55], [55, 80]]}
    assert api.post("/api/segment", body).status_code == 404


def test_a_damaged_photo_is_told_apart(api: Any, photos: Path) -> None:
    (photos / "a.png").write_bytes(b"\x89PNG nothing")
    response = api.get("/api/images/1/tiles/0/0/0")
    assert (response.status_code, response.json()["code"]) == (422, "image")


def test_the_status_is_changed_with_the_version(api: Any) -> None:
    version = api.get("/api/images/1").json()["version"]
    changed = api.request("PATCH", "/api/images/1", json={"version": version, "status": "done"})
    assert changed.json()["status"] == "done"
    later = {"version": changed.json()["version"], "reviewed": True}
    assert api.request("PATCH", "/api/images/1", json=later).json()["reviewed_by"] == "ann"
    stale = api.request("PATCH", "/api/images/1", json={"version": version, "status": "new"})
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    nothing = api.request("PATCH", "/api/images/1", json={"version": version})
    assert nothing.status_code == 422


@pytest.mark.parametrize("image", ["0", "-1", "x", "9" * 30, "1.5"])
def test_odd_image_numbers_are_refused(door: Any, image: str) -> None:
    assert door.get(f"/api/images/{image}").status_code == 422


def test_a_photo_that_cannot_be_decoded_says_so_from_then_on(api: Any, photos: Path) -> None:
    path = photos / "sub" / "b.jpg"
    path.write_bytes(path.read_bytes()[:-600])
    api.post("/api/photos/refresh")
    assert api.get("/api/images/2").json()["content"]
    answer = api.get("/api/images/2/tiles/0/0/0")
    assert answer.status_code == 422
    assert "sub/b.jpg" in answer.json()["detail"] and str(photos) not in answer.json()["detail"]
    assert api.get("/api/images/2").json()["problem"] == answer.json()["detail"]
    listed = api.get("/api/images").json()["images"]
    assert [image["problem"] for image in listed] == [None, answer.json()["detail"]]
    asked = api.post("/api/segment", {"image_id": 2, "points": [[1, 5], [5, 1], [9, 5], [5, 9]]})
    assert asked.json()["detail"] == answer.json()["detail"]


@pytest.mark.parametrize("part", ["tiles/0/0/0", "thumbnail"])
def test_who_has_not_heard_of_another_photo_gets_no_pictures_of_it(
    api: Any, photos: Path, part: str
) -> None:
    """They would stand beside those of the old photo on one screen."""
    path = f"/api/images/1/{part}"
    old = api.get("/api/images/1").json()["content"]
    assert api.get(path, params={"v": old}).status_code == 200
    Image.new("RGB", (120, 100), "blue").save(photos / "a.png")
    # As another server on the project does: this one is not told.
    assert api.services.project.refresh_photos().changed == 1
    new = api.get("/api/images/1").json()["content"]
    shown = api.get(path, params={"v": new})
    assert shown.status_code == 200 and "immutable" in shown.headers["cache-control"]
    assert picture(shown)[50, 50, 2] > 200
    refused = api.get(path, params={"v": old})
    assert (refused.status_code, refused.json()["code"]) == (409, "changed")
    assert api.get(path).status_code == 200


def test_a_photo_replaced_by_another_is_not_shown_as_what_it_was(api: Any, photos: Path) -> None:
    content = api.get("/api/images/1").json()["content"]
    album = api.services.album
    album.pixels(album.place(1)).result()  # it is decoded ahead: not after the next line
    album.photos._held.clear()
    Image.new("RGB", (120, 100), "blue").save(photos / "a.png")
    for part in ("tiles/0/0/0", "thumbnail"):
        refused = api.get(f"/api/images/1/{part}", params={"v": content})
        assert (refused.status_code, refused.json()["code"]) == (409, "changed")
        assert refused.headers["cache-control"] == "no-store"
    assert "replaced" in api.get("/api/images/1").json()["problem"]
    body = {"image_id": 1, "points": [[20, 50], [60, 10], [90, 55], [55, 80]]}
    assert api.post("/api/segment", body).json()["code"] == "changed"
    api.post("/api/photos/refresh")
    assert api.get("/api/images/1").json()["problem"] is None
    assert api.get("/api/images/1/tiles/0/0/0").status_code == 200
