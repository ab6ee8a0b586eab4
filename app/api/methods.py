"""Which methods an address has, for `Allow`."""

from http import HTTPMethod

from litestar import Litestar
from litestar.enums import HttpMethod
from litestar.exceptions import MethodNotAllowedException, NotFoundException


def allowed_methods(app: Litestar, path: str) -> str:
    """The methods of a path, separated by commas; empty when there is nothing."""
    return ", ".join(method for method in HTTPMethod if has_method(app, path, _meant(method)))


def _meant(method: HTTPMethod) -> HTTPMethod:
    """HEAD is there wherever GET is."""
    return HTTPMethod.GET if method is HTTPMethod.HEAD else method


def has_method(app: Litestar, path: str, method: HTTPMethod | HttpMethod) -> bool:
    """Whether a path has a method of its own."""
    try:
        app.asgi_router.handle_routing(path=path, method=method.value)
    except (MethodNotAllowedException, NotFoundException, KeyError):
        return False
    return True
