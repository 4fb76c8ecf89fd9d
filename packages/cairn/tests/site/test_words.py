# SPDX-License-Identifier: Apache-2.0
"""Every sentence of the platform is there in Dutch, says the same, and reaches the reader."""

import ast
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import cast
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from credentials.scenes import ISSUED_AT, issued
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from cairn.credentials import services as issuing
from cairn.credentials.facts import CheckLine, Visibility
from cairn.credentials.words import say as say_check
from cairn.foundation import news
from cairn.foundation.errors import Refusal
from cairn.foundation.middleware import RefusalMiddleware
from cairn.foundation.words import say
from cairn.people import services as accounts
from cairn.people.errors import LinkUsed
from cairn.site import extraction, words
from cairn.verification.errors import TooMuchPresented

PO = words.LOCALE / "nl" / "LC_MESSAGES" / "django.po"
DUTCH = read_po(BytesIO(PO.read_bytes()), locale="nl")
MESSAGES = [message for message in DUTCH if message.id]
#: What stands for a value, and markup: both have to come through a translation unharmed.
PLACES = re.compile(r"%\(\w+\)[sd]|%%|</?\w[^>]*>|&\w+;")
#: What is never said (interface.md, section 9), and the formal "u", where we say "je".
NEVER = re.compile(
    r"!|\b(?:alstublieft|alsjeblieft|sorry|helaas|oeps|ongeldige?|succesvol|simpelweg|u|uw)\b", re.IGNORECASE
)
VERDICTS = {
    "Genuine and current": "Echt en geldig",
    "Genuine, but out of date": "Echt, maar verlopen",
    "Genuine, but on hold": "Echt, maar opgeschort",
    "Withdrawn by %(issuer)s": "Ingetrokken door %(issuer)s",
    "This copy has been changed": "Deze kopie is veranderd",
    "Signed, but we do not know who by": "Ondertekend, maar we weten niet door wie",
    "We could not finish checking": "We konden de controle niet afmaken",
    "This is not a credential we can read": "Dit is geen certificaat dat we kunnen lezen",
}


