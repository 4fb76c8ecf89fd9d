# SPDX-License-Identifier: Apache-2.0
"""Writes packages/laurel/docs/api.md: what laurel promises to callers, in the words of its own docstrings.

Nothing is imported: the source is read, and a name that a package passes on is followed to where it stands.
"""

import ast
import inspect
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "packages/laurel/src"
PAGE = ROOT / "packages/laurel/docs/api.md"
# What is promised, in the order in which people meet it. Everything else may change without notice.
PUBLIC = (
    "laurel.issue",
    "laurel.verify",
    "laurel.verify.material",
    "laurel.verify.memory",
    "laurel.verify.nonces",
    "laurel.present",
    "laurel.fetch",
    "laurel.errors",
    "laurel.proof.keys",
    "laurel.proof.sd_jwt",
    "laurel.proof.ecdsa_sd_2023",
    "laurel.proof.vc_cose",
    "laurel.did",
    "laurel.did.key",
    "laurel.did.jwk",
    "laurel.did.web",
    "laurel.status.bitstring",
    "laurel.status.token",
    "laurel.formats.baking",
    "laurel.formats.open_badges_3",
    "laurel.model",
    "laurel.model.timestamp",
    "laurel.jsonld.contexts",
    "laurel.strictjson",
    "laurel.tiers",
    "laurel.guard",
)
# Methods that people call without their names.
OPERATORS = ("__new__", "__init__", "__call__", "__getitem__", "__add__")
INTRODUCTION = """# The public names of laurel

Written by `tools/api_reference.py` out of the docstrings; do not edit it by hand. A name that is not here, or
that begins with `_`, may change without notice. `Spec:` names the rule that is kept there; the documents are
listed in [docs/specs.toml](../../../docs/specs.toml).
"""
Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


@dataclass(frozen=True)
class Found:
    """One public name: where it was promised, where it stands, and what stands there.

    `said` is the docstring of a class or function, and what is written at a value: before it with `#:`, or as
    a text after it.
    """

    module: str
    name: str
    node: Definition
    said: str


def main() -> int:
    """Write the page; return 1 where a public name says nothing about itself."""
    PAGE.write_text(page(), encoding="utf-8")
    mute = undocumented()
    for name in mute:
        print(f"{name} has no docstring.")
    print(f"{sum(len(names(module)) for module in PUBLIC)} public names in {len(PUBLIC)} modules")
    return int(bool(mute))


def page() -> str:
    """Return the whole page."""
    contents = [f"* [`{module}`](#{module.replace('.', '')}): {headline(module)}" for module in PUBLIC]
    whole = "\n".join([INTRODUCTION, *contents, "", *(section(module) for module in PUBLIC)])
    return re.sub(r"\n{3,}", "\n\n", whole).rstrip() + "\n"


def headline(module: str) -> str:
    """Return the first sentence of a module."""
    return (ast.get_docstring(tree(module)) or "").partition("\n\n")[0].replace("\n", " ")


def section(module: str) -> str:
    """Return what the page says of a module: its docstring, its values, its classes and functions."""
    found = [find(module, name) for name in names(module)]
    values = [each for each in found if isinstance(each.node, ast.Assign | ast.AnnAssign)]
    rest = [each for each in found if isinstance(each.node, ast.ClassDef | ast.FunctionDef)]
    lines = [f"## {module}", "", prose(ast.get_docstring(tree(module)) or ""), ""]
    for each in values:
        spelled = ast.unparse(each.node)
        lines += [block(spelled if len(spelled) < 400 else f"{each.name} = …"), "", each.said, ""]
    for each in sorted(rest, key=lambda each: isinstance(each.node, ast.FunctionDef)):
        lines += [f"### {each.name}", "", *described(each.node), ""]
    return "\n".join(lines)


def described(node: Definition) -> list[str]:
    """Return the lines on a class, with its public members, or on a function."""
    said = prose(ast.get_docstring(node) or "") if isinstance(node, ast.ClassDef | ast.FunctionDef) else ""
    if isinstance(node, ast.FunctionDef):
        return [block(signature(node)), "", said]
    assert isinstance(node, ast.ClassDef)
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    lines = [block(f"class {node.name}({bases})" if bases else f"class {node.name}"), "", said, ""]
    if fields := [ast.unparse(each) for each in node.body if is_field(each)]:
        lines += [block("\n".join(fields)), ""]
    for method in methods(node):
        lines += [block(signature(method)), "", prose(ast.get_docstring(method) or ""), ""]
    return lines[:-1]


def is_field(node: ast.stmt) -> bool:
    """Tell whether this is a public field of a class, or a member of an enumeration."""
    target = node.target if isinstance(node, ast.AnnAssign) else None
    if isinstance(node, ast.Assign):
        target = node.targets[0]
    return isinstance(target, ast.Name) and not target.id.startswith("_")


def methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    """Return the public methods and properties of a class, how it is made, and what operators do with it."""
    found = [each for each in node.body if isinstance(each, ast.FunctionDef)]
    return [each for each in found if not each.name.startswith("_") or each.name in OPERATORS]


def signature(node: ast.FunctionDef) -> str:
    """Return a function as one would write it, a line for each argument where one line is too short."""
    marks = [f"@{ast.unparse(mark)}\n" for mark in node.decorator_list if ast.unparse(mark) != "cache"]
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    whole = f"def {node.name}({ast.unparse(node.args)}){result}"
    if len(whole) > 110:
        given = node.args
        places = [*given.posonlyargs, *given.args]
        defaults = [None] * (len(places) - len(given.defaults)) + given.defaults
        lines = [spelled(place, default) for place, default in zip(places, defaults, strict=True)]
        if given.vararg or given.kwonlyargs:
            lines.append(f"*{ast.unparse(given.vararg) if given.vararg else ''}")
        lines += [spelled(*pair) for pair in zip(given.kwonlyargs, given.kw_defaults, strict=True)]
        whole = f"def {node.name}(\n" + "".join(f"    {line},\n" for line in lines) + f"){result}"
    return "".join(marks) + whole


def spelled(place: ast.arg, default: ast.expr | None) -> str:
    """Return one argument with its kind and default."""
    return ast.unparse(place) + (f" = {ast.unparse(default)}" if default is not None else "")


def block(code: str) -> str:
    """Return a block of Python."""
    return f"```python\n{code}\n```"


def prose(docstring: str) -> str:
    """Return a docstring as Markdown: the lists of arguments and of exceptions keep their shape."""
    said, lines = [], inspect.cleandoc(docstring).splitlines()
    in_list = False
    for line in lines:
        if line in ("Args:", "Raises:"):
            in_list = True
            said += ["", f"*{'Arguments' if line == 'Args:' else 'Raises'}*", ""]
        elif in_list and line.startswith("    ") and not line.startswith("     "):
            name, colon, rest = line.strip().partition(":")
            said.append(f"* `{name}`:{rest}" if colon else f"* {name}")
        elif in_list and line.startswith("     "):
            said.append(f"  {line.strip()}")
        else:
            in_list = False
            said += [""] if line.startswith("Spec:") and said and said[-1] else []
            said.append(line)
    return "\n".join(said)


def names(module: str) -> list[str]:
    """Return the names in a module's `__all__`."""
    for node in tree(module).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return sorted(ast.literal_eval(node.value), key=lambda name: (not name.isupper(), name.lower()))
    raise LookupError(f"{module} does not say what of it is public: it has no __all__.")


def find(module: str, name: str) -> Found:
    """Return what stands behind a public name, here or where this module has it from."""
    text, here = path(module).read_text(encoding="utf-8").splitlines(), tree(module).body
    for place, node in enumerate(here):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            return Found(module, name, node, ast.get_docstring(node) or "")
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name) and target.id == name:
                return Found(module, name, node, value_text(text, here, place))
    for node in imports(here):
        for alias in node.names:
            if (alias.asname or alias.name) == name:
                return find(str(node.module), alias.name)
    raise LookupError(f"{module} promises {name} and does not have it.")


def imports(body: list[ast.stmt]) -> list[ast.ImportFrom]:
    """Return the imports of names, those for type checkers too: of names that are loaded late."""
    found: list[ast.ImportFrom] = []
    for node in body:
        if isinstance(node, ast.ImportFrom):
            found.append(node)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            found += imports(node.body)
    return found


def value_text(text: list[str], body: list[ast.stmt], place: int) -> str:
    """Return what is written at a value: after it as a text, or before it behind `#:`."""
    match body[place + 1 : place + 2]:
        case [ast.Expr(value=ast.Constant(value=str(said)))]:
            return inspect.cleandoc(said)
    first, found = body[place].lineno - 2, []
    while text[first].startswith("#"):
        found.append(text[first].lstrip("#: "))
        first -= 1
    return "\n".join(reversed(found)) if text[first + 1].startswith("#:") else ""


def undocumented() -> list[str]:
    """Return the public classes, functions, methods and properties without a docstring."""
    named: dict[str, Definition] = {}
    for module in PUBLIC:
        for each in (find(module, name) for name in names(module)):
            named[f"{module}.{each.name}"] = each.node
            inner = methods(each.node) if isinstance(each.node, ast.ClassDef) else []
            named |= {f"{module}.{each.name}.{method.name}": method for method in inner}
    return [
        name
        for name, node in named.items()
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not ast.get_docstring(node)
    ]


def path(module: str) -> Path:
    """Return the file of a module."""
    found = SOURCE / module.replace(".", "/")
    alone = found.with_suffix(".py")
    return alone if alone.exists() else found / "__init__.py"


@cache
def tree(module: str) -> ast.Module:
    """Return a module's source, taken apart."""
    return ast.parse(path(module).read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
