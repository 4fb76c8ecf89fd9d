# SPDX-License-Identifier: Apache-2.0
"""Work is handed in once, marked blind by two, agreed, and becomes an award; nothing is lost on the way."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import cast
import pytest
from django.db import IntegrityError, transaction

from assessment import pieces
from assessment.pieces import FILES, NOW, WORDS, upload
from cairn.achievements.errors import NoSuchAchievement
from cairn.assessment import queries, services
from cairn.assessment.errors import (
    AlreadyFinished,
    AlreadyHandedIn,
    Incomplete,
    NoNewAttempt,
    NoSuchWork,
    NothingToMark,
    NotMarkable,
    OwnProposal,
    ProposalChanged,
    TooManyStarted,
    UnknownLevel,
)
from cairn.assessment.facts import Mark, ProposedLevel, State, Words
from cairn.assessment.models import AgreedLevel, EvidenceFile, Marking, Submission
from cairn.assessment.models import Mark as MarkRow
from cairn.credentials.models import Award
from cairn.foundation import files
from cairn.people.errors import NoSuchOrganization, NotASignedInPerson, RoleMissing
from cairn.people.facts import NOBODY, Role

pytestmark = pytest.mark.django_db


def keep(*sent, words=WORDS, by=None):
    return services.keep(cast.data_cleaning().ref, words, sent, by=(by or cast.amara()).actor, at=NOW)


def work(by=None):
    return queries.work(cast.data_cleaning().ref, by=(by or cast.amara()).actor)


class TestKeeping:
    def test_stores_each_file_with_its_fingerprint_size_and_sniffed_type(self):
        kept = keep(*FILES)

        assert kept.added == 3
        assert kept.faults == ()
        for one in work().current.evidence:
            assert files.sha256_now(one.file_key) == one.sha256
        assert [(one.title, one.media_type, one.size) for one in work().current.evidence] == [
            ("Cleaning notebook", "application/x-ipynb+json", len(pieces.NOTEBOOK)),
            ("Cleaned data", "text/csv", len(pieces.TABLE)),
            ("Data quality report", "application/pdf", len(pieces.PDF)),
        ]

    def test_takes_the_good_files_and_names_the_bad_ones(self, settings):
        settings.CAIRN_FILE_LIMIT = 5 * 1024 * 1024
        photo = upload("t1", "photo.jpg", pieces.JPEG + bytes(9 * 1024 * 1024 - len(pieces.JPEG)))

        kept = keep(photo, FILES[1], upload("t3", "empty.pdf", b""))

        assert kept.added == 1
        assert [(fault.field, fault.about, str(fault)) for fault in kept.faults] == [
            ("t1", "photo.jpg", "The file is 9 MB. The most we can take is 5 MB"),
            ("t3", "empty.pdf", "The file is empty. Choose the one with your work in it"),
        ]
        assert work().current.words == WORDS

    def test_does_not_read_a_file_that_is_too_large(self):
        def read():
            raise AssertionError("read")

        sent = pieces.Upload(client_key="k", task_id="t1", name="big.csv", size=10**12, read=read)

        assert [fault.code for fault in keep(sent).faults] == ["assessment.file-too-large"]

    def test_adds_nothing_when_a_browser_sends_the_same_request_again(self):
        keep(*FILES)

        again = keep(*FILES)

        assert (again.added, again.faults) == (0, ())
        assert EvidenceFile.objects.count() == 3

    def test_tells_who_chooses_the_same_file_twice(self):
        keep(FILES[1])

        again = keep(upload("t2", "arrivals copy.csv", pieces.TABLE, key="another page"))

        assert [str(fault) for fault in again.faults] == [
            "You added this file already, as “arrivals.csv”. It is there once"
        ]
        assert EvidenceFile.objects.count() == 1

    def test_takes_the_same_file_for_two_tasks(self):
        assert keep(FILES[1], upload("t1", "arrivals.csv", pieces.TABLE)).added == 2

    def test_keeps_names_in_any_script(self):
        keep(upload("t2", "سجلات الوصول.csv", pieces.TABLE))

        assert work().current.evidence[0].name == "سجلات الوصول.csv"

    def test_leaves_no_bytes_behind_when_a_row_cannot_be_written(self, monkeypatch, settings, tmp_path):
        settings.CAIRN_VAR = tmp_path
        keep()
        with pytest.raises(IntegrityError), transaction.atomic():
            # The database refuses the row, as it would a concurrent twin.
            monkeypatch.setattr(type(FILES[0]), "client_key", None)
            keep(FILES[0])

        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_takes_at_most_twenty_files(self):
        sent = [upload("t2", f"{n}.csv", f"a,b\n{n},{n}\n".encode()) for n in range(21)]

        kept = keep(*sent)

        assert kept.added == 20
        assert [fault.code for fault in kept.faults] == ["assessment.too-many-files"]

    def test_begins_one_draft_however_often_it_is_saved(self):
        keep()
        keep(words=Words(statement="Later", ai_statement=""))

        assert Submission.objects.count() == 1
        assert work().current.words.statement == "Later"

    def test_refuses_text_that_is_too_long(self):
        with pytest.raises(Incomplete):
            keep(words=Words(statement="x" * 4001))

    def test_refuses_a_task_that_the_achievement_does_not_have(self):
        with pytest.raises(NoSuchWork):
            keep(upload("t9", "arrivals.csv", pieces.TABLE))

    def test_is_for_learners_of_the_organization_only(self):
        with pytest.raises(NotASignedInPerson):
            services.keep(cast.data_cleaning().ref, WORDS, by=NOBODY, at=NOW)
        with pytest.raises(RoleMissing):
            keep(by=cast.tomas())
        with pytest.raises(NoSuchOrganization):
            keep(by=cast.sven())
        with pytest.raises(NoSuchAchievement):
            services.keep("0" * 26, WORDS, by=cast.amara().actor, at=NOW)


class TestRemoving:
    def test_can_be_undone_until_handing_in(self):
        keep(*FILES)
        ref, one = cast.data_cleaning().ref, work().current.evidence[1]

        services.remove(ref, one.id, by=cast.amara().actor, at=NOW)
        removed = work()
        services.put_back(ref, one.id, by=cast.amara().actor)

        assert one.id not in {file.id for file in removed.current.evidence}
        assert [file.id for file in removed.tasks[1].removed] == [one.id]
        assert work().current.evidence[1].id == one.id

    def test_of_a_file_of_somebody_else_finds_nothing(self):
        keep(*FILES)
        mine = work().current.evidence[0]
        keep(by=cast.lukas())

        with pytest.raises(NoSuchWork):
            services.remove(cast.data_cleaning().ref, mine.id, by=cast.lukas().actor, at=NOW)

    def test_adding_it_again_puts_it_back(self):
        keep(*FILES)
        one = work().current.evidence[1]
        services.remove(cast.data_cleaning().ref, one.id, by=cast.amara().actor, at=NOW)

        assert keep(upload("t2", "better name.csv", pieces.TABLE, key="new")).added == 1
        assert work().current.evidence[1].name == "better name.csv"

    def test_takes_the_bytes_away_with_handing_in(self, django_capture_on_commit_callbacks):
        keep(*FILES, upload("t2", "wrong.csv", b"a,b\n1,2\n"))
        wrong = work().tasks[1].evidence[1]
        services.remove(cast.data_cleaning().ref, wrong.id, by=cast.amara().actor, at=NOW)

        with django_capture_on_commit_callbacks(execute=True):
            services.hand_in(cast.data_cleaning().ref, by=cast.amara().actor, at=NOW)

        assert files.sha256_now(wrong.file_key) is None
        assert len(work().current.evidence) == 3


class TestHandingIn:
    def test_names_everything_that_is_missing_and_loses_nothing(self):
        keep(FILES[0], words=Words(statement=WORDS.statement))

        with pytest.raises(Incomplete) as refusal:
            services.hand_in(cast.data_cleaning().ref, by=cast.amara().actor, at=NOW)

        assert {fault.field for fault in refusal.value.faults} == {"ai_statement", "t2", "t3"}
        assert work().current.state is State.DRAFT
        assert len(work().current.evidence) == 1

    def test_is_for_good(self):
        pieces.handed_in()
        ref, amara = cast.data_cleaning().ref, cast.amara().actor

        with pytest.raises(AlreadyHandedIn):
            services.hand_in(ref, by=amara, at=NOW)
        with pytest.raises(AlreadyHandedIn):
            keep(FILES[0])
        with pytest.raises(AlreadyHandedIn):
            services.remove(ref, work().current.evidence[0].id, by=amara, at=NOW)
        assert work().current.words == WORDS
        assert len(work().current.evidence) == 3

    def test_is_for_those_who_still_learn_there(self):
        keep(*FILES)
        ref, amara = cast.data_cleaning().ref, cast.amara()
        stranger = replace(amara.actor, roles=frozenset())

        with pytest.raises(NoSuchOrganization):
            services.hand_in(ref, by=stranger, at=NOW)
        with pytest.raises(NoSuchOrganization):
            services.keep(ref, WORDS, by=stranger, at=NOW)
        assert queries.work(ref, by=stranger).current.state is State.DRAFT

    def test_shows_assessors_a_number_and_no_name(self):
        row = pieces.handed_in()
        submission_id = services.take_next(by=cast.tomas().actor, at=NOW)

        desk = queries.desk(submission_id, show=None, by=cast.tomas().actor)
        served = queries.evidence_for_assessor(submission_id, desk.evidence[0].id, by=cast.tomas().actor)

        assert 10_000 <= row.candidate <= 99_999
        assert served.name == f"candidate-{row.candidate}-1.ipynb"
        assert desk.evidence[0].title == "Cleaning notebook"


class TestTaking:
    def test_gives_the_work_that_waits_longest(self):
        first = pieces.handed_in()
        Submission.objects.filter(id=first.id).update(handed_in_at=NOW - timedelta(days=3))
        pieces.handed_in(cast.lukas())

        assert services.take_next(by=cast.tomas().actor, at=NOW) == first.id

    def test_gives_no_more_seats_than_assessors_are_needed(self):
        pieces.handed_in()
        services.take_next(by=cast.tomas().actor, at=NOW)
        services.take_next(by=cast.ingrid().actor, at=NOW)

        with pytest.raises(NothingToMark):
            services.take_next(by=cast.wanda().actor, at=NOW)

    def test_gives_nobody_the_same_work_twice(self):
        pieces.handed_in()
        services.take_next(by=cast.tomas().actor, at=NOW)

        with pytest.raises(NothingToMark):
            services.take_next(by=cast.tomas().actor, at=NOW)

    def test_never_gives_learners_their_own_work(self):
        both = cast.person("Noa Levi", "noa@example.org", cast.fernhill(), Role.LEARNER, Role.ASSESSOR)
        pieces.handed_in(both)

        with pytest.raises(NothingToMark):
            services.take_next(by=both.actor, at=NOW)
        assert queries.queue_of(both.actor).waiting_count == 0

    def test_is_refused_by_the_database_too_where_it_is_ones_own_work(self):
        row = pieces.handed_in()

        with pytest.raises(IntegrityError), transaction.atomic():
            Marking.objects.create(
                submission=row, assessor=row.learner, learner=row.learner, seat=1, taken_at=NOW
            )

    def test_gives_nothing_of_other_organizations(self):
        pieces.handed_in()

        with pytest.raises(NothingToMark):
            services.take_next(by=cast.sven().actor, at=NOW)
        with pytest.raises(RoleMissing):
            services.take_next(by=cast.amara().actor, at=NOW)

    def test_gives_no_more_than_five_unfinished_pieces(self):
        for n in range(6):
            pieces.handed_in(cast.person(f"Learner {n}", f"l{n}@example.org", cast.fernhill(), Role.LEARNER))
        for _ in range(5):
            services.take_next(by=cast.tomas().actor, at=NOW)

        with pytest.raises(TooManyStarted):
            services.take_next(by=cast.tomas().actor, at=NOW)

    def test_given_back_goes_to_somebody_else(self):
        row = pieces.handed_in()
        services.take_next(by=cast.tomas().actor, at=NOW)

        services.give_back(row.id, by=cast.tomas().actor, at=NOW)

        assert Submission.objects.get(id=row.id).state == State.HANDED_IN
        with pytest.raises(NothingToMark):
            services.take_next(by=cast.tomas().actor, at=NOW)
        with pytest.raises(NoSuchWork):
            queries.desk(row.id, show=None, by=cast.tomas().actor)
        assert services.take_next(by=cast.ingrid().actor, at=NOW) == row.id
        assert services.take_next(by=cast.wanda().actor, at=NOW) == row.id


class TestMarking:
    def test_keeps_half_written_marks(self):
        row = pieces.handed_in()
        tomas = cast.tomas().actor
        services.take_next(by=tomas, at=NOW)

        services.save_marks(row.id, pieces.marks(4, 0, 0, 0, comment=""), by=tomas, at=NOW)
        services.save_marks(row.id, pieces.marks(4, 2, 0, 0, comment="Half"), by=tomas, at=NOW)

        kept = {mark.criterion_id: mark for mark in queries.desk(row.id, show=None, by=tomas).marks}
        assert [kept[f"c{n}"].level_id for n in range(1, 5)] == ["c1-l4", "c2-l2", "", ""]

    def test_is_saved_in_few_queries_because_it_is_saved_often(self, django_assert_max_num_queries):
        row = pieces.handed_in()
        tomas = cast.tomas().actor
        services.take_next(by=tomas, at=NOW)
        marks = pieces.marks(3, 3, 3, 3)

        with django_assert_max_num_queries(8):  # six, and the transaction's own two
            services.save_marks(row.id, marks, by=tomas, at=NOW)
        with django_assert_max_num_queries(5):
            queries.desk(row.id, show=None, by=tomas)

    def test_cannot_be_finished_with_gaps(self):
        row = pieces.handed_in()
        tomas = cast.tomas().actor
        services.take_next(by=tomas, at=NOW)
        services.save_marks(row.id, pieces.marks(4, 2, 0, 3, comment=""), by=tomas, at=NOW)

        with pytest.raises(Incomplete) as refusal:
            services.finish(row.id, by=tomas, at=NOW)

        assert [(fault.code, fault.field) for fault in refusal.value.faults] == [
            ("assessment.no-comment", "c2"),
            ("assessment.no-level", "c3"),
        ]

    def test_refuses_levels_of_another_rubric(self):
        row = pieces.handed_in()
        services.take_next(by=cast.tomas().actor, at=NOW)

        with pytest.raises(UnknownLevel):
            services.save_marks(
                row.id, [Mark(criterion_id="c1", level_id="c2-l4")], by=cast.tomas().actor, at=NOW
            )

    def test_does_not_change_after_finishing(self):
        pieces.handed_in()
        submission_id = pieces.marked(cast.tomas(), 3, 3, 3, 3)

        with pytest.raises(AlreadyFinished):
            services.save_marks(submission_id, pieces.marks(4, 4, 4, 4), by=cast.tomas().actor, at=NOW)
        with pytest.raises(AlreadyFinished):
            services.finish(submission_id, by=cast.tomas().actor, at=NOW)
        with pytest.raises(AlreadyFinished):
            services.give_back(submission_id, by=cast.tomas().actor, at=NOW)

    def test_hides_the_marks_of_the_first_from_the_second(self):
        pieces.handed_in()
        submission_id = pieces.marked(cast.tomas(), 3, 3, 3, 3)
        services.take_next(by=cast.ingrid().actor, at=NOW)

        assert queries.desk(submission_id, show=None, by=cast.ingrid().actor).marks == ()
        for assessor in (cast.tomas(), cast.ingrid()):
            with pytest.raises(NoSuchWork):
                queries.table(submission_id, show=None, by=assessor.actor)

    def test_is_closed_to_whoever_has_no_seat(self):
        row = pieces.handed_in()
        pieces.marked(cast.tomas(), 3, 3, 3, 3)

        for stranger in (cast.wanda(), cast.sven(), cast.amara()):
            with pytest.raises(NoSuchWork):
                queries.desk(row.id, show=None, by=stranger.actor)
            with pytest.raises(NoSuchWork):
                services.save_marks(row.id, pieces.marks(4, 4, 4, 4), by=stranger.actor, at=NOW)

    def test_goes_on_when_the_disk_lost_a_file(self):
        row = pieces.handed_in()
        services.take_next(by=cast.tomas().actor, at=NOW)
        lost = row.files.get(task_id="t1")
        files.forget(lost.file_key)

        desk = queries.desk(row.id, show=lost.id, by=cast.tomas().actor)

        assert desk.open.id == lost.id
        assert desk.shown.is_gone


class TestAgreeing:
    def test_needs_nobody_where_the_levels_are_the_same(self):
        row = pieces.handed_in()
        pieces.marked(cast.tomas(), 3, 4, 3, 3, comment="Well tested.")
        pieces.marked(cast.ingrid(), 3, 4, 3, 3, comment="Clear report.")

        result = queries.feedback(row.achievement_ref, 1, by=cast.amara().actor)

        assert result.submission.state is State.PASSED
        assert result.results[1].level_name == "Exemplary"
        assert result.results[0].comment == "Well tested.\n\nClear report."

    def test_is_not_yet_where_one_criterion_is_below_its_level(self):
        row = pieces.handed_in()
        pieces.marked(cast.tomas(), 4, 4, 2, 4)
        pieces.marked(cast.ingrid(), 4, 4, 2, 4)

        assert Submission.objects.get(id=row.id).state == State.NOT_YET
        assert not Award.objects.exists()

    def test_takes_one_who_proposes_and_one_who_confirms(self):
        row = pieces.differing()
        tomas, ingrid = cast.tomas().actor, cast.ingrid().actor
        line = ProposedLevel(criterion_id="c3", level_id="c3-l3", reason="Section 4 runs on a fresh copy.")

        proposed = services.propose(row.id, [line], by=tomas, at=NOW)
        confirmed = services.confirm(row.id, 1, by=ingrid, at=NOW)

        assert proposed.waits_for_other
        assert confirmed.state is State.PASSED
        agreed = AgreedLevel.objects.get(submission=row, criterion_id="c3")
        assert (agreed.level_id, agreed.comment) == ("c3-l3", "Section 4 runs on a fresh copy.")

    def test_keeps_the_marks_as_they_were_given(self):
        row = pieces.differing()
        before = list(MarkRow.objects.order_by("id").values())
        line = ProposedLevel(criterion_id="c3", level_id="c3-l3", reason="Section 4 runs on a fresh copy.")
        services.propose(row.id, [line], by=cast.tomas().actor, at=NOW)
        services.confirm(row.id, 1, by=cast.ingrid().actor, at=NOW)

        assert list(MarkRow.objects.order_by("id").values()) == before
        shown = queries.table(row.id, show=None, by=cast.tomas().actor).comparisons[2]
        assert [given.level_id for given in shown.given] == ["c3-l3", "c3-l2"]

    def test_needs_a_level_and_a_reason_for_every_difference(self):
        row = pieces.differing()

        with pytest.raises(Incomplete) as refusal:
            services.propose(
                row.id, [ProposedLevel(criterion_id="c3", reason="  ")], by=cast.tomas().actor, at=NOW
            )

        assert [fault.code for fault in refusal.value.faults] == [
            "assessment.no-level",
            "assessment.no-reason",
        ]

    def test_never_lets_one_person_agree_alone(self):
        row = pieces.differing()
        line = ProposedLevel(criterion_id="c3", level_id="c3-l4", reason="It is fine.")
        services.propose(row.id, [line], by=cast.tomas().actor, at=NOW)

        with pytest.raises(OwnProposal):
            services.confirm(row.id, 1, by=cast.tomas().actor, at=NOW)
        assert Submission.objects.get(id=row.id).state == State.MARKS_DIFFER

    def test_never_confirms_what_was_not_read(self):
        row = pieces.differing()
        for level in ("c3-l2", "c3-l4"):
            services.propose(
                row.id,
                [ProposedLevel(criterion_id="c3", level_id=level, reason="On second thoughts.")],
                by=cast.tomas().actor,
                at=NOW,
            )

        with pytest.raises(ProposalChanged):
            services.confirm(row.id, 1, by=cast.ingrid().actor, at=NOW)
        with pytest.raises(ProposalChanged):
            services.confirm(row.id, 0, by=cast.ingrid().actor, at=NOW)

    def test_does_nothing_where_marks_do_not_differ(self):
        row = pieces.handed_in()
        pieces.marked(cast.tomas(), 3, 3, 3, 3)

        with pytest.raises(NotMarkable):
            services.propose(row.id, [], by=cast.tomas().actor, at=NOW)


class TestPassing:
    def test_records_the_award_with_marks_and_fingerprints(self):
        row = pieces.handed_in()
        pieces.marked(cast.tomas(), 3, 4, 3, 3)
        pieces.marked(cast.ingrid(), 3, 4, 3, 3)

        award = Award.objects.get(id=row.id)

        assert award.person_id == cast.amara().row.id
        assert award.achievement_id == cast.data_cleaning().id
        assert award.assessed
        assert award.narrative.startswith(WORDS.statement)
        assert "How AI was used: I asked an assistant" in award.narrative
        assert [result["position"] for result in award.results] == [3, 4, 3, 3]
        stored = {one["name"]: one for one in award.evidence}
        assert set(stored) == {"Cleaning notebook", "Cleaned data", "Data quality report"}
        for one in EvidenceFile.objects.filter(submission=row):
            assert one.sha256 in {evidence["sha256"] for evidence in award.evidence}

    def test_is_undone_as_a_whole_where_the_award_cannot_be_recorded(self):
        row = pieces.handed_in()
        pieces.marked(cast.tomas(), 3, 3, 3, 3)
        services.take_next(by=cast.ingrid().actor, at=NOW)
        services.save_marks(row.id, pieces.marks(3, 3, 3, 3), by=cast.ingrid().actor, at=NOW)
        # The learner's row cannot vanish, so an award of the same id that says something else stands in.
        Award.objects.create(
            id=row.id,
            organization_id=row.organization_id,
            achievement_id=uuid4(),
            achievement_ref=row.achievement_ref,
            achievement_name="Another",
            person_id=row.learner_id,
            results=[],
            evidence=[],
            assessed=True,
            decided_at=NOW,
            recorded_at=NOW,
        )

        with pytest.raises(Exception, match="says something else"):
            services.finish(row.id, by=cast.ingrid().actor, at=NOW)

        assert Submission.objects.get(id=row.id).state == State.BEING_MARKED
        assert not AgreedLevel.objects.exists()


class TestANewAttempt:
    def test_starts_from_the_old_one_and_leaves_it_alone(self):
        row = pieces.handed_in()
        pieces.marked(cast.tomas(), 1, 1, 1, 1)
        pieces.marked(cast.ingrid(), 1, 1, 1, 1)
        amara = cast.amara().actor

        services.begin_again(row.achievement_ref, by=amara, at=NOW)
        found = work()

        assert (found.current.attempt, found.current.state) == (2, State.DRAFT)
        assert found.current.candidate != row.candidate
        assert found.current.words == WORDS
        assert len(found.current.evidence) == 3
        assert [one.attempt for one in found.earlier] == [1]
        assert queries.feedback(row.achievement_ref, 1, by=amara).results[0].level_name == "Emerging"

    def test_begun_twice_begins_once(self):
        row = pieces.handed_in()
        pieces.marked(cast.tomas(), 1, 1, 1, 1)
        pieces.marked(cast.ingrid(), 1, 1, 1, 1)
        amara = cast.amara().actor

        for _press in range(2):
            services.begin_again(row.achievement_ref, by=amara, at=NOW)

        assert Submission.objects.filter(learner=cast.amara().row).count() == 2
        assert len(work().current.evidence) == 3

    def test_does_not_take_the_old_bytes_when_a_file_is_removed(self, django_capture_on_commit_callbacks):
        row = pieces.handed_in()
        pieces.marked(cast.tomas(), 1, 1, 1, 1)
        pieces.marked(cast.ingrid(), 1, 1, 1, 1)
        amara = cast.amara().actor
        services.begin_again(row.achievement_ref, by=amara, at=NOW)
        old = work().current.evidence[1]
        services.remove(row.achievement_ref, old.id, by=amara, at=NOW)
        keep(upload("t2", "better.csv", b"a,b\n1,2\n"))

        with django_capture_on_commit_callbacks(execute=True):
            services.hand_in(row.achievement_ref, by=amara, at=NOW)

        assert files.sha256_now(old.file_key) == old.sha256

    @pytest.mark.parametrize("levels", [(), (3, 3, 3, 3)])
    def test_is_only_for_a_result_of_not_yet(self, levels):
        row = pieces.handed_in()
        if levels:
            pieces.marked(cast.tomas(), *levels)
            pieces.marked(cast.ingrid(), *levels)

        with pytest.raises(NoNewAttempt):
            services.begin_again(row.achievement_ref, by=cast.amara().actor, at=NOW)


class TestMyWork:
    def test_lists_what_can_be_handed_in_and_what_was(self):
        cast.data_cleaning()
        before = queries.works_of(cast.amara().actor)
        pieces.handed_in()
        after = queries.works_of(cast.amara().actor)

        assert [(line.name, line.state) for line in before] == [("Data Cleaning with Python", None)]
        assert [(line.name, line.state) for line in after] == [("Data Cleaning with Python", State.HANDED_IN)]

    def test_shows_a_stranger_nothing(self):
        pieces.handed_in()

        assert queries.works_of(cast.sven().actor) == ()
        with pytest.raises(NoSuchWork):
            queries.feedback(cast.data_cleaning().ref, 1, by=cast.lukas().actor)

    def test_costs_few_queries_however_much_there_is(self, django_assert_max_num_queries):
        pieces.handed_in()
        amara = cast.amara().actor

        with django_assert_max_num_queries(3):
            queries.works_of(amara)


class TestQueue:
    def test_tells_an_assessor_what_to_do_next(self):
        row = pieces.differing()
        tomas, ingrid = cast.tomas().actor, cast.ingrid().actor

        before = queries.queue_of(tomas)
        line = ProposedLevel(criterion_id="c3", level_id="c3-l3", reason="Section 4 runs on a fresh copy.")
        services.propose(row.id, [line], by=tomas, at=NOW)

        assert [line.id for line in before.to_agree] == [row.id]
        assert [line.id for line in queries.queue_of(tomas).to_confirm] == [row.id]
        assert [line.id for line in queries.queue_of(ingrid).to_agree] == [row.id]
        assert [line.id for line in queries.done_of(tomas)] == [row.id]

    def test_costs_the_same_for_many_pieces(self, django_assert_max_num_queries):
        for n in range(4):
            pieces.handed_in(cast.person(f"Learner {n}", f"l{n}@example.org", cast.fernhill(), Role.LEARNER))
            services.take_next(by=cast.tomas().actor, at=NOW)
        tomas = cast.tomas().actor

        with django_assert_max_num_queries(5):
            queries.queue_of(tomas)
