"""Classes, objects, images: what stands around the photo."""

from __future__ import annotations

from annotating import CUP, Annotating


def classes(annotating: Annotating) -> dict[str, int]:
    """Their ids by name, in order."""
    found = annotating.server.get("/api/project")["classes"]
    return {item["name"]: item["id"] for item in found}


def class_names(annotating: Annotating) -> list[str]:
    return list(classes(annotating))


def add_class(annotating: Annotating, name: str) -> None:
    annotating.press("Shift+C")
    annotating.page.keyboard.type(name)
    annotating.press("Enter")
    annotating.wait_until(lambda: name in class_names(annotating))


def frames(annotating: Annotating) -> list[str]:
    """Names of the images shown in the strip, from left to right."""
    labels = annotating.page.locator(".frame").evaluate_all(
        """frames => frames
            .map((frame) => [frame.getBoundingClientRect().left, frame.getAttribute("aria-label")])
            .sort(([a], [b]) => a - b).map(([, label]) => label)"""
    )
    return [label.split(",")[0] for label in labels]


def test_classes_are_added_chosen_by_number_and_renamed(annotating: Annotating) -> None:
    annotating.open_photo("cup-0.jpg")
    first = class_names(annotating)[0]
    add_class(annotating, "cup")
    assert class_names(annotating) == [first, "cup"]
    annotating.place_object(CUP.points)
    annotating.press("1")
    annotating.accept()
    annotating.place_object(CUP.points)
    annotating.press("2")
    annotating.accept()
    classes = {
        item["id"]: item["name"] for item in annotating.server.get("/api/project")["classes"]
    }
    chosen = [classes[item["class_id"]] for item in annotating.image["objects"]]
    assert chosen == [first, "cup"]
    annotating.press(".", "2")  # the class of the selected object
    annotating.press("F2")
    annotating.page.keyboard.type("mug")
    annotating.press("Enter")
    annotating.wait_until(lambda: class_names(annotating) == [first, "mug"])


def test_a_quick_hand_names_several_classes(annotating: Annotating) -> None:
    for name in ("wing", "wheel", "window"):
        annotating.press("Shift+C")
        annotating.page.keyboard.type(name)
        annotating.press("Enter")
    annotating.wait_until(lambda: class_names(annotating)[-3:] == ["wing", "wheel", "window"])
    colors = [item["color"] for item in annotating.server.get("/api/project")["classes"]]
    assert len(set(colors)) == len(colors)


def test_a_long_name_leaves_the_confidence_in_one_line(annotating: Annotating) -> None:
    annotating.open_photo("cup-0.jpg")
    add_class(annotating, "a class with a name longer than the panel is wide")
    annotating.place_object(CUP.points)
    annotating.accept()
    rows = annotating.page.locator(".object-row")
    heights = rows.locator(".confidence").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert heights and max(heights) < 24
    for row in rows.all():
        select, confidence = (
            row.locator(part).bounding_box() for part in ("select", ".confidence")
        )
        assert select is not None and confidence is not None
        assert select["x"] + select["width"] <= confidence["x"]


def test_a_new_class_is_in_sight_however_many_there_are(annotating: Annotating) -> None:
    annotating.open_photo("cup-1.jpg")
    side = annotating.page.locator("aside.side").bounding_box()
    assert side is not None
    for number in range(20):
        annotating.press("Shift+C")
        annotating.page.keyboard.type(f"kind {number}")
        annotating.press("Enter")
    annotating.wait_until(lambda: class_names(annotating)[-1] == "kind 19")
    chosen = annotating.page.locator(".class-row.chosen")
    annotating.wait_until(lambda: "kind 19" in chosen.inner_text())
    row, panel = chosen.bounding_box(), annotating.page.locator(".classes").bounding_box()
    assert row is not None and panel is not None
    assert panel["y"] <= row["y"]
    assert row["y"] + row["height"] <= panel["y"] + panel["height"]
    assert panel["height"] > 0.6 * side["height"]  # few objects need little room
    assert panel["y"] + panel["height"] < side["y"] + side["height"] - 80  # but some
    annotating.press("1")
    row, panel = chosen.bounding_box(), annotating.page.locator(".classes").bounding_box()
    assert row is not None and panel is not None
    assert panel["y"] <= row["y"]


