"""For hands on the keyboard, for screen readers, for both colour schemes, for a small screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from annotating import CUP, Annotating

CONTROLS = {
    "button", "combobox", "slider", "textbox", "radio", "checkbox", "spinbutton", "link",
    "menuitem", "searchbox", "switch", "tab", "listbox", "application", "dialog", "progressbar",
    "toolbar", "radiogroup",
}  # fmt: skip

COLORS = """
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => {
      const s = v / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const painter = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    painter.clearRect(0, 0, 1, 1);
    painter.fillStyle = color;
    painter.fillRect(0, 0, 1, 1);
    return [...painter.getImageData(0, 0, 1, 1).data];
  };
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] > 250) return color.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const below = background(element);
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) opacity *= getComputedStyle(at).opacity;
    const own = rgba(getComputedStyle(element).color).slice(0, 3);
    const seen = own.map((part, i) => opacity * part + (1 - opacity) * below[i]);
    const [a, b] = [seen, below].map(luminance);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
"""

CONTRASTS = (
    "() => {"
    + COLORS
    + """
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || !element.checkVisibility({ opacityProperty: true })) continue;
    if (element.closest("[aria-disabled=true], :disabled, option, noscript")) continue;
    const ratio = contrast(element);
    const text = `${node.textContent.trim()} (${element.className})`;
    if (ratio < 4.5) found.push(`${ratio.toFixed(1)}: ${text}`);
  }
  return found;
}"""
)


def nameless(annotating: Annotating) -> list[str]:
    """Controls of the accessibility tree that have no name."""
    client = annotating.page.context.new_cdp_session(annotating.page)
    nodes = client.send("Accessibility.getFullAXTree")["nodes"]
    client.detach()
    found = []
    for node in nodes:
        role = node.get("role", {}).get("value")
        name = str(node.get("name", {}).get("value", "")).strip()
        if not node["ignored"] and role in CONTROLS and not name:
            found.append(f"{role}: {node.get('properties')}")
    assert sum(not node["ignored"] for node in nodes) > 10  # a small dialog has few
    return found


def test_all_controls_have_names(annotating: Annotating) -> None:
    annotating.open_photo("cup-0.jpg")
    assert nameless(annotating) == []
    annotating.place_object(CUP.points)
    annotating.accept()
    annotating.press(".")
    assert nameless(annotating) == []
    for key in ("b", "o"):
        annotating.press(key)
        assert nameless(annotating) == []
    for name in ("Menu", "Display"):
        annotating.page.get_by_role("button", name=name, exact=True).click()
        assert nameless(annotating) == []
        annotating.press("Escape")
    for key, title in (
        ("?", "Keys"), ("Shift+E", "Export"), ("Shift+I", "Import"), ("Shift+A", "Your name"),
        ("Shift+S", "Progress and cost"),
    ):  # fmt: skip
        annotating.press(key)
        annotating.page.get_by_role("dialog", name=title).wait_for()
        assert nameless(annotating) == []
        annotating.press("Escape")
        annotating.page.get_by_role("dialog", name=title).wait_for(state="hidden")


def test_the_help_names_every_key(annotating: Annotating) -> None:
    annotating.press("?")
    text = annotating.page.get_by_role("dialog", name="Keys").inner_text()
    for words in (
        "Accept the object", "Undo", "Fill holes", "Grow by one pixel", "Next image", "Zoom in",
        "Export", "Move left", "touched vertex", "paint straight on", "Pan sideways", "Right drag",
        "Select one object more", "On a class: rename it", "along the border: redraw it",
    ):  # fmt: skip
        assert words in text


def test_everything_but_pointing_goes_by_keys(annotating: Annotating) -> None:
    annotating.open_photo("cup-1.jpg")
    annotating.place_object(CUP.points)
    annotating.page.mouse.move(5, 5)  # the mouse is put away
    annotating.accept()
    annotating.press(".", "g")
    annotating.wait_until(lambda: annotating.image["undo_label"] == "Grow")
    annotating.press("Control+z", "h")
    annotating.wait_until(lambda: not annotating.image["objects"][0]["visible"])
    annotating.press("h", "Shift+L")
    annotating.wait_until(lambda: annotating.image["objects"][0]["locked"])
    annotating.press("Shift+L")
    zoom = annotating.page.locator("output.zoom")
    before = zoom.inner_text()
    annotating.press("+", "ArrowLeft", "Shift+ArrowUp")
    annotating.wait_until(lambda: zoom.inner_text() != before)
    annotating.press("z", "t")
    annotating.wait_until(lambda: zoom.inner_text() == before)
    annotating.press("r")
    annotating.wait_until(lambda: annotating.image["reviewed_by"] is not None)
    annotating.press("d")
    name = annotating.page.locator(".image-name")
    annotating.wait_until(lambda: name.inner_text() == "cup-2.jpg")


def test_tab_reaches_the_controls_and_shows_where_it_is(annotating: Annotating) -> None:
    reached = set()
    for _ in range(25):
        annotating.press("Tab")
        reached.add(
            annotating.page.evaluate(
                "document.activeElement.getAttribute('aria-label') ?? "
                "document.activeElement.textContent"
            )
        )
    assert len(reached) > 12
    outline = annotating.page.evaluate(
        "(({ outlineStyle, boxShadow }) => outlineStyle !== 'none' || boxShadow !== 'none')"
        "(getComputedStyle(document.activeElement))"
    )
    assert outline


def test_the_keyboard_stays_with_a_class_that_it_chose(annotating: Annotating) -> None:
    page = annotating.page
    annotating.press("Shift+C")
    page.keyboard.type("spoon")
    annotating.press("Enter")
    spoon = page.get_by_role("radio", name="spoon")
    spoon.wait_for()
    annotating.wait_until(lambda: spoon.get_attribute("aria-checked") == "true")
    first = page.get_by_role("radio").first
    focused = "document.activeElement.textContent"
    spoon.focus()
    zoom = page.locator(".zoom").inner_text()
    annotating.press("ArrowDown")
    assert page.evaluate(focused) == first.inner_text()
    annotating.press("Enter")
    annotating.wait_until(lambda: first.get_attribute("aria-checked") == "true")
    assert page.evaluate(focused) == first.inner_text()
    assert page.locator(".zoom").inner_text() == zoom
    annotating.press("ArrowUp", "Tab", "Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "Remove spoon"
    annotating.press("Enter")
    spoon.wait_for(state="detached")
    assert page.evaluate("document.activeElement.className") == "canvas"


def test_what_is_chosen_is_seen_in_the_colours_of_the_system(annotating: Annotating) -> None:
    annotating.open_photo("cup-0.jpg")
    annotating.page.emulate_media(forced_colors="active")
    annotating.press("b")
    look = """(element) => {
        const { backgroundColor, outlineStyle } = getComputedStyle(element);
        return [backgroundColor, outlineStyle];
    }"""

    def looks(selector: str) -> list[str]:
        return annotating.page.locator(selector).first.evaluate(look)

    annotating.wait_until(
        lambda: looks(".rail [aria-pressed=true]") != looks(".rail [aria-pressed=false]")
    )
    current, other = ".frame[aria-current=true]", ".frame[aria-current=false]"
    assert looks(f"{current} .frame-picture") != looks(f"{other} .frame-picture")
    assert looks(".class-row.chosen")[1] != "none"
    done = annotating.page.locator(".status").first
    done.evaluate("(dot) => dot.dataset.status = 'new'")
    before = done.evaluate(look)
    done.evaluate("(dot) => dot.dataset.status = 'done'")
    assert done.evaluate(look) != before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_both_colour_schemes(
    new_page: Callable[..., Annotating], scheme: str
) -> None:
    annotating = new_page(color_scheme=scheme)
    annotating.open_photo("cup-3.jpg")
    annotating.place_object(CUP.points)
    annotating.accept()
    annotating.press(".")
    dark = annotating.page.evaluate(
        "getComputedStyle(document.querySelector('.top')).backgroundColor"
    )
    numbers = [float(part) for part in dark[dark.index("(") + 1 : -1].replace(",", " ").split()[:3]]
    assert (sum(numbers) < 3 * 128) == (scheme == "dark")
    assert annotating.page.evaluate(CONTRASTS) == []
    annotating.press("?")
    assert annotating.page.evaluate(CONTRASTS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signs_in_rows_stand_out_without_the_pointer(
    new_page: Callable[..., Annotating], scheme: str
) -> None:
    annotating = new_page(color_scheme=scheme)
    annotating.open_photo("cup-5.jpg")
    annotating.place_object(CUP.points)
    annotating.accept()
    annotating.press("Escape")
    annotating.page.mouse.move(5, 5)
    signs = annotating.page.locator(".object-row:not(.chosen) .icon-button")
    annotating.wait_until(lambda: signs.count() >= 2)
    ratios = signs.evaluate_all(
        "(signs) => {" + COLORS + "return signs.map((sign) => contrast(sign)); }"
    )
    assert min(ratios) >= 3


def test_a_small_screen_shows_it_all(annotating: Annotating) -> None:
    annotating.open_photo("cup-4.jpg")
    annotating.place_object(CUP.points)
    annotating.accept()
    annotating.press(".", "b")
    sizes = annotating.page.evaluate(
        "(({ scrollWidth, scrollHeight }) => [scrollWidth, scrollHeight])(document.documentElement)"
    )
    assert sizes[0] <= 1280 and sizes[1] <= 720
    outside = annotating.page.evaluate(
        """() => [...document.querySelectorAll("button, select, input")]
            .filter((control) => control.checkVisibility())
            .map((control) => [control.getAttribute("aria-label") ?? control.textContent,
                control.getBoundingClientRect()])
            .filter(([, box]) => box.right > 1281 || box.bottom > 721 || box.left < -1)
            .map(([name]) => name)"""
    )
    assert outside == []
    box = annotating.page.locator(".canvas").bounding_box()
    assert box is not None
    assert box["width"] * box["height"] > 0.5 * 1280 * 720
