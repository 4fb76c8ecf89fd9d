# SPDX-License-Identifier: Apache-2.0
"""Keeps keys and people out of the logs: a line names the kind of address, never the address itself."""

import logging
import traceback
from types import TracebackType
from typing import TypeAlias

_ExceptionInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)

#: Stands in the place of an address that leads nowhere: what was typed may be a key with a slip in it.
NO_ADDRESS = "(no such address)"


class RouteOnly(logging.Filter):
    """Rewrite what Django says of a request, so that no key, reference or search is in it.

    Links to sign in, to claim and to share are keys by themselves, and a reference with a time tells who
    looked at whose credential (security A51).
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, those about a request without its address."""
        request = getattr(record, "request", None)
        if request is None or not hasattr(request, "path_info") or not record.args:
            # About no request; or rewritten already, where a line goes to two places.
            return True
        match = getattr(request, "resolver_match", None)
        status = getattr(record, "status_code", 0)
        said = [str(status or ""), str(request.method), f"/{match.route}" if match else NO_ADDRESS]
        if record.name == "django.security.csrf" and isinstance(record.args, tuple):
            # "Referer checking failed - https://…": the reason helps an operator, the address is a key.
            said.append(str(record.args[0]).partition(" - ")[0])
        record.msg, record.args = " ".join(said).strip(), ()
        if status and status < 500:
            record.exc_info = record.exc_text = None
        return True


class WhereItBroke(logging.Formatter):
    """Write where an exception came from and of which type it is, without its message.

    A database puts the values of the row into the message: `Key (email)=(…) already exists`.
    """

    def formatException(self, ei: _ExceptionInfo) -> str:
        """Return the calls that led to the exception and to those it came from, the first cause on top."""
        told = []
        fault = ei[1]
        while fault is not None:
            kind = f"{type(fault).__module__}.{type(fault).__qualname__}"
            told.append("".join(traceback.format_tb(fault.__traceback__)) + kind)
            fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
        return "\n".join(reversed(told))
