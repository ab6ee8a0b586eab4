"""The OpenAPI document and its page, which needs nothing from the network."""

from importlib.resources import files
from typing import Any, Final

from litestar import Response, Router, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.params import FromPath

from app import __version__
from app.api.caller import COMPONENTS
from app.api.problems import AnyRequest
from app.api.shapes import Document, StructShapes
from app.errors import RequestRefused

PATH: Final = "/schema"
_SWAGGER_FILES: Final = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Spunta API</title>
<link rel="icon" href="/schema/assets/favicon-32x32.png">
<link rel="stylesheet" href="/schema/assets/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="/schema/assets/swagger-ui-bundle.js"></script>
<script src="/schema/assets/start.js"></script>
</body>
</html>
"""
_START: Final = """SwaggerUIBundle({
  url: "/schema/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null
});
"""


class SwaggerPage(OpenAPIRenderPlugin):
    """Swagger UI from files of an installed package."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002  # the framework's signature
        """The page, the same for every request."""
        return _PAGE.encode()

    def receive_router(self, router: Router) -> None:
        """Serve the page's scripts and styles beside it."""
        router.register(asset)


@get("/assets/{name:str}", include_in_schema=False, sync_to_thread=True)
def asset(name: FromPath[str]) -> Response[bytes]:
    """A file of the page."""
    if name == "start.js":
        return _asset(_START.encode(), "text/javascript")
    if name not in _SWAGGER_FILES:
        raise RequestRefused("not_found", "No resource of the service has this address.")
    return _asset((files("swagger_ui") / "static" / name).read_bytes(), _SWAGGER_FILES[name])


def _asset(content: bytes, media_type: str) -> Response[bytes]:
    return Response(content, media_type=media_type, headers={"Cache-Control": "public, max-age=86400"})


def openapi(shapes: StructShapes) -> OpenAPIConfig:
    """The configuration of the document and its page."""
    return OpenAPIConfig(
        title="Spunta",
        version=__version__,
        summary="Reads invoices, shows where every value stands, and checks them.",
        path=PATH,
        components=COMPONENTS,
        render_plugins=[Document(shapes), SwaggerPage()],
        use_handler_docstrings=True,
    )
