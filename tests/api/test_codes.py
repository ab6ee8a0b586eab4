"""Every code that is raised anywhere has its status and its title."""

import ast

from app.api.problems import PROBLEMS


def raised(tree):
    """Codes in `RequestRefused("code", …)` and in calls of what derives from it by that name."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "RequestRefused" and call.args:
            code = call.args[0]
            if isinstance(code, ast.Constant):
                yield code.value


def test_every_refusal_has_a_status(root):
    codes = {
        code
        for path in sorted((root / "app").rglob("*.py"))
        for code in raised(ast.parse(path.read_text("utf-8")))
    }
    assert len(codes) > 15
    assert codes - set(PROBLEMS) == set()
