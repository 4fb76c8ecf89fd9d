# SPDX-License-Identifier: Apache-2.0
"""Every defence that stands against an attack of the threat model, how a test takes it away, and which tests fail then.

Nothing in laurel can be switched off: a patch stands in for what was taken away. `pytest --defence-off NAME` runs
any tests without one defence; `test_defences.py` runs them all.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from typing import Any, Final
from unittest import mock

Patch = tuple[str, Callable[[Any], Any]]
"""A place, such as "laurel.proof.jose:verify", and what to make of what stands there."""


@dataclass(frozen=True, kw_only=True)
class Defence:
    """What is taken away by `patches`, and the tests, by their ids below this folder's parent, that notice."""

    attacks: tuple[str, ...]
    patches: tuple[Patch, ...]
    tests: tuple[str, ...]


def _nothing(_: Any) -> Callable[..., None]:
    return lambda *args, **more: None


def _always(value: Any) -> Callable[[Any], Callable[..., Any]]:
    return lambda _: lambda *args, **more: value


def _is(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def _unsure(_: Any) -> Callable[..., object]:
    """Leave every JSON text to the second, longer reading."""
    from laurel import strictjson

    return lambda *_: strictjson._UNSURE


def _lossy(walk: Callable[..., Any]) -> Callable[..., Any]:
    """Do as JSON-LD libraries do: drop what has no meaning, and go on."""
    from laurel.errors import DataLoss

    def walked(document: Any, *args: Any, **more: Any) -> Any:
        document = json.loads(json.dumps(document))
        for _ in range(50):
            try:
                return walk(document, *args, **more)
            except DataLoss as loss:
                *way, last = (
                    step.replace("~1", "/").replace("~0", "~") for step in loss.pointer.split("/")[1:]
                )
                holder: Any = document
                for step in way:
                    holder = holder[int(step) if isinstance(holder, list) else step]
                del holder[int(last) if isinstance(holder, list) else last]
        raise AssertionError("nothing but losses")

    return walked


def _any_context(urls: Callable[..., Any]) -> Callable[..., Any]:
    return lambda written, path: tuple(
        dict.fromkeys(
            one for one in (written if isinstance(written, list) else [written]) if isinstance(one, str)
        )
    )


def _from_the_web(context: Callable[..., Any]) -> Callable[..., Any]:
    """Fetch contexts that are not at hand, as JSON-LD libraries do."""
    import urllib.request

    from laurel.errors import DataLoss

    class Web(dict[str, Any]):
        def get(self, url: str, default: Any = None) -> Any:
            if url.startswith("http://127.0.0.1"):
                with urllib.request.urlopen(url, timeout=2) as answer:  # this machine's
                    answer.read()
                raise DataLoss("fetched", code="data-loss.unknown-context")
            return super().get(url, default)

    manifest = context()
    return lambda: Web(manifest)


def _for_any_purpose(verify: Callable[..., Any]) -> Callable[..., Any]:
    def verified(document: Any, proof: Any, key: Any, **more: Any) -> Any:
        return verify(document, proof, key, **more | {"purpose": proof.purpose})

    return verified


def _in_spite_of(*codes: str) -> Callable[[Any], Callable[..., Any]]:
    """Give the key that a document tells of and warns against."""

    def without(key_for: Callable[..., Any]) -> Callable[..., Any]:
        from laurel.did.documents import KeyNotFound

        def found(*args: Any, **more: Any) -> Any:
            try:
                return key_for(*args, **more)
            except KeyNotFound as error:
                if error.code in codes and error.key is not None:
                    return error.key
                raise

        return found

    return without


def _the_tokens_own_algorithm(verify: Callable[..., Any]) -> Callable[..., Any]:
    def verified(jws: Any, key: Any, **more: Any) -> Any:
        if jws.header.get("alg") == "none":
            return None
        return verify(replace(jws, header={**jws.header, "alg": key.jose_algorithm}), key, **more)

    return verified


def _passing(name: str) -> Callable[[Any], Callable[..., Any]]:
    from laurel.verify.report import Check, Result

    return _always(Check(name=name, result=Result.PASSED, code=f"{name}.ok", message="Taken on trust."))


def _lenient_base64(_: Any) -> Callable[[str], bytes]:
    import base64

    return lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _without_bound(inflate: Callable[..., bytes]) -> Callable[..., bytes]:
    def inflated(packed: bytes, *, window: int, **_: Any) -> bytes:
        return inflate(packed, window=window, limit=1 << 30)

    return inflated


def _lenient_time(_: Any) -> Callable[[str], datetime]:
    def parsed(text: str) -> datetime:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.astimezone()

    return parsed


def _any_index(place: Callable[..., Any]) -> Callable[..., Any]:
    def placed(kind: Any, identifier: Any, value: Any) -> Any:
        return place(kind, identifier, {**value, "statusListIndex": str(int(value["statusListIndex"]))})

    return placed


def _last_one(_: Any) -> Callable[[list[str], str], str]:
    return lambda found, carrier: found[-1]


def _disclosing(assemble: Callable[..., Any]) -> Callable[..., Any]:
    """Let disclosures be that no digest of the issuer names."""

    class Waiting(dict[str, str]):
        def __bool__(self) -> bool:
            return False

    def assembled(self: Any, payload: Any) -> Any:
        self._waiting = Waiting(self._waiting)
        return assemble(self, payload)

    return assembled


def _forgetting(expression: Callable[..., Any]) -> Callable[..., Any]:
    """Take a challenge as often as it comes."""

    def take(self: Any, challenge: str, *, at: datetime) -> bool:
        with self._open(at):
            return challenge in self._ends

    return take


DEFENCES: Final[dict[str, Defence]] = {
    "every word is covered": Defence(
        attacks=("A1",),
        patches=(("laurel.jsonld.mapper:to_quads", _lossy),),
        tests=(
            "proof/test_data_integrity_edits.py::TestEdits::test_are_never_verified_here_and_mostly_by_a_plain_verifier",
        ),
    ),
    "contexts are a list of known ones": Defence(
        attacks=("A2",),
        patches=(("laurel.jsonld.mapper:context_urls", _any_context),),
        tests=(
            "proof/test_data_integrity_edits.py::TestEdits::test_are_never_verified_here_and_mostly_by_a_plain_verifier",
        ),
    ),
    "contexts are never fetched": Defence(
        attacks=("A3",),
        patches=(("laurel.jsonld.contexts:_manifest", _from_the_web),),
        tests=("hostile/test_nothing_is_fetched.py::test_for_a_context_that_is_not_at_hand",),
    ),
    "ordering is counted": Defence(
        attacks=("A4",),
        patches=(
            ("laurel.jsonld.effort:Effort.spend", _nothing),
            ("laurel.jsonld.rdfc:_Labelling._spend", _nothing),
        ),
        tests=("jsonld/test_rdfc.py::TestVectors::test_refuse_the_poison_at_once",),
    ),
    "JSON is measured before it is read": Defence(
        attacks=("A5",),
        patches=(
            ("laurel.strictjson:_require_bounded", _nothing),
            ("laurel.strictjson:_loads_at_once", _unsure),
        ),
        tests=("test_strictjson.py::TestJsonTestSuite::test_refuses_what_is_not_json",),
    ),
    "no tag of CBOR is obeyed": Defence(
        attacks=("A5",),
        patches=(("laurel.proof.cbor:_require_untagged", _nothing),),
        tests=("proof/test_cbor.py::TestLoads::test_puts_nothing_to_work_that_a_tag_asks_for",),
    ),
    "JSON has one reading": Defence(
        attacks=("A6", "A7"),
        patches=(
            ("laurel.strictjson:_DECODER", _is(json.JSONDecoder())),
            ("laurel.strictjson:_loads_at_once", _unsure),
        ),
        tests=("test_strictjson.py::TestJsonTestSuite::test_refuses_what_is_not_json",),
    ),
    "texts are issued in normal form": Defence(
        attacks=("A7",),
        patches=(("laurel.issue.checking:not_normal", _always(())),),
        tests=("test_issue.py::TestCheckDocument::test_refuses_text_that_is_not_in_normal_form",),
    ),
    "what hides in a text is named": Defence(
        attacks=("A7", "A19"),
        patches=(
            ("laurel.verify.appearance:notes", _always({})),
            ("laurel.verify.judgement:notes", _always({})),
        ),
        tests=("verify/test_appearance.py::test_each_of_fifty_confusable_names_is_marked",),
    ),
    "a proof serves its purpose": Defence(
        attacks=("A8",),
        patches=(("laurel.proof.data_integrity:verify", _for_any_purpose),),
        tests=("proof/test_data_integrity.py::TestVerify::test_takes_a_proof_only_for_its_purpose",),
    ),
    "a key serves its purpose": Defence(
        attacks=("A8",),
        patches=(
            ("laurel.did.documents:key_for", _in_spite_of("issuer.key-purpose")),
            ("laurel.did:key_for", _in_spite_of("issuer.key-purpose")),
        ),
        tests=("did/test_did.py::TestKeyFor::test_respects_the_purpose",),
    ),
    "the key is the issuer's": Defence(
        attacks=("A9", "A12"),
        patches=(("laurel.verify.signatures:_binding", lambda _: _passing("issuer")(None)),),
        tests=("test_verify.py::TestIssuer::test_is_another_than_the_one_who_signed",),
    ),
    "a token tells one story": Defence(
        attacks=("A10",),
        patches=(("laurel.proof.vc_jwt:_check_agreement", _nothing),),
        tests=("proof/test_vc_jwt.py::TestOpenBadgesProfile::test_never_tells_two_stories",),
    ),
    "the key decides the algorithm": Defence(
        attacks=("A11",),
        patches=(("laurel.proof.jose:verify", _the_tokens_own_algorithm),),
        tests=("proof/test_jose.py::TestHeader::test_never_chooses_the_algorithm",),
    ),
    "headers that ask for something are refused": Defence(
        attacks=("A12", "A13"),
        patches=(("laurel.proof.jose:_REFUSED", _is(frozenset())),),
        tests=("proof/test_jose.py::TestHeader::test_never_asks_for_something_clever",),
    ),
    "a disclosure is one that was signed": Defence(
        attacks=("A14",),
        patches=(("laurel.proof.sd_jwt.reading:_Assembly.assemble", _disclosing),),
        tests=("proof/test_sd_jwt.py::TestVerification::test_step_5_leaves_no_disclosure_over",),
    ),
    "a text has one spelling": Defence(
        attacks=("A15",),
        patches=(
            ("laurel.proof.encodings:from_base64url", _lenient_base64),
            ("laurel.proof.jose:from_base64url", _lenient_base64),
        ),
        tests=("proof/test_keys.py::TestEncodings::test_refuse_a_second_spelling_of_base64url",),
    ),
    "keys that bind nobody are refused": Defence(
        attacks=("A15",),
        patches=(("laurel.proof.ed25519:SMALL_ORDER", _is(frozenset())),),
        tests=("proof/test_keys.py::TestStrangeKeys::test_refuses_ed25519_points_that_bind_nobody",),
    ),
    "keys end": Defence(
        attacks=("A16",),
        patches=(
            ("laurel.did.documents:_require_unrevoked", _nothing),
            ("laurel.did.documents:_require_unexpired", _nothing),
        ),
        tests=("did/test_did.py::TestKeyFor::test_never_believes_a_revoked_key",),
    ),
    "moments have one spelling": Defence(
        attacks=("A17",),
        patches=(("laurel.model.timestamp:parse_timestamp", _lenient_time),),
        tests=("model/test_timestamp.py::TestParseTimestamp::test_refuses_everything_else",),
    ),
    "a new key is noticed": Defence(
        attacks=("A18",),
        patches=(("laurel.verify.memory:Memory.knows", _always(True)),),
        tests=("test_memory.py::test_keys_that_changed_hands_are_never_silently_valid",),
    ),
    "packed lists are cut": Defence(
        attacks=("A20",),
        patches=(("laurel.status.bitstring:inflate", _without_bound),),
        tests=("status/test_bitstring.py::TestExpand::test_stays_small_before_a_bomb",),
    ),
    "an index is a plain number": Defence(
        attacks=("A21",),
        patches=(("laurel.status.entries:_place", _any_index),),
        tests=("status/test_entries.py::test_only_plain_numbers_are_taken",),
    ),
    "a list is current": Defence(
        attacks=("A21",),
        patches=(("laurel.verify.status_lists:require_period", _nothing),),
        tests=("test_verify.py::TestStatus::test_is_open_when_the_list_is_of_yesterday",),
    ),
    "a list is not taken back in time": Defence(
        attacks=("A21",),
        patches=(("laurel.verify.status_lists:require_no_older", _nothing),),
        tests=("test_memory.py::test_an_older_list_is_refused",),
    ),
    "a picture carries one credential": Defence(
        attacks=("A24",),
        patches=(("laurel.formats.baking.png:only", _last_one),),
        tests=("formats/test_png.py::TestUnbakePng::test_refuses_two_credentials",),
    ),
    "packed text in a picture is cut": Defence(
        attacks=("A24",),
        patches=(("laurel.formats.baking.png:LIMIT", _is(1 << 28)),),
        tests=("formats/test_png.py::TestUnbakePng::test_stops_unpacking_a_bomb_at_256_kib",),
    ),
    "a drawing runs nothing": Defence(
        attacks=("A25",),
        patches=(("laurel.formats.baking.svg_writing:_require_passive", _nothing),),
        tests=("formats/test_svg.py::TestBakeSvg::test_refuses_a_picture_that_would_run_something",),
    ),
    "a challenge serves once": Defence(
        attacks=("A26",),
        patches=(("laurel.verify.nonces:NoncesInMemory.take", _forgetting),),
        tests=(
            "test_presentations.py::TestReplay::test_to_a_second_receiver_who_never_gave_the_challenge_is_refused",
        ),
    ),
    "a presentation is for one receiver": Defence(
        attacks=("A26",),
        patches=(("laurel.verify.possession:audience", lambda _: _passing("audience")(None)),),
        tests=("test_presentations.py::TestHolder::test_is_never_proven_to_whom_asked_nothing",),
    ),
    "a presentation answers the challenge": Defence(
        attacks=("A26",),
        patches=(("laurel.verify.possession:nonce", lambda _: _passing("nonce")(None)),),
        tests=("test_presentations.py::TestHolder::test_is_never_proven_to_whom_asked_nothing",),
    ),
    "a credential is the holder's": Defence(
        attacks=("A27",),
        patches=(("laurel.verify.possession:_holder_of", lambda _: _passing("holder")(None)),),
        tests=(
            "test_presentations.py::TestHolder::test_is_proven_only_where_subject_holder_and_key_are_one",
        ),
    ),
    "only public addresses are fetched": Defence(
        attacks=("A41",),
        patches=(("laurel.fetch:is_public", _always(True)),),
        tests=("test_fetch.py::TestAddresses::test_are_not_public",),
    ),
    "a name is asked once": Defence(
        attacks=("A41",),
        patches=(("laurel.fetch:Fetcher._check", _nothing),),
        tests=("test_fetch.py::TestWithoutTheFlag::test_nothing_is_reached",),
    ),
    "an answer is cut": Defence(
        attacks=("A41",),
        patches=(("laurel.fetch:MAX_BYTES", _is(1 << 26)), ("laurel.fetch:_MOST_FRAMING", _is(1 << 26))),
        tests=("test_fetch.py::TestLimits::test_endless_framing_is_cut_before_it_fills_the_memory",),
    ),
}


#: Where an attack meets the platform too, the tests of the platform that answer it. Their defences are taken
#: away one by one in `packages/cairn/tests/test_platform_defences.py`.
PLATFORM: Final[dict[str, tuple[str, ...]]] = {
    "A22": (
        "packages/cairn/tests/credentials/test_rules.py::TestShuffle::test_tells_nothing_of_the_order_of_issuing",
        "packages/cairn/tests/credentials/test_rules.py::TestShuffle::test_gives_every_entry_exactly_once",
        "packages/cairn/tests/credentials/test_services.py::TestStatusEntry::test_is_given_once_by_the_table_too",
    ),
    "A23": (
        "packages/cairn/tests/credentials/test_pages.py::TestWhatVerifiersNeed"
        "::test_is_the_same_for_everyone_and_sets_no_cookie",
        "packages/cairn/tests/credentials/test_services.py::TestStatusEntry"
        "::test_is_one_list_for_everybody_until_it_is_full",
    ),
    "A25": (
        "packages/cairn/tests/achievements/test_public.py::TestBadge::test_as_svg_can_neither_run_nor_load_anything",
    ),
    "A26": (
        "packages/cairn/tests/test_platform_defences.py::TestPresentation"
        "::test_that_somebody_sends_again_shows_nothing",
    ),
}


@contextmanager
def without(name: str) -> Iterator[None]:
    """Take one defence away inside the block."""
    patchers = []
    for place, make in DEFENCES[name].patches:
        module, _, way = place.partition(":")
        holder: Any = import_module(module)
        *outer, last = way.split(".")
        for step in outer:
            holder = getattr(holder, step)
        patchers.append(mock.patch.object(holder, last, make(getattr(holder, last))))
    for patcher in patchers:
        patcher.start()
    try:
        yield
    finally:
        for patcher in reversed(patchers):
            patcher.stop()
