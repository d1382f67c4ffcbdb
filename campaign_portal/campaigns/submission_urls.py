"""Pages of summaries and of earlier years' figures; included by campaigns/urls.py under its namespace."""

from django.urls import path

from . import submission_round_views as rounds
from . import submission_views as views
from . import submission_write_views as writing
from . import year_views

urlpatterns = [
    path("summaries/", rounds.rounds, name="summary-rounds"),
    path("<int:pk>/summaries/new/", rounds.round_new, name="summary-round-new"),
    path("summaries/rounds/<int:pk>/", rounds.round_page, name="summary-round"),
    path("summaries/rounds/<int:pk>/edit/", rounds.round_edit, name="summary-round-edit"),
    path("summaries/<int:pk>/", views.submission_page, name="submission"),
    path("summaries/<int:pk>/write/", writing.submission_write, name="submission-write"),
    path("summaries/<int:pk>/submit/", views.submission_submit, name="submission-submit"),
    path("summaries/<int:pk>/return/", views.submission_return, name="submission-return"),
    path("summaries/<int:pk>/accept/", views.submission_accept, name="submission-accept"),
    path("summaries/<int:pk>/dispatch/", views.submission_dispatch, name="submission-dispatch"),
    path("summaries/<int:pk>/drafts/", writing.submission_drafts, name="submission-drafts"),
    path("summaries/<int:pk>/restore/", writing.submission_restore, name="submission-restore"),
    path("summaries/<int:pk>/print/", views.submission_print, name="submission-print"),
    path("summaries/<int:pk>/files/<int:file_pk>/", views.submission_file, name="submission-file"),
    path("summaries/years/", year_views.year_figures, name="year-figures"),
    path("summaries/years/import/", year_views.year_figures_import, name="year-figures-import"),
    path("summaries/years/<int:pk>/remove/", year_views.year_figure_remove, name="year-figure-remove"),
]
