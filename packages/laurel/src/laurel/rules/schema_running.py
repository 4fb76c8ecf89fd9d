# SPDX-License-Identifier: Apache-2.0
"""Runs JSON Schemas of strangers on a document, in a process that the operating system stops when it must.

A schema of a few lines can name itself twice on thirty levels, and a validator that looks at it cannot be
interrupted. So it is run where it can be ended. Its patterns are run by an engine whose time grows with the
text and not with the ways to read it; patterns that need more than that are no schema to us.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Final, Literal, TypeAlias, final

from laurel.strictjson import JsonValue

Told: TypeAlias = Literal["success", "failure", "indeterminate", "not-run", "too-much-work"]

LONGEST_SECONDS: Final = 1
LARGEST_MEMORY: Final = 320 * 1024 * 1024
# By the clock on the wall, where a second of computing takes longer on a busy machine.
_MOST_SECONDS: Final = 8.0
_MOST_FAULTS: Final = 10
_DRAFTS: Final = {
    "https://json-schema.org/draft/2020-12/schema": "Draft202012Validator",
    "https://json-schema.org/draft/2019-09/schema": "Draft201909Validator",
    "http://json-schema.org/draft-07/schema": "Draft7Validator",
}
_PROGRAM: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from laurel.rules.schema_running import main; main()"
)
# What an interpreter may need to start. Nothing else of ours is for a process that runs a stranger's schema.
_ENVIRONMENT: Final = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one schema said. `detail` holds places (RFC 6901) and sentences of what does not fit."""

    outcome: Told
    message: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


def run(schemas: Sequence[JsonValue], document: JsonValue) -> list[Answer]:
    """Return for each schema what it says of a document, in order.

    "indeterminate" is a schema that says no draft that we know, or is none, or refers elsewhere; "not-run"
    means that no library for it is installed (the extra `schemas`), or no process could be started.

    Spec: VC JSON Schema #evaluation
    """
    if find_spec("jsonschema_rs") is None:
        message = "The JSON Schema that it names was not run: install laurel[schemas] for that."
        return [Answer(outcome="not-run", message=message)] * len(schemas)
    import subprocess  # loaded when it is needed, which is hardly ever

    command = [sys.executable, "-I", "-c", _PROGRAM, json.dumps(sys.path)]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and our own words; the rest goes to its stdin
            command,
            input=json.dumps({"schemas": list(schemas), "document": document}).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [_TOO_MUCH] * len(schemas)
    except OSError:
        message = "The JSON Schema that it names was not run: no process could be started here."
        return [Answer(outcome="not-run", message=message)] * len(schemas)
    if done.returncode != 0:  # stopped by the operating system, or out of memory
        return [_TOO_MUCH] * len(schemas)
    return [Answer(**told) for told in json.loads(done.stdout)]


_TOO_MUCH: Final = Answer(
    outcome="too-much-work", message="The JSON Schema that it names asks for more work than any needs."
)


def main() -> None:
    """Read {"schemas": …, "document": …} from standard input, and write a list of answers."""
    _limit_ourselves()
    question = json.load(sys.stdin)
    answers = [_answer(schema, question["document"]) for schema in question["schemas"]]
    sys.stdout.write(
        json.dumps(
            [{"outcome": one.outcome, "message": one.message, "detail": dict(one.detail)} for one in answers]
        )
    )


def _answer(schema: Any, document: Any) -> Answer:
    import jsonschema_rs

    draft = schema.get("$schema") if isinstance(schema, dict) else None
    name = _DRAFTS.get(draft.rstrip("#")) if isinstance(draft, str) else None
    if name is None:
        message = (
            "The JSON Schema that it names does not say which draft it follows, or not one that we know."
        )
        return Answer(outcome="indeterminate", message=message)
    try:
        validator = getattr(jsonschema_rs, name)(
            schema,
            validate_formats=False,
            retriever=_refuse,
            pattern_options=jsonschema_rs.RegexOptions(size_limit=1 << 20, dfa_size_limit=1 << 21),
        )
        faults = {}
        for fault in validator.iter_errors(document):
            pointer = "".join(
                f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in fault.instance_path
            )
            faults[pointer or "/"] = _short(fault.message)
            if len(faults) >= _MOST_FAULTS:
                break
    except (ValueError, jsonschema_rs.ReferencingError, jsonschema_rs.ValidationError) as fault:
        message = f"The JSON Schema that it names is not one that we can run: {_short(str(fault))}"
        return Answer(outcome="indeterminate", message=message)
    if faults:
        return Answer(outcome="failure", detail=faults)
    return Answer(outcome="success")


def _refuse(url: str) -> Any:
    raise ValueError(f"it refers to {url[:200]}, and nothing but itself may be looked at")


def _short(message: str) -> str:
    """Return the first line of a message: some quote the whole document."""
    line = message.partition("\n")[0]
    return line if len(line) <= 200 else line[:199] + "…"


def _limit_ourselves() -> None:
    """Ask the operating system to stop us; where it cannot (Windows), the clock of our caller has to do."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_SECONDS, LONGEST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the limit is not kept, or counts what the system itself maps
        resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))
