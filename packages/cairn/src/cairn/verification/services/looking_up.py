# SPDX-License-Identifier: Apache-2.0
"""Finds what a check needs beside the credential: our own documents at home, others on the network."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from cairn.credentials import queries as credentials
from cairn.credentials import services as issuing
from cairn.foundation.errors import NotFound
from cairn.people import queries as people
from laurel.fetch import Fetcher, FetchFailed


class Finder:
    """Gives the document behind a URL, for a series of credentials: a silent host is not asked again.

    One budget of fetches and time counts for each credential; `fresh` starts the next one.
    """

    def __init__(self, *, at: datetime) -> None:
        self._at = at
        self._network = Fetcher(allow_loopback=settings.CAIRN_DEVELOPMENT)
        self._found: dict[str, bytes | FetchFailed] = {}
        self._silent: dict[str, FetchFailed] = {}

    def fresh(self) -> None:
        """Start the budget of another credential."""
        self._network = self._network.fresh()

    def __call__(self, url: str) -> bytes:
        """Return a document. Raises `FetchFailed`."""
        bare = url.partition("#")[0]
        if is_ours(bare):
            return self._our_own(bare)
        known = self._found.get(bare) or self._silent.get(urlsplit(bare).netloc)
        if known is None:
            known = self._fetched(bare)
        if isinstance(known, FetchFailed):
            raise known
        return known

    def _fetched(self, url: str) -> bytes | FetchFailed:
        try:
            answer: bytes | FetchFailed = self._network(url)
        except FetchFailed as fault:
            answer = fault
            if fault.code in ("fetch.timeout", "fetch.unreachable"):
                self._silent[urlsplit(url).netloc] = fault
            if fault.code == "fetch.budget":
                return answer
        self._found[url] = answer
        return answer

    def _our_own(self, url: str) -> bytes:
        """Return what this site serves at an address of its own, without asking itself over the network."""
        steps = urlsplit(url).path.removeprefix(urlsplit(settings.CAIRN_BASE_URL).path).strip("/").split("/")
        try:
            match steps:
                case ["o", slug, "did.json"]:
                    return credentials.did_document(people.get_organization(slug))
                case ["o", slug, "status", ref, purpose]:
                    return issuing.current_list(slug, ref, purpose, at=self._at).document
        except NotFound:
            pass
        raise FetchFailed("There is no such document here.", code="fetch.status")


def is_ours(url: str) -> bool:
    """Tell whether an address is one of this site."""
    base = settings.CAIRN_BASE_URL
    return url == base or url.startswith((f"{base}/", f"{base}?", f"{base}#"))
