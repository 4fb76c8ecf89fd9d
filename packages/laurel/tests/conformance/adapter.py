# SPDX-License-Identifier: Apache-2.0
"""A thin VC-API over laurel, for the public W3C test suites: test code on loopback, not a product.

It is lenient where those suites need it and laurel is not: any credential may be signed, unknown options are
ignored, and a proof counts although its key is somebody else's than the issuer's. Everything else is laurel.

Run by itself it prints one line of JSON, with its address and the id of each issuer, and serves until its
standard input ends.
"""

import argparse
import json
import ssl
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from laurel import issue, strictjson
from laurel.did import key as did_key
from laurel.errors import DataLoss, LaurelError
from laurel.jsonld import contexts, mapper
from laurel.proof import data_integrity, ecdsa_sd_2023, vc_jwt
from laurel.proof.keys import SigningKey
from laurel.rules import vc_data_model_1_1, vc_data_model_2
from laurel.status import bitstring
from laurel.strictjson import JsonValue
from laurel.verify import Presented, Report, Result, presentations, read, verify, verify_presentation

Json = dict[str, Any]

STANDARDS = Path(__file__).parents[4].parent / "shared" / "standards"
#: Contexts that the suites use and credentials of the world do not; laurel itself ships none of them.
EXAMPLES = {
    "https://www.w3.org/ns/credentials/examples/v2": {
        "@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}
    },
}
VERSION_1 = "https://www.w3.org/2018/credentials/v1"
ENVELOPED = "vc+jwt"
SUITES = (
    "eddsa-rdfc-2022",
    "eddsa-jcs-2022",
    "ecdsa-rdfc-2019",
    "ecdsa-jcs-2019",
    "ecdsa-sd-2023",
    ENVELOPED,
)
KINDS = {"Ed25519": "ed25519", "P-256": "p256", "P-384": "p384"}


class BadInput(Exception):
    """What a suite sent does not do; the sentence goes into the answer."""


