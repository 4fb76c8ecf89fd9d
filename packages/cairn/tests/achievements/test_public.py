# SPDX-License-Identifier: Apache-2.0
"""What strangers and their software see of an issuer and an achievement."""

import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import cast
import jsonschema
import pytest
from django.test import Client
from PIL import Image

from cairn.achievements import services
from cairn.achievements.facts import About, PublicFacts
from cairn.credentials import queries as credited
from cairn.credentials import services as crediting
from cairn.credentials.facts import Award

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SCHEMA = Path(__file__).parents[5] / "shared/standards/schemas/ob3/ob_v3p0_achievementcredential_schema.json"


def ref() -> str:
    """Return the reference of Data Cleaning with Python."""
    return cast.data_cleaning().ref


class TestIssuerPage:
    def test_says_who_it_is_where_and_what_can_be_earned(self, client):
        published = cast.data_cleaning()

        html = client.get("/o/fernhill").content.decode()

        for words in ("Fernhill College", "United Kingdom", "External review every three years"):
            assert words in html
        assert f'href="/a/{published.ref}"' in html
        assert 'href="/o/fernhill/did.json"' in html

    def test_never_claims_a_register_that_is_not_asked(self, client):
        cast.fernhill()

        assert "we cannot say who else vouches" in client.get("/o/fernhill").content.decode()

    def test_shows_no_draft(self, client):
        services.draft(cast.fernhill().id, "Secret Plan", by=cast.noor().actor, at=NOW)

        html = client.get("/o/fernhill").content.decode()

        assert "Secret Plan" not in html
        assert "Nothing is published here yet." in html


class TestAchievementPage:
    def test_shows_facts_outcomes_and_what_passes(self, client):
        html = client.get(f"/a/{ref()}").content.decode()

        for words in (
            "EQF 5",
            "50 hours",
            "2 ECTS",
            "write Python that another analyst can rerun",
            "Proficient",
        ):
            assert words in html
        assert "Not EU-conformant" not in html

    def test_says_which_eu_elements_are_missing(self, client):
        published = cast.data_cleaning()
        editor = cast.noor().actor
        services.new_version(published.ref, by=editor, at=NOW)
        draft = services.edit(
            published.ref,
            About(
                name=published.name,
                description=published.description,
                criteria_narrative=published.criteria_narrative,
                outcomes=published.outcomes,
                achievement_type="Certificate",
                language="en",
            ),
            by=editor,
            at=NOW,
        )
        bare = PublicFacts(
            workload_hours=None,
            ects=None,
            eqf_level=None,
            level_applies=True,
            assessment_type=None,
            participation=None,
            quality_assurance="",
            prerequisites="",
            supervision=None,
            identity_check="",
            stackability="",
            valid_for_months=None,
            review_by=None,
        )
        services.edit(draft.ref, bare, by=editor, at=NOW)
        services.publish(draft.ref, by=editor, at=NOW)

        html = client.get(f"/a/{published.ref}").content.decode()

        assert "Not EU-conformant" in html
        assert "the workload in hours" in html

    def test_of_an_old_version_says_so_and_stays(self, client):
        published = cast.data_cleaning()
        services.new_version(published.ref, by=cast.noor().actor, at=NOW)
        services.publish(published.ref, by=cast.noor().actor, at=NOW)

        assert "kept as it was" in client.get(f"/a/{published.ref}/v/1").content.decode()
        assert "kept as it was" not in client.get(f"/a/{published.ref}/v/2").content.decode()

    def test_runs_nothing_that_an_editor_wrote(self, client):
        published = cast.data_cleaning()
        services.new_version(published.ref, by=cast.noor().actor, at=NOW)
        evil = About(
            name="<script>alert(1)</script>",
            description="<img src=x onerror=alert(1)>",
            criteria_narrative="<script>alert(1)</script> [x](javascript:alert(1))",
            outcomes=("<svg onload=alert(1)>",),
            achievement_type="Badge",
            language="en",
        )
        services.edit(published.ref, evil, by=cast.noor().actor, at=NOW)
        services.publish(published.ref, by=cast.noor().actor, at=NOW)

        html = client.get(f"/a/{published.ref}").content.decode()

        for live in ("<script>alert", "<img src=x", "<svg onload", 'href="javascript:'):
            assert live not in html

    def test_is_found_in_lower_case_and_with_hyphens(self, client):
        known = ref()

        assert client.get(f"/a/{known.lower()}").status_code == 200
        assert client.get(f"/a/{known[:4]}-{known[4:]}").status_code == 200

    @pytest.mark.parametrize(
        "path", ["", "/v/2", "/v/2.json", "/v/0", "/badge.png?size=513", "/v/2/badge.svg"]
    )
    def test_of_what_is_not_there_is_not_found(self, client, path):
        known = ref() if path else "0123456789ABCDEFGHJKMNPQRS"

        assert client.get(f"/a/{known}{path}").status_code == 404


