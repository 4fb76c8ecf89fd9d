# SPDX-License-Identifier: Apache-2.0
"""A newer copy of a credential, from where its issuer says that newer ones are.

Asking for it tells the issuer that somebody looks at this very credential, now. A status list that many share
does not. So laurel asks only when its caller wants that, only once, and only after the signature was found to
hold and to be the issuer's: a forger must not choose where a verifier goes.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from laurel.strictjson import JsonValue
from laurel.verify.presented import id_of, texts
from laurel.verify.report import Report, Result

_TYPE: Final = "1EdTechCredentialRefresh"


def address(report: Report) -> str | None:
    """Return where a newer copy of a credential that holds can be asked for; None when nowhere.

    Spec: OB 3.0 #verification
    """
    if report.credential is None or report["issuer"].result is not Result.PASSED:
        return None
    services = report.credential.get("refreshService")
    for service in services if isinstance(services, list) else [services]:
        if isinstance(service, dict) and _TYPE in texts(service.get("type")):
            url = id_of(service)
            return url if url is not None and url.startswith("https://") else None
    return None


def kept(original: Report, reason: str) -> Report:
    """Return the report on the original, with why there is no newer one."""
    return replace(original, technical={**original.technical, "refresh": reason[:500]})


def better(original: Report, newer: Report) -> Report:
    """Return the report on the newer copy if it is one of the same credential that holds; else the original.

    What the newer one says of itself counts then, also that it was withdrawn or has ended.
    """
    if newer.credential is None or newer["issuer"].result is not Result.PASSED:
        return kept(original, "What the issuer gave as a newer copy is not signed by the issuer.")
    was, now = original.credential or {}, newer.credential
    if newer.issuer_id != original.issuer_id or now.get("id") != was.get("id") or _whose(now) != _whose(was):
        return kept(original, "What the issuer gave as a newer copy is another credential.")
    if original.valid_from and newer.valid_from and newer.valid_from < original.valid_from:
        return kept(original, "What the issuer gave as a newer copy is an older one.")
    return replace(newer, technical={**newer.technical, "refresh": "This is the newer copy."})


def _whose(claims: Mapping[str, JsonValue]) -> JsonValue:
    """Return whom claims are about, by id or else by all other names; claims about several by all of them."""
    subject = claims.get("credentialSubject")
    if not isinstance(subject, dict):
        return subject
    return subject["id"] if "id" in subject else subject.get("identifier")
