# SPDX-License-Identifier: Apache-2.0
"""What can be done with letters. Each function is one transaction."""

from collections.abc import Callable
from datetime import datetime
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from cairn.messages import rules
from cairn.messages.facts import Letter
from cairn.messages.models import Posting


@transaction.atomic
def send(write: Callable[[], Letter], *, to: str, language: str, key: str, at: datetime) -> bool:
    """Write a letter in the reader's language and send it to one address, once. Two queries.

    The mark and the handing over commit together: a mail server that refuses leaves no mark, so the news
    that asked for the letter is told again later.

    Args:
        write: makes the letter; called with the reader's language switched on, and only if it is to be sent.
        language: a language code; one that this site does not speak falls back to the site's own.
        key: names the news and the person, such as `credential-issued/<ref>`; a key is used once.

    Returns:
        False where a letter under this key left before.

    Raises:
        NotOneAddress: `to` is not exactly one plain address.
    """
    address = rules.one_address(to)
    if not Posting.objects.get_or_create(key=key, defaults={"posted_at": at})[1]:
        return False
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        letter = write()
        words = {"letter": letter, "base_url": settings.CAIRN_BASE_URL}
        message = EmailMultiAlternatives(
            subject=rules.one_line(letter.subject),
            body=render_to_string("messages/mail/letter.txt", words),
            from_email=_from(letter.sender),
            to=[address],
            headers={"Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string("messages/mail/letter.html", words), "text/html")
    message.send()
    return True


def _from(name: str) -> str:
    """Return our own address under the name of whom the letter is from."""
    return formataddr((rules.one_line(name), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
