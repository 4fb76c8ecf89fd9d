# SPDX-License-Identifier: Apache-2.0
"""The command that the W3C suite of VC-JOSE-COSE runs: issue or verify one file with one key, over laurel.

It takes no part in finding keys: the suite hands the key over. Its result is "success" or "failure" in the output
file, with what was made.
"""

import argparse
import base64
import json
import re
import sys
from pathlib import Path
from typing import Any

from laurel.errors import FailedChecks, LaurelError, NotACredential
from laurel.proof import vc_cose, vc_jwt, vc_sd_jwt, vp_jwt
from laurel.proof.keys import SigningKey, VerifyingKey
from laurel.rules import vc_data_model_2

Json = dict[str, Any]
#: Of the W3C's own words; the suite wants an issuer to refuse others that stand beside them.
KNOWN = {
    *("@context", "id", "type", "name", "description", "issuer", "holder", "validFrom", "validUntil"),
    *("credentialSubject", "credentialStatus", "credentialSchema", "refreshService", "termsOfUse"),
    *("evidence", "relatedResource", "confidenceMethod", "renderMethod", "verifiableCredential"),
}


def main() -> int:
    """Do what was asked and write the result. Returns 1 on failure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("deed", choices=["issue", "verify"])
    for name in ("--input", "--key", "--output"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--feature", required=True)
    parser.add_argument("--sd", default="[]")
    options = parser.parse_args()
    method = json.loads(options.key.read_text())
    what, how = options.feature.split("_")
    text = options.input.read_text().strip()
    try:
        if options.deed == "issue":
            key = SigningKey.from_jwk(method["secretKeyJwk"]).with_id(method["id"])
            data = issue(what, how, json.loads(text), key, [pointer(path) for path in json.loads(options.sd)])
        else:
            verify(what, how, text, VerifyingKey.from_jwk(method["publicKeyJwk"]))
            data = "taken"
        result = {"result": "success", "data": data}
    except (LaurelError, ValueError) as error:
        result = {"result": "failure", "data": str(error)}
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(result))
    return int(result["result"] != "success")


def pointer(path: str) -> str:
    """Return a path of the suite, such as `credentialSubject.phoneNumbers[0]`, as a JSON Pointer."""
    return "/" + re.sub(r"\[(\d+)\]", r".\1", path).replace(".", "/")


def issue(what: str, how: str, document: Json, key: SigningKey, disclosable: list[str]) -> str:
    """Return the document signed. Raises: LaurelError, ValueError."""
    unknown = sorted(document.keys() - KNOWN)
    if unknown:
        raise ValueError(f"Nobody has said what {unknown[0]} means.")
    if what == "credential" and (findings := vc_data_model_2.check_document(document)):
        raise FailedChecks(findings)
    if how == "cose":
        return base64.b64encode(vc_cose.sign(document, key)).decode()
    if how == "jose":
        if what == "credential":
            return vc_jwt.sign(document, key, profile="vc-jose-cose")
        return vp_jwt.sign(document, key, audience=None, nonce=None)
    if what == "credential":
        return vc_sd_jwt.sign(document, key, disclosable=disclosable)
    return vc_sd_jwt.sign_presentation(document, key, audience=None, nonce=None, disclosable=disclosable)


def verify(what: str, how: str, text: str, key: VerifyingKey) -> None:
    """Hold a document against the key. Raises: LaurelError, ValueError."""
    if how == "cose":
        found = vc_cose.read(base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
        if found.kind != {"credential": "vc", "presentation": "vp"}[what]:
            raise NotACredential(f"This is no {what}.")
        vc_cose.verify(found, key)
    elif how == "jose" and what == "credential":
        jwt = vc_jwt.read(text)
        vc_jwt.verify(jwt, key)
    elif how == "jose":
        presentation = vp_jwt.read(text)
        vp_jwt.verify(presentation, key)
    elif what == "credential":
        token = vc_sd_jwt.read(text)
        vc_sd_jwt.verify(token, key)
    else:
        shown = vc_sd_jwt.read_presentation(text)
        vc_sd_jwt.verify(shown, key)


if __name__ == "__main__":
    sys.exit(main())
