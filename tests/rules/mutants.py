"""Small wrong changes to the rules, to see whether the tables of cases notice them.

A mutant is one changed operator, constant, branch or yield of one function, put in place by swapping the function's
code; and one changed limit of a rule (severity, countries, dates, condition).
"""

import ast
import copy
import datetime as dt
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import msgspec

import rules
from app.validation import Rule, Severity

SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Mod: ast.Mult, ast.And: ast.Or, ast.Or: ast.And, ast.BitOr: ast.BitAnd,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
OFFICIAL = "rules.official"
"""Holds no rule of ours, and cannot be imported without its extra."""
Mutant = tuple[str, Callable[[], None], Callable[[], None]]
"""What was changed, how to put it in place, how to take it back."""


def modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(rules.__path__, "rules.")
    return [importlib.import_module(one.name) for one in found if one.name != OFFICIAL]


def of_functions(module: ModuleType) -> Iterator[Mutant]:
    """Mutants of each function of a module."""
    tree = ast.parse(Path(module.__file__ or "").read_text())
    for position, statement in enumerate(tree.body):
        if not isinstance(statement, ast.FunctionDef):
            continue
        function = _live(module, statement.name)
        for label, changed in _changed(statement):
            mutated = copy.copy(tree)
            mutated.body = [*tree.body]
            mutated.body[position] = changed
            ast.fix_missing_locations(mutated)
            code = _code_of(compile(mutated, module.__file__ or "", "exec"), statement.name)
            yield f"{module.__name__}.{statement.name}: {label}", *_swap(function, code)


def forget(module: ModuleType) -> None:
    """Empty the caches of a module's functions."""
    for value in vars(module).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


def of_limits(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """A rule with one of its limits changed."""
    day = dt.timedelta(days=1)
    changes: dict[str, Any] = {
        "severity": Severity.INFO if rule.severity is not Severity.INFO else Severity.ERROR,
    }
    if rule.when is not None:
        changes["when"] = None
    if rule.countries:
        changes["countries"] = frozenset(("XX",))
    if rule.since is not None:
        changes["since"] = rule.since + day
        changes["since "] = rule.since - day
    for name, value in changes.items():
        yield f"{rule.code} {name}", msgspec.structs.replace(rule, **{name.strip(): value})


def _live(module: ModuleType, name: str) -> FunctionType:
    value = getattr(module, name)
    function = value.check if isinstance(value, Rule) else value
    return getattr(function, "__wrapped__", function)


def _swap(function: FunctionType, code: CodeType) -> tuple[Callable[[], None], Callable[[], None]]:
    original = function.__code__
    return lambda: setattr(function, "__code__", code), lambda: setattr(function, "__code__", original)


def _code_of(code: CodeType, name: str) -> CodeType:
    return next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name)


def _changed(function: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The function with one node changed, again and again."""
    nodes = [node for statement in function.body[_start(function) :] for node in ast.walk(statement)]
    for index, node in enumerate(nodes):
        for label, change in _changes(node):
            fresh = copy.deepcopy(function)
            again = [one for statement in fresh.body[_start(fresh) :] for one in ast.walk(statement)]
            change(again[index])
            yield f"{ast.unparse(node)}: {label}", fresh


def _start(function: ast.FunctionDef) -> int:
    return 1 if ast.get_docstring(function) else 0


def _changes(  # noqa: C901, PLR0912  # one case for each kind of change
    node: ast.AST,
) -> Iterator[tuple[str, Callable[[Any], None]]]:
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                if swap := SWAPS.get(type(operator)):
                    yield f"{type(operator).__name__} → {swap.__name__}", _set_op(at, swap)
        case ast.BinOp() | ast.BoolOp() | ast.AugAssign():
            if swap := SWAPS.get(type(node.op)):
                yield f"{type(node.op).__name__} → {swap.__name__}", lambda one: setattr(one, "op", swap())
        case ast.UnaryOp(op=ast.Not()):
            yield (
                "not x → not not x",
                lambda one: setattr(one, "operand", ast.UnaryOp(ast.Not(), one.operand)),
            )
        case ast.UnaryOp(op=ast.USub()):
            yield "-x → +x", lambda one: setattr(one, "op", ast.UAdd())
        case ast.IfExp():
            yield "a if c else b → b if c else a", _swap_branches
        case ast.Call(func=ast.Name(id=name)) if name in NAMES:
            yield f"{name} → {NAMES[name]}", lambda one: setattr(one.func, "id", NAMES[name])
        case ast.Expr(value=ast.Yield()):
            yield "yield removed", lambda one: setattr(one, "value", ast.Constant(None))
        case ast.Constant(value=bool()):
            yield f"{node.value} → {not node.value}", lambda one: setattr(one, "value", not one.value)
        case ast.Constant(value=int()):
            yield f"{node.value} → {node.value + 1}", lambda one: setattr(one, "value", one.value + 1)
        case ast.Constant(value=str()):
            yield f"{node.value!r} → another text", lambda one: setattr(one, "value", "another text")


def _set_op(at: int, swap: type) -> Callable[[Any], None]:
    def change(one: Any) -> None:
        one.ops[at] = swap()

    return change


def _swap_branches(one: Any) -> None:
    one.body, one.orelse = one.orelse, one.body
