"""Every code a room raises has its words: a citizen or an officer never reads a code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.wording import CELLS, CODES, FIELDS
from kernel import errors

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    *("kernel", "directory", "channels", "ticketing", "knowledge", "suggestions"),
    *("bot", "desk", "analytics", "hotline"),
)
# Whose first argument is the code; NotFound's tells what was not found and Invalid's the fields.
BY_CODE = frozenset({"HotlineError", "NotAllowed", "Conflict", "Unavailable"})
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def modules() -> Iterator[ast.Module]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield ast.parse(path.read_text("utf-8"))


def words(node: ast.expr | None, names: dict[str, str]) -> set[str]:
    """The strings an expression may be: a constant, one of two, or a name of the module."""
    match node:
        case ast.Constant(str() as text):
            return {text}
        case ast.IfExp(_, one, other):
            return words(one, names) | words(other, names)
        case ast.Name(name) if name in names:
            return {names[name]}
        case ast.Dict(_, values):
            return {text for value in values for text in words(value, names)}
        case ast.DictComp(value=value):
            return words(value, names)
    return set()


def constants(module: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def callee(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def codes_in(module: ast.Module) -> set[str]:
    """The codes of whole failures."""
    found, names = set[str](), constants(module)
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        if callee(call) in BY_CODE:
            found |= words(call.args[0], names) if call.args else set()
        if callee(call) in {*BY_CODE, "Invalid"}:
            found |= {w for key in call.keywords if key.arg == "code" for w in words(key.value, names)}
    return found


def fields_in(module: ast.Module) -> set[str]:
    """The codes of single fields: in the failure itself, or in the dictionary it is given."""
    found, names = set[str](), constants(module)
    for function in (n for n in ast.walk(module) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)):
        given = set[str]()
        for call in (n for n in ast.walk(function) if isinstance(n, ast.Call) and callee(n) == "Invalid" and n.args):
            found |= words(call.args[0], names)
            if isinstance(call.args[0], ast.Name):
                given.add(call.args[0].id)
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(_is_of(target, given) for target in targets):
                    found |= words(node.value, names)
    return found


def cells_in(module: ast.Module) -> set[str]:
    """The codes of what is wrong with cells: the second argument of ``wrong``, the fourth of a ``Problem``."""
    found, names = set[str](), constants(module)
    if not any(isinstance(node, ast.ImportFrom) and node.module == "kernel.sheets" for node in module.body):
        return found
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        place = {"wrong": 1, "Problem": 3}.get(callee(call))
        if place is not None and len(call.args) > place:
            found |= words(call.args[place], names)
    return found


def _is_of(target: ast.expr, given: set[str]) -> bool:
    root = target.value if isinstance(target, ast.Subscript) else target
    return isinstance(root, ast.Name) and root.id in given


def test_every_code_of_a_failure_has_a_chinese_text() -> None:
    raised = {code for module in modules() for code in codes_in(module)}
    assert len(raised) > 60
    assert sorted(code for code in raised if not CHINESE.search(CODES.get(code, ""))) == []


def test_every_code_of_a_field_has_a_chinese_text() -> None:
    raised = {code for module in modules() for code in fields_in(module)}
    assert len(raised) > 40
    assert sorted(c for c in raised if not CHINESE.search(FIELDS.get(c, CODES.get(c, "")))) == []


def test_every_code_of_a_cell_has_a_chinese_text() -> None:
    told = {code for module in modules() for code in cells_in(module)}
    assert len(told) > 20
    assert sorted(code for code in told if not CHINESE.search(CELLS.get(code, FIELDS.get(code, "")))) == []


def test_every_class_of_failure_is_looked_at() -> None:
    known = {n for n, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.HotlineError)}
    assert known == {*BY_CODE, "Invalid", "NotFound", "NotSignedIn"}


@pytest.mark.parametrize(
    ("line", "codes", "fields"),
    [
        ('raise NotAllowed("not_yours")', {"not_yours"}, set()),
        ('raise Conflict("one" if late else "two", current=1)', {"one", "two"}, set()),
        ("raise Unavailable(DOWN)", {"is_down"}, set()),
        ('raise Invalid({"x": "odd"}, code="x_wrong")', {"x_wrong"}, {"odd"}),
        ('wrong = {"y": "dear" for y in z}; wrong["k"] = "late"; raise Invalid(wrong)', set(), {"dear", "late"}),
        ('raise NotFound("ticket")', set(), set()),
    ],
)
def test_the_collector_sees_how_codes_are_raised(line: str, codes: set[str], fields: set[str]) -> None:
    module = ast.parse(f'DOWN = "is_down"\ndef f():\n    {line}\n')
    assert (codes_in(module), fields_in(module)) == (codes, fields)