class Adapter:
    """The deeds behind the addresses."""

    def __init__(self, *, is_talkative: bool = False, texts: Path | None = None) -> None:
        """Make one key for each kind, and learn the contexts of the suites."""
        self.is_talkative = is_talkative
        self.keys = {kind: did_key.with_did_key(SigningKey.generate(name)) for kind, name in KINDS.items()}  # type: ignore[arg-type]
        self.base = ""
        self.texts = [path.read_bytes() for path in sorted(texts.iterdir())] if texts else []
        self._next_index = 0
        for url, document in suite_contexts().items():
            data = json.dumps(document).encode()
            if url not in contexts.known():
                contexts.add(url, data, sha256=sha256(data).hexdigest())

    def issuer_id(self, kind: str) -> str:
        """Return the did:key of the issuer with this kind of key."""
        return str(self.keys[kind].id).partition("#")[0]

    def issue(self, suite: str, kind: str, body: Json, *, with_status: bool) -> Json:
        """Sign what was sent. Raises: BadInput."""
        credential = body.get("credential")
        if not isinstance(credential, dict):
            raise BadInput("The body has no credential.")
        options = body.get("options") or {}
        if with_status:
            credential = {**credential, "credentialStatus": self._entry()}
        credential = with_proof_context(credential)
        self._require_rules(credential, "VerifiableCredential")
        self._require_meaning(credential)
        if suite == ENVELOPED:
            token = vc_jwt.sign(credential, self.keys[kind], profile="vc-jose-cose")
            return {"verifiableCredential": envelope(token)}
        plain = credential if "-jcs-" in suite else named_contexts(credential)
        signed = self._sign(plain, suite, kind, options)
        if "relatedResource" in credential and suite != "ecdsa-sd-2023":
            self._require_good(self._report(signed), signed)
        return {"verifiableCredential": {**signed, "@context": credential["@context"]}}

    def _require_meaning(self, document: Json) -> None:
        """Refuse words without a meaning; only a direction may be lost, which a JCS proof covers all the same."""
        try:
            mapper.to_quads(
                {name: value for name, value in named_contexts(document).items() if name != "proof"}
            )
        except DataLoss as loss:
            if loss.code != "data-loss.direction":
                raise BadInput(str(loss)) from loss

    def _require_rules(self, document: Json, kind: str) -> None:
        types = document.get("type")
        if kind not in (types if isinstance(types, list) else [types]):
            raise BadInput(f"The type does not say {kind}.")
        rules = vc_data_model_1_1 if _contexts(document)[:1] == [VERSION_1] else vc_data_model_2
        if findings := rules.check_document(document):
            raise BadInput(str(findings[0]))

    def _sign(self, credential: Json, suite: str, kind: str, options: Json) -> Json:
        extra: Json = {}
        if suite == "ecdsa-sd-2023":
            extra["mandatory"] = pointers_of(options, "mandatoryPointers")
        return data_integrity.sign(
            credential,
            self.keys[kind],
            suite=suite,
            created=datetime.now(UTC),
            **extra,
        )

    def verify(self, body: Json) -> Json:
        """Verify a credential. Raises: BadInput, with what is wrong."""
        document = body.get("verifiableCredential")
        if not isinstance(document, dict):
            raise BadInput("The body has no verifiableCredential.")
        report = self._report(document)
        self._require_good(report, document)
        return {"verified": True, "checks": ["proof"]}

    def verify_presentation(self, body: Json) -> Json:
        """Verify a presentation, signed or not. Raises: BadInput, with what is wrong."""
        document = body.get("verifiablePresentation")
        if not isinstance(document, dict):
            raise BadInput("The body has no verifiablePresentation.")
        options = body.get("options") or {}
        signed = "proof" in document
        presentation = presentations.read(strictjson.dumps(with_named_contexts(document)))
        report = verify_presentation(
            presentation,
            {},
            at=datetime.now(UTC),
            challenge=options.get("challenge") if signed else None,
            domain=options.get("domain") if signed else None,
        )
        for check in report.checks:
            if check.result is Result.FAILED or (
                check.name == "proof" and signed and check.result != "passed"
            ):
                raise BadInput(check.message)
        for inner, credential in zip(report.credentials, presentation.credentials, strict=True):
            held = credential.document if isinstance(credential, Presented) else {}
            self._require_good(inner, dict(held))
        return {"verified": True, "checks": ["proof"]}

    def derive(self, body: Json) -> Json:
        """Derive a credential that shows a part. Raises: BadInput, LaurelError."""
        document = body.get("verifiableCredential")
        if not isinstance(document, dict):
            raise BadInput("The body has no verifiableCredential.")
        derived = ecdsa_sd_2023.derive(
            named_contexts(document), pointers_of(body.get("options") or {}, "selectivePointers")
        )
        return {**derived, "@context": document["@context"]}

    def _report(self, document: Json) -> Report:
        presented = read(strictjson.dumps(with_named_contexts(document)))
        reports = [verify(presented, found, at=datetime.now(UTC)) for found in self._materials(document)]
        # A context was published more than once under its address, and a digest may be of any of the texts.
        return max(reports, key=lambda report: report["evidence"].result is Result.PASSED)

    def _materials(self, document: Json) -> list[dict[str, bytes]]:
        """Return what may stand behind the addresses of related resources: the published contexts."""
        resources = document.get("relatedResource")
        named = {
            resource["id"]
            for resource in (resources if isinstance(resources, list) else [resources])
            if isinstance(resource, dict) and isinstance(resource.get("id"), str)
        }
        today = {url: path.read_bytes() for url, path in published().items() if url in named}
        earlier = [{contexts.CREDENTIALS_V2: text} for text in self.texts if contexts.CREDENTIALS_V2 in named]
        return [today, *earlier]

    def _require_good(self, report: Report, document: Json) -> None:
        """Refuse what laurel does not call good, but for whose key it is and when it begins."""
        if report["readable"].result is not Result.PASSED or report["proof"].result is not Result.PASSED:
            raise BadInput(report["proof"].message + " " + report["readable"].message)
        if isinstance(document.get("proof"), list) and report["issuer"].result is not Result.PASSED:
            raise BadInput(report["issuer"].message)
        if report["schema"].result is Result.FAILED or (
            report["evidence"].result is not Result.PASSED and report["evidence"].code != "evidence.none"
        ):
            raise BadInput(f"{report['schema'].message} {report['evidence'].message}")
        if report["period"].code in ("period.ended", "period.signature-ended", "period.malformed"):
            raise BadInput(report["period"].message)
        if report["status"].result is Result.FAILED:
            raise BadInput(report["status"].message)

    def _entry(self) -> Json:
        self._next_index += 1
        url = f"{self.base}/status/1"
        return {
            "id": f"{url}#{self._next_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(self._next_index),
            "statusListCredential": url,
        }

    def status_list(self) -> bytes:
        """Return the one status list, nobody withdrawn."""
        document = bitstring.list_credential(
            url=f"{self.base}/status/1",
            issuer=self.issuer_id("Ed25519"),
            purpose="revocation",
            indexes=(),
            valid_from=datetime.now(UTC) - timedelta(minutes=1),
        )
        return issue.sign_status_list(document, self.keys["Ed25519"], created=datetime.now(UTC))

    @property
    def issuers(self) -> list[tuple[str, str]]:
        """Return each suite with the kinds of key that it takes."""
        return [(suite, kind) for suite in SUITES for kind in kinds_of(suite)]


