# SPDX-License-Identifier: Apache-2.0
"""What `./cairn bench` measures beside the goals: other credentials and suites, and their tiers."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from bench_node import NodeProcess, presentation_of
from bench_report import Table, micros, spread
from bench_samples import AT, KINDS, RDFC, of_stranger, signing_key, texts_of
from bench_talk import calibrated, worker
from bench_work import P256, P384, SD_JWT, SELECTIVE, Works

from laurel import issue, strictjson

#: Label, deed, suite, kind and the fastest tier that is let; "" for all of them.
VARIETY: tuple[tuple[str, str, str, str, str], ...] = (
    *(
        (label, deed, RDFC, kind, tier)
        for label, kind, tier in (
            ("1 achievement", "typical", ""),
            ("30 achievements", "30 achievements", ""),
            ("1,000 achievements", "1,000 achievements", ""),
            ("small, 0.9 kB", "small", ""),
            ("large, 30 kB", "30 kB", ""),
            ("no Latin script", "other scripts", ""),
            ("issuers never seen", "strangers", ""),
            ("two in a presentation", "two in a presentation", ""),
            ("no template", "typical", "mapper"),
            ("general path only", "typical", "general"),
        )
        for deed in ("issue", "verify")
    ),
    *((suite, deed, suite, "typical", "") for suite in (P256, P384) for deed in ("issue", "verify")),
    *(
        (suite, deed, suite, "typical", "")
        for suite in (SELECTIVE, SD_JWT)
        for deed in ("issue", "show part", "verify")
    ),
)


def variety(works: Works, node: NodeProcess | None, reason: str, *, seconds: float, rounds: int) -> Table:
    """Return what other credentials cost, which tier answers for them and why it was not a faster one."""
    rows = []
    for number, case in enumerate(VARIETY, 1):
        print(f"Variety {number} of {len(VARIETY)}: {case[0]}, {case[1]}", flush=True)
        rows.append(_one_of_variety(works, node, reason, case, seconds=seconds, rounds=rounds))
    before = (
        "Each in a fresh process, after a warm-up. The last column tells how many whole reports of a known\n"
        "frame there were in 100 credentials, and how many canonical forms by each tier (of documents, of\n"
        "proofs, of lists); then why a faster way was not taken, and how often."
    )
    head = ("credentials", "deed", "CPU µs", "peer on Node", "peer ÷ laurel", "answered by, and why")
    return Table("Variety", before, head, rows, texts=2)


def _one_of_variety(
    works: Works,
    node: NodeProcess | None,
    reason: str,
    case: tuple[str, str, str, str, str],
    *,
    seconds: float,
    rounds: int,
) -> tuple[str, ...]:
    label, deed, suite, kind, tier = case
    talker = worker()
    cpu: list[float] = []
    taken: Counter[str] = Counter()
    done = 0
    try:
        peer, said = _peer_of(works, node, reason, deed, suite, kind, tier, seconds)

        def turn(count: int) -> dict[str, Any]:
            request = {"do": "time", "deed": deed, "suite": suite, "kind": kind, "tier": tier, "count": count}
            if kind == "strangers" and deed == "verify":
                signed, lists = works.strangers(count)
                request |= {
                    "signed": [text.decode() for text in signed],
                    "lists": [text.decode() for text in lists],
                }
            return talker.ask(request)

        if deed == "verify" and suite == RDFC and kind in KINDS:
            # Signed in this process, so that the other one meets each of them for the first time.
            signed_here = [text.decode() for text in works.signed(suite, kind)]
            talker.ask({"do": "give", "suite": suite, "kind": kind, "signed": signed_here})
        count = max(3, int(calibrated(lambda count: float(turn(count)["wall"]), 4 * seconds) / 4))
        theirs: list[float] = []
        for _ in range(rounds):
            told = turn(count)
            cpu.append(told["cpu"] / count)
            taken.update(told["taken"])
            done += count
            if peer is not None:
                theirs.append(peer())
    except (RuntimeError, OSError, KeyError) as error:
        return (label, deed, "not measured", "", "", str(error))
    finally:
        talker.close()
    ratio = spread([their / our for their, our in zip(theirs, cpu, strict=True)], "{:.1f}") if theirs else ""
    return (label, deed, micros(cpu), micros(theirs) if theirs else said, ratio, tiers_told(taken, done))


def _peer_of(
    works: Works,
    node: NodeProcess | None,
    reason: str,
    deed: str,
    suite: str,
    kind: str,
    tier: str,
    seconds: float,
) -> tuple[Callable[[], float] | None, str]:
    """Return what times the same on Node, per item, or None and a word on it."""
    if tier:
        return None, "as above"
    if node is None:
        return None, f"not there: {reason}"
    try:
        own = "presentation" if kind == "two in a presentation" else suite
        texts = _texts_for(works, node, deed, own, kind)
        run = node.run(deed, own, texts)
        count = calibrated(lambda count: run(count)[1], seconds)
    except (RuntimeError, OSError) as error:
        return None, f"failed: {error}"[:90].replace("|", "/")
    return lambda: run(count)[0] / count, ""


def _texts_for(works: Works, node: NodeProcess, deed: str, suite: str, kind: str) -> list[bytes]:
    """Return what the peer works on; where curves make other bytes each time, what it signed itself."""
    if suite == "presentation":
        drafts = [presentation_of(works.signed(RDFC, "typical")[n : n + 2]) for n in range(0, 20, 2)]
        return drafts if deed == "issue" else [_signed_by(node, suite, draft) for draft in drafts]
    if kind == "strangers":
        drafts = [texts_of(of_stranger(n)) for n in range(1, 21)]
        if deed == "issue":
            return works.drafts("typical")[:20]
        return [_of_stranger(n, draft) for n, draft in enumerate(drafts, 1)]
    drafts = works.drafts(kind)[:20]
    if deed == "issue":
        return drafts
    if suite == RDFC:
        return works.signed(suite, kind)[:20]
    signed = [_signed_by(node, suite, draft) for draft in drafts]
    if deed == "show part" or suite not in (SELECTIVE, SD_JWT):
        return signed
    return [
        str(node.ask({"do": "show", "suite": suite, "text": text.decode()})["text"]).encode()
        for text in signed
    ]


def _of_stranger(number: int, draft: bytes) -> bytes:
    document: Any = strictjson.loads(draft)

    return issue.sign(issue.check_document(document), signing_key(number), created=AT)


def _signed_by(node: NodeProcess, suite: str, draft: bytes) -> bytes:
    return str(node.ask({"do": "sign", "suite": suite, "text": draft.decode()})["text"]).encode()


def tiers_told(taken: Counter[str], done: int) -> str:
    """Return how many of 100 credentials each way answered for, and the reasons why a faster one did not."""
    each_way = {
        "whole report": taken["template: whole report"],
        **{name: taken[name] for name in ("template", "mapper", "general")},
    }
    said = [f"{name} {hundredth(count, done)}" for name, count in each_way.items() if count]
    why = [
        f"no {name.removeprefix('fallback: ')} ({hundredth(count, done)})"
        for name, count in taken.most_common()
        if name.startswith("fallback: ") and count * 100 >= done
    ]
    alarms = [f"ALARM {name} ({count})" for name, count in taken.items() if name.startswith("alarm")]
    return "; ".join([", ".join(said) or "no canonical form", *why[:3], *alarms])


def hundredth(count: int, done: int) -> str:
    """Return how often something was in 100 credentials."""
    share = 100 * count / done
    return f"{share:.0f}" if share >= 1 else "< 1"
