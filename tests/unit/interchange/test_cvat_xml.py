from __future__ import annotations

import pytest

from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage
from extremecut.interchange.cvat_xml import image_xml, parsed, start_xml

LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE annotations [
<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">
]>
<annotations><image name="&c;" width="1" height="1"/></annotations>"""
OUTSIDE = """<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<annotations><image name="&x;" width="1" height="1"/></annotations>"""


@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE, '<!DOCTYPE a SYSTEM "http://x/"><annotations/>'])
def test_entities_and_document_types_are_refused(text: str) -> None:
    with pytest.raises(DataError, match="here declares a document type or entities"):
        parsed(text.encode(), "here")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not XML"),
        ("<annotations>", "not XML"),
        ("<annotations>&unknown;</annotations>", "not XML"),
        ('<?xml version="1.0" encoding="nonsense"?><annotations/>', "not XML"),
        ("<other/>", "must begin with <annotations>"),
        ("<annotations>" + "<a>" * 50, "nested too deeply"),
        ("<annotations><image/></annotations>", "line 1: name must be a file name"),
        ("<annotations><track/></annotations>", "tracks of a video"),
    ],
)
def test_what_is_no_file_of_cvat_is_refused(text: str, message: str) -> None:
    with pytest.raises(DataError, match=f"here.*{message}"):
        parsed(text.encode(), "here")


def test_labels_and_images_are_found_with_their_lines() -> None:
    text = (
        "<annotations><meta><task><labels><label><name>a&amp;b</name><attributes><attribute>"
        "<name>size</name></attribute></attributes></label></labels></task></meta>\n"
        '<image name="x.jpg" width="3" height="2"><polygon label="a" points="1,2">\n'
        '<attribute name="size">1</attribute></polygon></image></annotations>'
    )
    labels, (image,) = parsed(text.encode(), "here")
    assert labels == ["a&b"]
    assert (image.name, image.width, image.height, image.line) == ("x.jpg", "3", "2", 2)
    assert [(shape.kind, shape.values) for shape in image.shapes] == [
        ("polygon", {"label": "a", "points": "1,2"})
    ]


def test_names_that_xml_cannot_hold_are_refused() -> None:
    with pytest.raises(DataError, match="XML cannot hold the photo's name"):
        image_xml(0, AnnotatedImage("a\x01.jpg", (1, 1), ()), [])


@pytest.mark.parametrize("name", ["at 3.45\u202fPM.png", "a\u200db.jpg", "a\tb\nc\rd.jpg"])
def test_names_with_letters_that_cannot_be_seen_come_back(name: str) -> None:
    text = start_xml(()) + image_xml(0, AnnotatedImage(name, (1, 1), ()), []) + b"</annotations>"
    _, (image,) = parsed(text, "here")
    assert image.name == name
