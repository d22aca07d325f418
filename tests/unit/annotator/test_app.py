"""The application as a whole, against its own description."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

MASK = {"box": [0, 0, 60, 2], "runs": [0, *[1] * 120]}

EXAMPLES = 4
"""For each route, of good and of bad requests; more find more, in more time."""


def test_every_operation_is_described(api: Any) -> None:
    document = api.app.openapi()
    names = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    ]
    assert len(names) == len(set(names)) >= 25
    for path in document["paths"].values():
        for operation in path.values():
            assert "HTTPValidationError" not in str(operation), operation["operationId"]
            assert {"401", "403"} <= set(operation["responses"]) or operation["tags"] == ["access"]


def test_no_documentation_comes_from_elsewhere(api: Any) -> None:
    assert api.get("/docs").status_code == api.get("/redoc").status_code == 404


def test_what_the_description_promises_is_kept(make_api: Any) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="needs the dev extra")
    from schemathesis.checks import not_a_server_error
    from schemathesis.python import asgi
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    api = make_api(hosts=(asgi.HOST,))
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", api.app)
    tried = 0
    statuses: Counter[int] = Counter()

    def answers(case: Any) -> None:
        nonlocal tried
        tried += 1
        if mode is schemathesis.GenerationMode.POSITIVE and "image_id" in case.path_parameters:
            case.path_parameters["image_id"] = 1  # there is one: look further than a 404
        statuses[case.call_and_validate(checks=checks).status_code] += 1

    quick = settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            try:
                quick(given(case=operation.as_strategy(generation_mode=mode))(answers))()
            except Exception as error:
                if type(error).__name__ != "Unsatisfiable":  # nothing about it can be wrong
                    raise
    assert tried > 100
    assert statuses[200] > 10, statuses


def test_large_answers_are_packed_for_networks_only(make_api: Any) -> None:
    rows = [{"id": None, "object": {"mask": MASK, "class_id": 1}} for _ in range(300)]
    make_api().post(
        "/api/images/1/actions", {"version": 1, "action": "add", "changes": rows}
    ).raise_for_status()
    local, team = make_api().get("/api/images/1"), make_api(any_address=True).get("/api/images/1")
    assert "content-encoding" not in local.headers and len(local.content) > 1 << 16
    assert team.headers["content-encoding"] == "gzip"
    assert team.json() == local.json()
    tile = make_api(any_address=True).get("/api/images/1/tiles/0/0/0")
    assert "content-encoding" not in tile.headers
