"""Sharing out, assigning, reporting. Part of campaigns.urls, in its namespace."""

from django.urls import path

from . import brief, inbox, progress_views, sharing_views

urlpatterns = [
    path("<int:pk>/indicators/<int:indicator_pk>/share/", sharing_views.indicator_share, name="indicator-share"),
    path("<int:pk>/tasks/<int:task_pk>/assign/", sharing_views.task_assign, name="task-assign"),
    path("<int:pk>/own/", progress_views.work, name="work"),
    path("<int:pk>/brief/", brief.brief, name="brief"),
    path("<int:pk>/brief/pdf/", brief.brief_pdf, name="brief-pdf"),
    path("<int:pk>/tasks/<int:task_pk>/progress/new/", progress_views.progress_new, name="return-new"),
    path("<int:pk>/progress/", inbox.progress_inbox, name="progress"),
    path("<int:pk>/progress/<int:progress_pk>/", progress_views.progress_page, name="return"),
    path("<int:pk>/progress/<int:progress_pk>/edit/", progress_views.progress_edit, name="return-edit"),
    path("<int:pk>/progress/<int:progress_pk>/take-back/", progress_views.progress_take_back, name="return-take-back"),
    path("<int:pk>/progress/<int:progress_pk>/accept/", progress_views.progress_accept, name="return-accept"),
    path("<int:pk>/progress/<int:progress_pk>/send-back/", progress_views.progress_send_back, name="return-send-back"),
    path("<int:pk>/progress/<int:progress_pk>/answer/", progress_views.progress_answer, name="return-answer"),
    path(
        "<int:pk>/progress/<int:progress_pk>/evidence/<int:evidence_pk>/",
        progress_views.evidence,
        name="evidence",
    ),
    path(
        "<int:pk>/progress/<int:progress_pk>/evidence/<int:evidence_pk>/thumbnail/",
        progress_views.evidence,
        {"thumbnail": True},
        name="evidence-thumbnail",
    ),
]
