"""The page that describes the HTTP API, made from the OpenAPI document; no script, offline."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

STYLE = """\
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h3, code { font-family: ui-monospace, monospace; }
h3 { margin: 2rem 0 0; font-size: 1rem; }
h3 b { display: inline-block; min-width: 4rem; }
table { border-collapse: collapse; margin: .5rem 0; }
td { padding: .15rem 1rem .15rem 0; vertical-align: top; }
p { margin: .25rem 0; }
"""


@router.get("/api/docs")
def reference(request: Request) -> HTMLResponse:
    """For people; programs read `/api/openapi.json`."""
    return HTMLResponse(page_of(request.app.openapi()))


@router.get("/api/docs.css")
def style() -> Response:
    return Response(STYLE, media_type="text/css")


def page_of(document: dict[str, Any]) -> str:
    """An OpenAPI 3.1 document as HTML."""
    info = document["info"]
    title = f"{info['title']} {info['version']}: HTTP API"
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        f"<title>{escape(title)}</title><link rel='stylesheet' href='/api/docs.css'></head><body>",
        f"<h1>{escape(title)}</h1><p>{escape(info.get('description', ''))}</p>",
        "<p>For programs: <a href='/api/openapi.json'>/api/openapi.json</a></p>",
    ]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parts += _operation(method, path, operation)
    parts.append("<h2>Types</h2>")
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        parts += _type(name, schema)
    return "\n".join([*parts, "</body></html>"])


def _operation(method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"<h3><b>{method.upper()}</b> {escape(path)}</h3>"
    yield f"<p>{escape(operation.get('description') or operation.get('summary', ''))}</p><table>"
    for parameter in operation.get("parameters", []):
        yield _row(
            parameter["name"],
            f"{parameter['in']}, {_kind(parameter.get('schema', {}))}",
            parameter.get("description") or parameter.get("schema", {}).get("description", ""),
        )
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield _row("body", _kind(content.get("schema", {})), kind)
    for status, response in operation["responses"].items():
        kinds = [
            _kind(content.get("schema", {})) for content in response.get("content", {}).values()
        ]
        yield _row(status, ", ".join(kinds), response.get("description", ""))
    yield "</table>"


def _type(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"<h3 id='{escape(name)}'>{escape(name)}</h3>"
    yield f"<p>{escape(schema.get('description', ''))}</p><table>"
    required = schema.get("required", [])
    for field, content in schema.get("properties", {}).items():
        kind = _kind(content) + ("" if field in required else ", may be left out")
        yield _row(field, kind, content.get("description", ""))
    yield "</table>"


def _row(name: str, kind: str, about: str) -> str:
    return f"<tr><td><code>{escape(name)}</code></td><td>{kind}</td><td>{escape(about)}</td></tr>"


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words, as HTML."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f"<a href='#{name}'>{name}</a>"
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"])
    if "enum" in schema:
        return escape(" | ".join(map(str, schema["enum"])))
    if schema.get("type") == "array":
        if "prefixItems" in schema:
            return f"[{', '.join(_kind(part) for part in schema['prefixItems'])}]"
        return f"list of {_kind(schema.get('items', {}))}"
    return escape(str(schema.get("type", "any")))
