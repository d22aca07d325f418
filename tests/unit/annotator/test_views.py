from __future__ import annotations

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.annotator.views import detail_view, page_view
from extremecut.projects.project import Project
from extremecut.projects.records import ObjectChange, ObjectFields


def no_problem(content: str) -> None:
    """All photos can be read."""


def test_a_view_is_what_its_type_promises(project: Project) -> None:
    fields = ObjectFields(MaskRuns((0, 0, 2, 1), (0, 2)), ((0.5, 1.0),), 1, confidence=0.75)
    record = project.apply(
        1, version=1, author="ann", action="add", changes=[ObjectChange(None, fields)]
    )
    view = detail_view(record, no_problem)
    # Made without checks for speed, so checked here.
    assert type(view).model_validate(view.model_dump()) == view
    assert view.objects[0].mask.runs == "02" and view.lowest_confidence == 0.75
    page = page_view(project.images(), no_problem)
    assert type(page).model_validate(page.model_dump()) == page
    assert [image.objects for image in page.images] == [1, 0]


def test_a_problem_found_since_is_told(project: Project) -> None:
    record = project.image(1)
    problems = {record.content: "a.png is damaged"}
    assert detail_view(record, problems.get).problem == "a.png is damaged"
    page = page_view(project.images(), problems.get)
    assert [image.problem for image in page.images] == ["a.png is damaged", None]