class TestDocument:
    def test_is_an_open_badges_3_achievement(self, client):
        if not SCHEMA.exists():
            pytest.skip("the official schemas are not beside the project")
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        document = client.get(f"/a/{ref()}/v/1.json").json()
        document.pop("@context")

        official = jsonschema.validators.validator_for(schema)
        check = official({**schema["$defs"]["Achievement"], "$defs": schema["$defs"]}).validate
        check(document)

        broken = {**document, "resultDescription": [{"id": "x"}]}
        with pytest.raises(jsonschema.ValidationError):
            check(broken)

    def test_has_the_address_of_the_version_as_its_id(self, client, settings):
        document = client.get(f"/a/{ref()}/v/1.json").json()

        assert document["id"] == f"{settings.CAIRN_BASE_URL}/a/{ref()}/v/1"
        scale = document["resultDescription"][0]
        assert scale["requiredLevel"] == scale["rubricCriterionLevel"][2]["id"]
        assert scale["id"].startswith(document["id"] + "#criterion-")

    def test_is_served_at_the_id_to_programs_only(self, client):
        address = f"/a/{ref()}/v/1"

        as_json = client.get(address, headers={"accept": "application/ld+json"})
        as_page = client.get(address, headers={"accept": "text/html,application/json;q=0.9"})

        assert as_json["Content-Type"] == "application/ld+json"
        assert as_page["Content-Type"].startswith("text/html")
        assert "Accept" in as_json["Vary"]
        assert "Accept" in as_page["Vary"]

    def test_holds_no_null_and_no_empty_list(self, client):
        def walk(part: object) -> None:
            assert part is not None
            assert part != []
            for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
                walk(inner)

        walk(client.get(f"/a/{ref()}/v/1.json").json())


class TestBadge:
    def test_as_svg_can_neither_run_nor_load_anything(self, client):
        reply = client.get(f"/a/{ref()}/v/1/badge.svg")

        policy = reply["Content-Security-Policy"]
        assert reply["Content-Type"] == "image/svg+xml"
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert reply["X-Content-Type-Options"] == "nosniff"

    def test_of_a_version_is_kept_for_ever_and_of_the_newest_for_a_while(self, client):
        assert "immutable" in client.get(f"/a/{ref()}/v/1/badge.svg")["Cache-Control"]
        assert "immutable" not in client.get(f"/a/{ref()}/badge.svg")["Cache-Control"]

    @pytest.mark.parametrize("size", [48, 512])
    def test_as_png_has_the_size_asked_for(self, client, size):
        reply = client.get(f"/a/{ref()}/badge.png?size={size}")

        assert Image.open(BytesIO(reply.content)).size == (size, size)


class TestWithoutAnAccount:
    def test_everything_published_is_open(self):
        stranger = Client()
        known = ref()

        for path in ("", "/v/1", "/v/1.json", "/badge.svg", "/badge.png", "/v/1/badge.svg", "/v/1/badge.png"):
            assert stranger.get(f"/a/{known}{path}").status_code == 200


class TestOneAchievement:
    def test_says_in_a_credential_word_for_word_what_it_says_on_its_own(self, client: Client) -> None:
        """The two were written apart once, and their level ids had drifted."""
        published = cast.data_cleaning()
        award = Award(
            id=uuid4(),
            achievement_id=published.id,
            person_id=cast.amara().row.id,
            decided_at=cast.PUBLISHED_AT,
            assessed=False,
        )
        crediting.record_award(award, by=cast.tomas().actor, at=cast.PUBLISHED_AT)
        batch = crediting.issue([award.id], by=cast.priya().actor, at=cast.PUBLISHED_AT)
        signed = json.loads(credited.document(batch.issued[0].ref, format="json"))

        own = client.get(f"/a/{published.ref}/v/{published.version}.json").json()

        del own["@context"]
        assert signed["credentialSubject"]["achievement"] == own
