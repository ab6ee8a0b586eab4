"""Which methods an address has, for `Allow`."""

from http import HTTPMethod

from litestar import Litestar
from litestar.exceptions import MethodNotAllowedException, NotFoundException


def allowed_methods(app: Litestar, path: str) -> str:
    """The methods of a path, separated by commas; empty when there is nothing."""
    return ", ".join(method for method in HTTPMethod if _exists(app, path, method))


def _exists(app: Litestar, path: str, method: HTTPMethod) -> bool:
    try:
        app.asgi_router.handle_routing(path=path, method=method.value)
    except (MethodNotAllowedException, NotFoundException, KeyError):
        return False
    return True