def test_objects_are_hidden_locked_and_given_a_class_in_the_list(annotating: Annotating) -> None:
    annotating.open_photo("cup-1.jpg")
    if "leaf" not in class_names(annotating):
        add_class(annotating, "leaf")
    annotating.place_object(CUP.points)
    annotating.accept()
    row = annotating.page.locator(".object-row").first
    row.hover()
    row.get_by_role("button", name="Hide").click()
    annotating.wait_until(lambda: not annotating.image["objects"][0]["visible"])
    annotating.wait_until(lambda: annotating.painted(CUP.inside)[3] == 0)
    row.get_by_role("button", name="Show").click()
    annotating.wait_until(lambda: annotating.painted(CUP.inside)[3] > 0)
    row.get_by_role("combobox", name="Class").select_option(label="leaf")
    classes = {
        item["name"]: item["id"] for item in annotating.server.get("/api/project")["classes"]
    }
    annotating.wait_until(lambda: annotating.image["objects"][0]["class_id"] == classes["leaf"])
    row.get_by_role("button", name="Lock").click()
    annotating.wait_until(lambda: annotating.image["objects"][0]["locked"])
    before = annotating.image["version"]
    annotating.press(".", "g")
    annotating.wait_until(lambda: "locked" in annotating.page.locator(".toasts").inner_text())
    assert annotating.image["version"] == before


def test_images_are_filtered_and_the_doubtful_come_first(annotating: Annotating) -> None:
    annotating.open_photo("cup-2.jpg")
    everything = len(frames(annotating))
    annotating.place_object(CUP.points)
    annotating.accept()
    annotating.open_photo("cup-3.jpg")
    annotating.place_object([(20, 30), (60, 12), (110, 40), (70, 80)])  # table: nothing to find
    annotating.press("Enter")
    annotating.wait_until(lambda: len(annotating.image["objects"]) == 1)
    doubtful = [
        (image["lowest_confidence"], image["path"])
        for image in annotating.server.get("/api/images?limit=500")["images"]
        if image["lowest_confidence"] is not None
    ]
    annotating.page.get_by_role("combobox", name="Order").select_option("confidence")
    annotating.wait_until(lambda: frames(annotating)[0] == min(doubtful)[1])
    annotating.page.get_by_role("combobox", name="Order").select_option("path")
    annotating.page.get_by_role("button", name="Mark done").click()
    annotating.wait_until(lambda: annotating.image["status"] == "done")
    shown = annotating.page.get_by_role("combobox", name="Images shown")
    shown.select_option("done")
    annotating.wait_until(lambda: frames(annotating) == ["cup-3.jpg"])
    annotating.press("r")
    annotating.wait_until(lambda: annotating.image["reviewed_by"] == "Ada")
    shown.select_option("unreviewed")
    annotating.wait_until(lambda: len(frames(annotating)) == everything - 1)
    shown.select_option("all")
    with_class = annotating.page.get_by_role("combobox", name="With class")
    with_class.select_option(index=1)
    annotating.wait_until(lambda: 0 < len(frames(annotating)) < everything)


def test_done_and_next_goes_on(annotating: Annotating) -> None:
    annotating.open_photo("cup-4.jpg")
    annotating.press("Control+Enter")
    name = annotating.page.locator(".image-name")
    annotating.wait_until(lambda: name.inner_text() == "cup-5.jpg")
    annotating.press("PageUp")
    annotating.wait_until(lambda: name.inner_text() == "cup-4.jpg")
    assert annotating.image["status"] == "done"


def test_the_cost_of_an_object_is_shown_and_saved(annotating: Annotating) -> None:
    annotating.open_photo("cup-5.jpg")
    annotating.place_object(CUP.points)
    annotating.accept()
    annotating.press("Shift+S")
    dialog = annotating.page.get_by_role("dialog", name="Progress and cost")
    annotating.wait_until(lambda: "actions per object" in dialog.inner_text())
    assert "Ada" in dialog.inner_text()
    with annotating.page.expect_download() as download:
        dialog.get_by_role("link", name="Save as CSV").click()
    assert download.value.path().read_text().count("\n") > 1
