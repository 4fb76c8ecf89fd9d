# SPDX-License-Identifier: Apache-2.0
"""Addresses of this room."""

from django.urls import path

from cairn.people import pages, staff_pages

app_name = "people"
urlpatterns = [
    path("sign-in", pages.sign_in, name="sign-in"),
    path("sign-in/sent", pages.link_sent, name="link-sent"),
    path("sign-in/password", pages.sign_in_with_password, name="sign-in-with-password"),
    path("sign-in/<str:key>", pages.use_link, name="use-link"),
    # Instead of the admin's own, which would let passwords be tried without end.
    path("admin/login/", pages.admin_sign_in, name="admin-sign-in"),
    path("sign-out", pages.sign_out, name="sign-out"),
    path("invitation/<str:key>", pages.invitation, name="invitation"),
    path("confirm/<str:key>", pages.confirm_address, name="confirm-address"),
    path("desk", pages.choose_desk, name="choose-desk"),
    path("language", pages.choose_language, name="choose-language"),
    path("settings/", pages.settings, name="settings"),
    path("settings/addresses/add", pages.add_address, name="add-address"),
    path("settings/addresses/<int:address_id>/primary", pages.make_primary, name="make-primary"),
    path("settings/addresses/<int:address_id>/resend", pages.resend_confirmation, name="resend-confirmation"),
    path("settings/addresses/<int:address_id>/remove", pages.remove_address, name="remove-address"),
    path("settings/password", pages.set_password, name="set-password"),
    path("settings/password/remove", pages.remove_password, name="remove-password"),
    path("settings/sign-out-everywhere", pages.sign_out_everywhere, name="sign-out-everywhere"),
    path("staff/<slug:slug>/people/", staff_pages.people, name="people"),
    path("staff/<slug:slug>/people/invite", staff_pages.invite, name="invite"),
    path("staff/<slug:slug>/people/<uuid:person_id>/", staff_pages.person, name="person"),
    path(
        "staff/<slug:slug>/people/invitations/<uuid:invitation_id>/resend",
        staff_pages.resend_invitation,
        name="resend-invitation",
    ),
    path(
        "staff/<slug:slug>/people/invitations/<uuid:invitation_id>/withdraw",
        staff_pages.withdraw_invitation,
        name="withdraw-invitation",
    ),
    path("staff/<slug:slug>/settings/", staff_pages.settings, name="staff-settings"),
    path("theme/<slug:slug>.<str:fingerprint>.css", pages.theme, name="theme"),
]
