# SPDX-License-Identifier: Apache-2.0
"""Addresses of this room."""

from django.urls import path, register_converter

from cairn.credentials.pages import issuing, public, staff
from cairn.foundation.refs import clean_ref


class ReferenceConverter:
    """A credential's reference, also in groups of four as it is printed."""

    regex = "[0-9A-Za-z-]{26,40}"

    def to_python(self, value: str) -> str:
        """Return the reference, or raise `ValueError`: then the address is unknown."""
        ref = clean_ref(value)
        if ref is None:
            raise ValueError("not a reference")
        return ref

    def to_url(self, value: str) -> str:
        """Return the reference as it is."""
        return value


register_converter(ReferenceConverter, "reference")

app_name = "credentials"
_STAFF = "staff/<slug:slug>/"
_ONE = f"{_STAFF}credentials/<reference:ref>/"

urlpatterns = [
    path("c/<reference:ref>", public.show, name="show"),
    path("c/<reference:ref>.json", public.json_file, name="json"),
    path("c/<reference:ref>.jwt", public.jwt_file, name="jwt"),
    path("c/<reference:ref>.png", public.png_file, name="png"),
    path("c/<reference:ref>.svg", public.svg_file, name="svg"),
    path("c/<reference:ref>.pdf", public.pdf_file, name="pdf"),
    path("c/<reference:ref>/evidence/<int:number>", public.evidence, name="evidence"),
    path("o/<slug:slug>/did.json", public.did_document, name="did"),
    path("o/<slug:slug>/status/<str:list_ref>/<str:purpose>", public.status_list, name="status-list"),
    path(_STAFF, staff.home, name="home"),
    path(f"{_STAFF}issue/", issuing.start, name="issue"),
    path(f"{_STAFF}issue/list/", issuing.check, name="check-list"),
    path(f"{_STAFF}issue/ready/<uuid:achievement_id>/", issuing.ready, name="ready"),
    path(f"{_STAFF}issue/done/<uuid:batch_id>/", issuing.done, name="issued"),
    path(f"{_STAFF}issue/done/<uuid:batch_id>/undo", issuing.undo, name="undo"),
    path(f"{_STAFF}credentials/", staff.credentials, name="credentials"),
    path(_ONE, staff.credential, name="credential"),
    path(f"{_ONE}withdraw/", staff.withdraw, name="withdraw"),
    path(f"{_ONE}hold/", staff.hold, name="hold"),
    path(f"{_ONE}reinstate/", staff.reinstate, name="reinstate"),
]
