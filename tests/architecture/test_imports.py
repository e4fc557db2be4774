"""Imports point down, through doors, and rules stay pure."""

import ast

import pytest

from tests.architecture.contract import (
    EXCEPTIONS,
    IMPURE,
    IMPURE_KERNEL,
    ROOMS,
    ROOT,
    SDK_HOMES,
    Import,
    all_imports,
    breaches,
    imports_of,
    python_files,
)

IMPORTS = all_imports()


def excepted(each: Import) -> bool:
    return (each.path, each.module) in EXCEPTIONS


def test_rooms_import_only_doors_of_rooms_below() -> None:
    assert [wrong for each in IMPORTS if not excepted(each) and (wrong := breaches(each))] == []


def test_the_checker_finds_a_breach_of_each_kind() -> None:
    assert breaches(Import("knowledge/library.py", "ticketing.tickets", False)) != ""
    assert breaches(Import("bot/assistant.py", "ticketing.store", False)) != ""
    assert breaches(Import("hotline/web.py", "desk.api", False)) != ""
    assert breaches(Import("channels/intake.py", "directory.lookup", False)) != ""
    assert breaches(Import("bot/assistant.py", "ticketing.tickets", False)) == ""


def test_nothing_in_the_kernel_imports_a_room() -> None:
    assert [e for e in IMPORTS if e.room == "kernel" and e.target in ROOMS and e.target != "kernel"] == []


def test_rules_are_pure() -> None:
    wrong = []
    for each in IMPORTS:
        if "/rules/" not in each.path:
            continue
        kernel_part = each.module.split(".")[1] if each.module.startswith("kernel.") else ""
        own_part = each.module.split(".")[1] if each.target == each.room and "." in each.module else ""
        impure = each.target in IMPURE or kernel_part in IMPURE_KERNEL
        if impure or (own_part and own_part not in {"model", "rules", "events"}):
            wrong.append(f"{each.path} imports {each.module}")
    assert wrong == []


def test_models_and_events_import_only_values() -> None:
    wrong = [
        f"{e.path} imports {e.module}"
        for e in IMPORTS
        if ("/model/" in e.path or e.path.endswith(("/model.py", "/events.py")))
        and (e.target in IMPURE or (e.module.startswith("kernel.") and e.module.split(".")[1] in IMPURE_KERNEL))
    ]
    assert wrong == []


@pytest.mark.parametrize("sdk", sorted(SDK_HOMES))
def test_an_sdk_is_used_only_in_its_home(sdk: str) -> None:
    assert [e.path for e in IMPORTS if e.target == sdk and not e.path.startswith(SDK_HOMES[sdk])] == []


def test_adapters_are_imported_by_registry_room_and_adapters_only() -> None:
    wrong = [
        f"{e.path} imports {e.module}"
        for e in IMPORTS
        if ".adapters." in e.module
        and "/adapters/" not in e.path
        and not e.path.endswith(("/registry.py", "/room.py"))
        and e.room != "hotline"
    ]
    assert wrong == []


def test_the_sandbox_shares_no_code_with_the_adapters() -> None:
    wrong = [e.module for e in IMPORTS if e.path.startswith("channels/sandbox/") and ".adapters" in e.module]
    assert wrong == []


def test_package_inits_hold_a_docstring_only() -> None:
    wrong = []
    for path in python_files(*ROOMS):
        if path.name == "__init__.py":
            body = ast.parse(path.read_text("utf-8")).body
            if len(body) != 1 or not isinstance(body[0], ast.Expr):
                wrong.append(path.relative_to(ROOT).as_posix())
    assert wrong == []


def test_no_import_hides_inside_a_function() -> None:
    assert [f"{e.path}: {e.module}" for e in IMPORTS if e.inside_function and not excepted(e)] == []


def test_no_module_is_in_an_import_cycle() -> None:
    graph: dict[str, set[str]] = {}
    for path in python_files(*ROOMS):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        graph[name] = {e.module for e in imports_of(path) if e.target in ROOMS}
    done: set[str] = set()

    def walk(node: str, trail: tuple[str, ...]) -> None:
        assert node not in trail, f"cycle: {' → '.join((*trail[trail.index(node) :], node))}"
        if node in done:
            return
        for below in sorted(graph.get(node, ())):
            walk(below, (*trail, node))
        done.add(node)

    for module in sorted(graph):
        walk(module, ())


def test_every_module_says_its_purpose() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in python_files(*ROOMS)
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_no_module_has_a_vague_name() -> None:
    vague = {"utils", "helpers", "common", "manager", "base", "misc"}
    assert [p.name for p in python_files(*ROOMS) if p.stem in vague] == []


def test_no_city_is_named_in_code() -> None:
    districts = [line.split(",")[1] for line in (ROOT / "cities/foshan/areas.csv").read_text("utf-8").splitlines()[1:7]]
    names = {"佛山", "foshan", "Foshan", *(d.removesuffix("区").removesuffix("市") for d in districts)}
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path in python_files(*ROOMS)
        for name in names
        if name in path.read_text("utf-8")
    ]
    assert wrong == []
