from __future__ import annotations

import asyncio
from typing import Any

import pytest

MASK = {"box": [5, 5, 15, 15], "runs": "0T3"}


def test_an_action_is_answered_with_the_image_as_it_is_now(api: Any, add: Any) -> None:
    before = api.get("/api/images/1").json()["version"]
    image = add(before, seconds=7.2, inputs=4).json()
    assert image["version"] == before + 1
    (found,) = image["objects"]
    assert found["mask"] == MASK and found["author"] == "ann"
    assert (found["seconds"], found["inputs"]) == (7.2, 4)
    assert image["can_undo"] and image["undo_label"] == "add" and not image["can_redo"]
    assert api.get("/api/images/1").json() == image


def test_undo_and_redo(api: Any, add: Any) -> None:
    image = add(1).json()
    undone = api.post("/api/images/1/undo", {"version": image["version"]}).json()
    assert undone["objects"] == [] and undone["redo_label"] == "add"
    redone = api.post("/api/images/1/redo", {"version": undone["version"]}).json()
    assert [found["mask"] for found in redone["objects"]] == [MASK]
    again = api.post("/api/images/1/redo", {"version": redone["version"]})
    assert again.status_code == 422


def test_one_action_changes_and_deletes(api: Any, add: Any) -> None:
    image = add(1).json()
    image = add(image["version"], x=50).json()
    first, second = (found["id"] for found in image["objects"])
    moved = {"mask": {"box": [0, 0, 1, 1], "runs": [0, 1]}, "class_id": 1, "points": [[0.5, 1.5]]}
    changes = [{"id": first, "object": moved}, {"id": second, "object": None}]
    action = {"version": image["version"], "action": "tidy up", "changes": changes}
    (left,) = api.post("/api/images/1/actions", action).json()["objects"]
    assert left["id"] == first and left["mask"]["box"] == [0, 0, 1, 1]
    assert left["points"] == [[0.5, 1.5]]


def test_two_people_on_one_image_get_a_conflict_and_no_lost_edit(api: Any) -> None:
    async def scenario() -> list[Any]:
        def action(x: int) -> dict[str, Any]:
            mask = {"box": [x, 5, x + 1, 6], "runs": [0, 1]}
            change = {"id": None, "object": {"mask": mask, "class_id": 1}}
            return {"version": 1, "action": "add", "changes": [change]}

        other = api.another(address="10.0.0.2")
        return await asyncio.gather(
            api.client.post("/api/images/1/actions", json=action(1)),
            other.post("/api/images/1/actions", json=action(2)),
        )

    answers = sorted(api.run(scenario()), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["code"] == "conflict"
    assert answers[1].json()["current_version"] == answers[0].json()["version"] == 2
    assert len(api.get("/api/images/1").json()["objects"]) == 1


def test_a_request_sent_twice_is_done_once(api: Any, add: Any) -> None:
    first = add(1, request_id="abc")
    second = add(1, request_id="abc")
    assert first.status_code == second.status_code == 200
    assert len(second.json()["objects"]) == 1


def test_the_author_is_who_says_so(api: Any) -> None:
    api.request("PUT", "/api/author", json={"name": "Zoë  Ångström"})
    change = {"id": None, "object": {"mask": MASK, "class_id": 1}}
    action = {"version": 1, "action": "add", "changes": [change]}
    image = api.post("/api/images/1/actions", action).json()
    assert image["objects"][0]["author"] == "Zoë Ångström"


@pytest.mark.parametrize(
    ("mask", "status"),
    [
        ({"box": [0, 0, 121, 1], "runs": [0, 121]}, 422),
        ({"box": [0, 0, 2, 2], "runs": [0, 3]}, 422),
        ({"box": [0, 0, 2, 2], "runs": [0, -4]}, 422),
        ({"box": [2, 2, 0, 0], "runs": [0, 4]}, 422),
        ({"box": [0, 0, 2, 2], "runs": [0, 10**30]}, 422),
        ({"box": [0, 0, 2, 2], "runs": [0, 4.5]}, 422),
        ({"box": [0, 0, 0, 0], "runs": []}, 200),
        ({"box": [0, 0, 3, 3], "runs": [0, 1, 8]}, 200),
        ({"box": [0, 0, 3, 3], "runs": "018"}, 200),
        ({"box": [0, 0, 3, 3], "runs": "019"}, 422),
        ({"box": [0, 0, 3, 3], "runs": "018o"}, 422),
        ({"box": [0, 0, 3, 3], "runs": "0 18"}, 422),
    ],
)
def test_masks_of_strangers_are_checked_and_made_tight(api: Any, mask: Any, status: int) -> None:
    change = {"id": None, "object": {"mask": mask, "class_id": 1}}
    action = {"version": 1, "action": "add", "changes": [change]}
    answer = api.post("/api/images/1/actions", action)
    assert answer.status_code == status
    if status == 200 and mask["runs"]:
        assert answer.json()["objects"][0]["mask"] == {"box": [0, 0, 1, 1], "runs": "01"}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"id": 77, "object": None}, 404),
        ({"id": None, "object": {"mask": MASK, "class_id": 99}}, 404),
        ({"id": None, "object": {"mask": MASK}}, 422),
        ({"id": None, "object": {"mask": MASK, "class_id": 1, "confidence": 1.5}}, 422),
        ({"object": None}, 422),
    ],
)
def test_changes_of_what_is_not_there_are_refused(api: Any, change: Any, status: int) -> None:
    action = {"version": 1, "action": "add", "changes": [change]}
    assert api.post("/api/images/1/actions", action).status_code == status
    assert api.get("/api/images/1").json()["version"] == 1


def test_labels_of_actions_are_one_line(api: Any, add: Any) -> None:
    assert add(1, action="two\nlines").status_code == 422
    assert add(1, action="").status_code == 422
    assert add(1, request_id="x" * 101).status_code == 422