def kinds_of(suite: str) -> list[str]:
    """Return the kinds of key that sign with a suite."""
    if suite.startswith("ecdsa"):
        return ["P-256"] if suite == "ecdsa-sd-2023" else ["P-256", "P-384"]
    return ["Ed25519"]


def _contexts(document: Mapping[str, Any]) -> list[Any]:
    value = document.get("@context")
    return value if isinstance(value, list) else [value]


def envelope(token: str) -> Json:
    """Return a credential that is a JWT as the object that stands for it. Spec: VCDM 2.0 #enveloped-verifiable-credentials"""
    return {
        "@context": contexts.CREDENTIALS_V2,
        "id": f"data:application/vc+jwt,{token}",
        "type": "EnvelopedVerifiableCredential",
    }


def pointers_of(options: Json, name: str) -> tuple[str, ...]:
    """Return the JSON Pointers among the options. Raises: BadInput."""
    pointers = options.get(name) or []
    if not isinstance(pointers, list) or not all(isinstance(each, str) for each in pointers):
        raise BadInput(f"The {name} are not an array of texts.")
    return tuple(pointers)


def with_named_contexts(value: Any) -> Any:
    """Return a document with an address in place of each written context, in the credentials inside it too."""
    if isinstance(value, list):
        return [with_named_contexts(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "-jcs-" in str(_first(value.get("proof")).get("cryptosuite")):
        return value
    inner = {
        name: with_named_contexts(part) if name == "verifiableCredential" else part
        for name, part in value.items()
    }
    return named_contexts(inner) if "@context" in inner else inner


def _first(proofs: Any) -> Json:
    found = proofs[0] if isinstance(proofs, list) and proofs else proofs
    return found if isinstance(found, dict) else {}


def named_contexts(document: Json) -> Json:
    """Return the document with an address in place of each context that is written into it.

    laurel takes no such contexts: under a proof over RDF, whoever passes a document on could change them together
    with the keys. The suites use them all the same. What they say stays what it was, and with it the RDF.
    """
    written = document.get("@context")
    if not isinstance(written, list):
        return document
    named: list[Any] = []
    for item in written:
        if isinstance(item, dict):
            inner = item if "@context" in item else {"@context": item}
            data = json.dumps(inner, sort_keys=True).encode()
            digest = sha256(data).hexdigest()
            url = f"urn:sha256:{digest}"
            contexts.add(url, data, sha256=digest)
            named.append(url)
        else:
            named.append(item)
    return {**document, "@context": named}


def with_proof_context(document: Json) -> Json:
    """Return a document of the older data model with the context in which proofs have their words.

    Spec: Data Integrity 1.0 §2.4.1 (context injection)
    """
    listed = _contexts(document)
    if listed[:1] != [VERSION_1] or any("data-integrity" in str(item) for item in listed):
        return document
    return {**document, "@context": [*listed, "https://w3id.org/security/data-integrity/v2"]}


def published() -> dict[str, Path]:
    """Return the contexts in the shared folder, by their URL; none where the folder is absent."""
    index = STANDARDS / "INDEX.json"
    if not index.exists():
        return {}
    rows = json.loads(index.read_text())
    rows = rows if isinstance(rows, list) else rows["files"]
    return {
        row["url"]: STANDARDS / row["path"]
        for row in rows
        if row.get("url") and row["path"].startswith("contexts/") and "variant" not in row["path"]
    }


def suite_contexts() -> dict[str, JsonValue]:
    """Return the contexts that the suites need beyond those of laurel."""
    more: dict[str, JsonValue] = dict(EXAMPLES)
    for url, path in published().items():
        if "citizenship" in url or "vdl" in url:
            more[url] = json.loads(path.read_text())
    return more


class Handler(BaseHTTPRequestHandler):
    """From HTTP to the deeds; every refusal is a 400 with a sentence."""

    adapter: ClassVar[Adapter]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Serve the status list."""
        if self.path.startswith("/status/"):
            self._answer(200, self.adapter.status_list())
        else:
            self._answer(404, b"{}")

    def do_POST(self) -> None:
        """Issue, derive or verify."""
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        steps = url.path.strip("/").split("/")
        body: Any = None
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            deed, status = self._deed(steps, query)
            answer = deed(body)
        except (BadInput, LaurelError, ValueError, TypeError, KeyError, AttributeError) as error:
            expected = isinstance(error, BadInput | LaurelError)
            name = type(error).__name__
            message = str(error) if expected else f"{name}: {error}"
            if self.adapter.is_talkative or not expected:
                print(f"{self.path}: {message}\n    {json.dumps(body)[:1500]}", file=sys.stderr)
            problem = {"verified": False, "errors": [{"name": name, "message": message}]}
            self._answer(400, json.dumps(problem).encode())
            return
        self._answer(status, json.dumps(answer).encode())

    def _deed(self, steps: list[str], query: Mapping[str, str]) -> tuple[Callable[[Json], Json], int]:
        adapter = self.adapter
        match steps:
            case ["issuers", suite, "credentials", "issue"]:
                kind = query.get("kind") or ("P-256" if suite.startswith("ecdsa") else "Ed25519")
                status = "status" in query
                return lambda body: adapter.issue(suite, kind, body, with_status=status), 201
            case ["verifiers", _, "credentials", "verify"]:
                return adapter.verify, 200
            case ["presentations", "verify"]:
                return adapter.verify_presentation, 200
            case ["derive", "credentials", "derive"]:
                return adapter.derive, 201
        raise BadInput(f"There is nothing at {self.path}.")

    def _answer(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the suites print what they ask."""


def certificate(folder: Path) -> Path:
    """Write a key and a certificate for localhost that nobody vouches for, and return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def serve(
    port: int = 0, *, is_talkative: bool = False, texts: Path | None = None
) -> tuple[ThreadingHTTPServer, Adapter]:
    """Start serving on loopback in a thread of its own; `port` 0 takes a free one."""
    adapter = Adapter(is_talkative=is_talkative, texts=texts)
    handler = type("BoundHandler", (Handler,), {"adapter": adapter})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        context.load_cert_chain(certificate(Path(folder)))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    adapter.base = f"https://localhost:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, adapter


def main() -> None:
    """Serve until standard input ends."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--talk", action="store_true", help="print what was refused and why")
    options.add_argument("--texts", type=Path, help="earlier texts of the credentials context, one a file")
    chosen = options.parse_args()
    server, adapter = serve(chosen.port, is_talkative=chosen.talk, texts=chosen.texts)
    issuers = [
        {"suite": suite, "kind": kind, "id": adapter.issuer_id(kind)} for suite, kind in adapter.issuers
    ]
    print(json.dumps({"base": adapter.base, "issuers": issuers}), flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
