# SPDX-License-Identifier: Apache-2.0
"""Addresses of this room."""

from django.urls import path

from cairn.assessment.pages import marking, submissions

app_name = "assessment"
urlpatterns = [
    path("me/work/", submissions.works, name="works"),
    path("me/work/<str:ref>/", submissions.work, name="work"),
    path("me/work/<str:ref>/again", submissions.begin_again, name="begin-again"),
    path("me/work/<str:ref>/<int:attempt>/", submissions.feedback, name="feedback"),
    path("me/work/<str:ref>/files/<uuid:evidence_id>", submissions.own_file, name="own-file"),
    path("mark/", marking.queue, name="queue"),
    path("mark/next", marking.take_next, name="take-next"),
    path("mark/done/", marking.done, name="done"),
    path("mark/<uuid:submission_id>/", marking.mark, name="mark"),
    path("mark/<uuid:submission_id>/give-back", marking.give_back, name="give-back"),
    path("mark/<uuid:submission_id>/agree/", marking.agree, name="agree"),
    path("mark/<uuid:submission_id>/agree/confirm", marking.confirm, name="confirm"),
    path("mark/<uuid:submission_id>/files/<uuid:evidence_id>", marking.file, name="file"),
]
