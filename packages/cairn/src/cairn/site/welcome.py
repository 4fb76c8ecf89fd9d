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


def text(
    base_url: str, *, has_demo: bool = True, has_outbox: bool = True, is_empty: bool = False, kept: str = ""
) -> str:
    """Return the welcome for a site at this address; `kept` says where its records lie."""
    pages = [("/check", "check any credential")]
    if has_demo:
        pages.append(("/o/fernhill", "the demo institution"))
    if has_outbox:
        pages.append(("/outbox", "every e-mail the site sends, sign-in links too"))
    lines = ["", f"Cairn is up:  {base_url}", ""]
    lines += [f"    {base_url + path:<42}{what}" for path, what in pages]
    if has_demo and has_outbox:
        lines += ["", f"Sign in at {base_url}/sign-in as one of these; the link arrives in the outbox:"]
        lines += [f"    {email:<34}{does}" for email, does in CAST]
    if is_empty:
        lines += ["", "Nobody is here yet. Found your institution, with you as its administrator:"]
        lines += ['    ./cairn found "NAME" --country GB --admin you@example.org --admin-name "Your Name"']
    return "\n".join([*lines, "", f"Stop with Ctrl-C. {kept}".rstrip(), ""])
