# SPDX-License-Identifier: Apache-2.0
"""Addresses of this room."""

from django.urls import path

from cairn.wallet.pages import claiming, holding, shared, sharing

app_name = "wallet"
urlpatterns = [
    path("k/<str:key>", claiming.claim, name="claim"),
    path("k/<str:key>/keep", claiming.keep, name="keep"),
    path("k/<str:key>/name", claiming.wrong_name, name="wrong-name"),
    path("k/<str:key>/not-mine", claiming.not_mine, name="not-mine"),
    path("me/", holding.home, name="home"),
    path("me/download", holding.download, name="download"),
    path("me/credentials/<str:ref>/", holding.credential, name="credential"),
    path("me/credentials/<str:ref>/keep", holding.keep, name="keep-held"),
    path("me/credentials/<str:ref>/public", holding.public_page, name="public-page"),
    path("me/credentials/<str:ref>/linkedin", sharing.linkedin, name="linkedin"),
    path("me/sharing/", sharing.sharing, name="sharing"),
    path("me/sharing/new", sharing.share, name="share"),
    path("me/sharing/<uuid:share_id>/", sharing.link, name="link"),
    path("me/sharing/<uuid:share_id>/qr.svg", sharing.qr, name="qr"),
    path("me/sharing/<uuid:share_id>/off", sharing.switch_off, name="switch-off"),
    path("me/sharing/<uuid:share_id>/on", sharing.switch_on, name="switch-on"),
    path("x/<str:token>", shared.opened, name="shared"),
    path("x/<str:token>/<int:number>", shared.one, name="shared-one"),
    path("x/<str:token>/<int:number>.<str:format>", shared.document, name="shared-document"),
    path("x/<str:token>/<int:number>/evidence/<int:piece>", shared.evidence, name="shared-evidence"),
]