def sides(message: Message) -> list[tuple[str, str]]:
    """Return the English and the Dutch of a message, pairwise where it has a plural."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return list(zip(message.id, message.string, strict=True))


PAIRS = [pair for message in MESSAGES for pair in sides(message)]


def keys_of(messages: Iterator[Message]) -> set[tuple[str | None, str]]:
    """Return what tells messages apart: context, sentence and plural."""
    return {(message.context, str(message.id)) for message in messages if message.id}


@pytest.fixture
def dutch() -> Iterator[None]:
    """Switch Dutch on."""
    with translation.override("nl"):
        yield


@pytest.fixture
def reader() -> Client:
    """A browser that asks for Dutch."""
    return Client(headers={"Accept-Language": "nl-NL,nl;q=0.9,en;q=0.5"})


class TestTranslations:
    def test_are_there_for_every_message(self) -> None:
        assert len(MESSAGES) > 1000
        assert [message.id for message in MESSAGES if not extraction.is_translated(message.string)] == []

    def test_are_up_to_date_with_the_source(self) -> None:
        """Symptom: a sentence was changed in code or template, and `./cairn words` was not run."""
        source = keys_of(iter(extraction.collect()))

        assert source - keys_of(iter(MESSAGES)) == set()
        assert keys_of(iter(MESSAGES)) - source == set()

    def test_are_none_of_them_guessed_or_left_over(self) -> None:
        assert [message.id for message in MESSAGES if message.fuzzy] == []
        assert not DUTCH.obsolete

    def test_have_two_plural_forms(self) -> None:
        assert DUTCH.num_plurals == 2
        for message in MESSAGES:
            if not isinstance(message.id, str):
                assert len(message.string) == 2, message.id

    def test_keep_every_place_for_a_value_and_every_tag(self) -> None:
        assert [
            (english, said)
            for english, said in PAIRS
            if sorted(PLACES.findall(said)) != sorted(PLACES.findall(english))
        ] == []

    def test_end_like_the_english(self) -> None:
        assert [
            (english, said)
            for english, said in PAIRS
            if said != said.strip()
            or any(said.endswith(mark) != english.endswith(mark) for mark in (".", "?", "…", ","))
        ] == []

    def test_neither_beg_nor_shout_nor_turn_formal(self) -> None:
        assert [said for _english, said in PAIRS if NEVER.search(said)] == []

    def test_say_certificaat_for_credential(self) -> None:
        # The field's own word stays: "microcredential".
        assert [
            said for _english, said in PAIRS if "credential" in said.lower().replace("microcredential", "")
        ] == []

    @pytest.mark.parametrize("english", VERDICTS)
    def test_give_the_eight_verdicts_exactly(self, english: str) -> None:
        assert DUTCH[english].string == VERDICTS[english]


class TestCollecting:
    def test_finds_what_templates_and_code_mark(self) -> None:
        found = {str(message.id) for message in extraction.collect() if message.id}

        assert "Skip to main content" in found  # {% translate %}
        assert "('%(hours)s hour', '%(hours)s hours')" in found  # ngettext
        assert "Choose a level from 0 to 4." in found  # a noop under the name _
        assert "A link without a name" in found  # {{ …|default:_("…") }}

    def test_finds_the_words_of_refusals_and_faults_without_a_mark(self) -> None:
        found = {str(message.id) for message in extraction.collect() if message.id}

        assert "This link has been used, and each link works once. Ask for a new one." in found
        assert "You have started %(started)s pieces. Finish one of them first." in found
        # Both ends of a choice inside a fault.
        assert "The file is %(size)s. The most we can take is %(most)s" in found
        assert "The file is a little over %(most)s, the most we can take" in found

    def test_keeps_translations_and_drops_what_is_no_longer_said(self, tmp_path: Path) -> None:
        po = tmp_path / "nl" / "LC_MESSAGES" / "django.po"
        po.parent.mkdir(parents=True)
        po.write_bytes(PO.read_bytes() + b'\nmsgid "Nobody says this"\nmsgstr "Niemand zegt dit"\n')

        lacking = extraction.update_all(tmp_path)

        assert lacking == {"nl": 0}
        written = read_po(BytesIO(po.read_bytes()), locale="nl")
        assert {str(one.id): one.string for one in written} == {str(one.id): one.string for one in DUTCH}
        assert not re.search(rb"Generated-By|^#: .*:\d|Nobody says", po.read_bytes(), re.MULTILINE)

    def test_needs_the_values_of_a_refusal_apart(self) -> None:
        """Symptom: a sentence with a number in it stays English, because no catalogue can hold it."""
        refusals = {
            node.name
            for path in extraction.SOURCE.glob("*/errors.py")
            for node in ast.parse(path.read_bytes()).body
            if isinstance(node, ast.ClassDef)
        }
        baked = [
            f"{path.relative_to(extraction.SOURCE)}:{call.lineno}"
            for path in _code()
            for call in ast.walk(ast.parse(path.read_bytes()))
            if isinstance(call, ast.Call)
            and (call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", ""))
            in refusals
            and any(isinstance(one, ast.JoinedStr | ast.BinOp) for one in call.args)
        ]

        assert baked == []


def _code() -> Iterator[Path]:
    for path in extraction.SOURCE.rglob("*.py"):
        if "migrations" not in path.parts:
            yield path


class TestRefusals:
    def test_keep_their_english_for_logs_and_commands(self) -> None:
        refusal = TooMuchPresented(
            "These are %(number)s credentials. The most we check in one go is %(most)s.", number=501, most=500
        )

        assert str(refusal) == "These are 501 credentials. The most we check in one go is 500."

    def test_are_said_with_their_values(self, dutch: None) -> None:
        refusal = TooMuchPresented(
            "These are %(number)s credentials. The most we check in one go is %(most)s.", number=501, most=500
        )

        assert say(refusal) == "Dit zijn 501 certificaten. We controleren er hoogstens 500 tegelijk."

    def test_may_hold_a_percent_sign(self, dutch: None) -> None:
        assert say(Refusal("At 100% there is nothing left.")) == "At 100% there is nothing left."

    def test_without_words_say_nothing(self, dutch: None) -> None:
        """Symptom: the header of the catalogue on the page; that is what gettext returns for no words."""
        assert say(Refusal()) == ""

    def test_come_as_pages_in_the_language_of_the_reader(self, dutch: None) -> None:
        request = RequestFactory().get("/")
        used = LinkUsed("This link has been used, and each link works once. Ask for a new one.")

        reply = RefusalMiddleware(lambda _: pytest.fail("not called")).process_exception(request, used)

        assert reply is not None
        assert reply.status_code == 410
        assert "Deze link is al gebruikt, en elke link werkt één keer." in reply.content.decode()


class TestChecks:
    LINE = CheckLine(name="period", result="failed", code="period.ended", message="It ended on 1 March 2026.")

    def test_keep_laurels_own_sentence_in_english(self) -> None:
        assert say_check(self.LINE) == "It ended on 1 March 2026."

    def test_say_what_the_code_means_in_dutch(self, dutch: None) -> None:
        assert say_check(self.LINE) == "De einddatum is voorbij."

    def test_fall_back_on_the_result_for_a_finer_code(self, dutch: None) -> None:
        line = CheckLine(name="proof", result="failed", code="proof.does-not-hold", message="It does not.")

        assert say_check(line) == "De handtekening past niet bij wat er in het document staat."

    @pytest.mark.parametrize(
        ("name", "result"),
        [
            *[(name, "failed") for name in ("readable", "proof", "issuer", "schema")],
            *[(name, "not_checked") for name in ("proof", "issuer", "status", "schema")],
            *[(name, "look_closer") for name in ("issuer", "status")],
        ],
    )
    def test_have_a_safe_sentence_for_codes_of_tomorrow(self, dutch: None, name: str, result: str) -> None:
        line = CheckLine(name=name, result=result, code=f"{name}.of-tomorrow", message="In English.")

        assert say_check(line) not in (
            "In English.",
            say_check(replace(line, result="passed", code=f"{name}.ok")),
        )

    @pytest.mark.parametrize("code", ["issuer.key-revoked", "issuer.key-expired", "issuer.new-key"])
    def test_never_say_of_a_key_that_ended_that_it_is_not_listed(self, dutch: None, code: str) -> None:
        line = CheckLine(name="issuer", result="failed", code=code, message="In English.")

        assert "noemt deze ondertekensleutel niet" not in say_check(line)
        assert say_check(line) != "In English."

    def test_say_of_a_list_that_does_not_count_that_it_does_not(self, dutch: None) -> None:
        line = CheckLine(
            name="status", result="not_checked", code="status.other-issuer", message="In English."
        )

        assert say_check(line) == "Wat moet laten zien of het is ingetrokken, is niet betrouwbaar."


@pytest.mark.django_db
class TestPages:
    @pytest.mark.parametrize(
        "address",
        ["/", "/help", "/accessibility", "/privacy", "/check", "/check/list", "/sign-in", "/nothing"],
    )
    def test_speak_nothing_but_dutch(self, address: str, reader: Client) -> None:
        page = reader.get(address).content.decode()

        assert '<html lang="nl"' in page
        assert english_in(page) == []

    def test_answer_a_wrong_entry_in_dutch(self, reader: Client) -> None:
        reply = reader.post("/check", {"ref": ""})

        assert reply.status_code == 422
        assert "Vul de link of het kenmerk in: 26 letters en cijfers" in reply.content.decode()
        assert english_in(reply.content.decode()) == []

    def test_say_the_verdict_on_a_credential_in_dutch(self, reader: Client) -> None:
        ref = issued().ref
        issuing.set_visibility(
            ref,
            visibility=Visibility.LINK,
            shows_evidence=True,
            shows_marks=True,
            by=cast.amara().actor,
            at=timezone.now(),
        )

        page = reader.get(f"/c/{ref}").content.decode()

        assert "Echt en geldig" in page
        assert "Houder niet gecontroleerd" in page
        assert "14 oktober 2026" in page
        # What was signed stands in the language in which it was signed.
        signed = {"Online and on site", "Supervised on site, identity checked"}
        assert set(english_in(page)) <= signed

    def test_stay_english_for_other_readers(self) -> None:
        page = Client(headers={"Accept-Language": "fr"}).get("/check").content.decode()

        assert '<html lang="en"' in page
        assert "Check a credential" in page


def english_in(page: str) -> list[str]:
    """Return the English sentences of ours that stand on a page, where the Dutch says something else."""
    text = html.unescape(re.sub(r"\s+", " ", page))
    return [
        english
        for english, said in PAIRS
        if len(english) > 12
        and " " in english
        and english != said
        and "%(" not in english
        and english in text
    ]


@pytest.mark.django_db
class TestLetters:
    def test_are_written_in_the_language_of_who_reads_them(self) -> None:
        accounts.ask_for_sign_in_link(email="noor.de.wit@example.org", language="nl", at=timezone.now())

        letter = delivered()

        assert letter.subject == "Je inloglink"
        assert "De link werkt één keer, 15 minuten lang." in letter.body
        assert english_in(letter.body) == []

    def test_bring_a_credential_in_dutch(self) -> None:
        learner = cast.amara().row
        learner.language = "nl"
        learner.save(update_fields=["language"])
        issued()

        letter = delivered()

        assert letter.subject == "Je hebt Data Cleaning with Python behaald"
        assert "Bekijken en bewaren" in letter.body
        assert english_in(letter.body) == []


def delivered() -> mail.EmailMessage:
    """Let what was told be heard, and return the one letter that left."""
    mail.outbox.clear()
    while news.deliver_due(at=max(timezone.now(), ISSUED_AT) + timedelta(days=1)):
        pass
    (letter,) = mail.outbox
    return letter
