# SPDX-License-Identifier: Apache-2.0
"""The `laurel` command."""

import codecs
import io
import os
import sys
from typing import Any, NoReturn, TextIO

import click

from laurel.cli.carrying import bake, inspect, unbake
from laurel.cli.deriving import derive
from laurel.cli.issuing import issue
from laurel.cli.keys import keygen, pubkey
from laurel.cli.presenting import present
from laurel.cli.statuses import status
from laurel.cli.verifying import verify

_TRACEBACK = "LAUREL_TRACEBACK"
# As shells count them: 128 and the number of the signal, SIGINT and SIGPIPE.
_INTERRUPTED = 130
_UNREAD = 141
_SIMPLER = "laurel.simpler"
_INSTEAD = {"✓": "+", "✗": "x", "–": "-", "…": "..."}


class _Laurel(click.Group):
    """The commands, and a last word where the machine or laurel itself fails: nobody is shown a stack."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command. Only here, so that tests and callers of `main` see each fault as it is."""
        try:
            return super().__call__(*args, **kwargs)
        except Exception as error:
            if os.environ.get(_TRACEBACK):
                raise
            kind = type(error).__name__
            report = f"Please report it, with what the same command prints under {_TRACEBACK}=1."
            _give_up(f"laurel itself has failed ({kind}); the fault is not yours. {report}", 70)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments, or print `--help`, which nobody may read to its end either."""
        try:
            return super().make_context(*args, **kwargs)
        except BrokenPipeError:
            _forget(sys.stdout)
            raise SystemExit(_UNREAD) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run what was asked for; Ctrl-C and readers that are gone end it with a code that no answer has."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            _give_up("Stopped before it was done.", _INTERRUPTED)
        except BrokenPipeError:  # as of `laurel inspect FILE | head -1`: whoever read it has had enough
            _forget(sys.stdout)
            raise SystemExit(_UNREAD) from None

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command; a full disk and the like end it with a sentence."""
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            if getattr(sys, name) is None:  # closed by whoever started us
                setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  # for as long as we run
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            what = f"{error.filename}: " if error.filename else "The input or output fails: "
            _give_up(f"{what}{error.strerror}.", 2)


def _simpler(error: UnicodeError) -> tuple[str, int]:
    """Give what a terminal can show instead: passed and failed stay apart where there is neither ✓ nor ✗."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(_INSTEAD.get(letter, "?") for letter in letters), error.end


codecs.register_error(_SIMPLER, _simpler)


def _give_up(message: str, code: int) -> NoReturn:
    """End with a sentence. What waits to be printed cannot be, and would be tried again at the exit."""
    _forget(sys.stdout)
    click.echo(f"Error: {message}", err=True)
    raise SystemExit(code)


def _forget(stream: TextIO) -> None:
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


@click.group(cls=_Laurel, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="laurel")
def main() -> None:
    """Issue and verify Open Badges 3.0 credentials.

    SOURCE is a file, a URL, or - for standard input: JSON, JWT, PNG, SVG or PDF.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without some letter of a name shows "?" and not our stack.
            stream.reconfigure(errors=_SIMPLER)


for command in (keygen, pubkey, issue, verify, inspect, bake, unbake, derive, present, status):
    main.add_command(command)
