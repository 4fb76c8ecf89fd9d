# SPDX-License-Identifier: Apache-2.0
"""The words a newcomer reads once the server listens: where to look, and how to sign in as each role."""

#: The people of the demo institution and what each of them does there.
CAST = (
    ("priya.nair@fernhill.example", "runs programmes and issues credentials"),
    ("tomas.reyes@fernhill.example", "assessor"),
    ("ingrid.solberg@fernhill.example", "assessor"),
    ("amara.okafor@example.org", "learner, holds a credential"),
    ("lukas.brandt@example.org", "learner, work waiting to be marked"),
)


def text(base_url: str) -> str:
    """Return the welcome for a site at this address."""
    rows = "\n".join(f"    {email:<34}{does}" for email, does in CAST)
    return f"""
Cairn is up:  {base_url}

    {base_url + "/check":<42}check any credential
    {base_url + "/o/fernhill":<42}the demo institution
    {base_url + "/outbox":<42}every e-mail the site sends, sign-in links too

Sign in at {base_url}/sign-in as one of these; the link arrives in the outbox:
{rows}

Stop with Ctrl-C. Everything lives in var/; remove that folder to start afresh.
"""
