from django.urls import path

from . import views

app_name = "inspections"

urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("export/", views.ledger_export, name="ledger-export"),
    path("pack/", views.pack, name="pack"),
    path("print/", views.ledger_print, name="ledger-print"),
    path("report/", views.report, name="report"),
    path("register/", views.register, name="register"),
    *(path(f"bulk/{act.slug}/", view, name=f"bulk-{act.slug}") for act, view in views.bulk_views),
    path("<int:pk>/", views.hazard_page, name="hazard"),
    path("<int:pk>/panel/", views.hazard_panel, name="hazard-panel"),
    path("<int:pk>/reported/", views.reported, name="reported"),
    path("<int:pk>/comment/", views.hazard_comment, name="hazard-comment"),
    path("<int:pk>/attach/", views.hazard_attach, name="hazard-attach"),
    path("<int:pk>/proxy-read/", views.hazard_proxy_read, name="hazard-proxy-read"),
    path("<int:pk>/photos/<int:photo_pk>/", views.photo, name="photo"),
    path("<int:pk>/photos/<int:photo_pk>/thumbnail/", views.photo, {"thumbnail": True}, name="photo-thumbnail"),
    path("<int:pk>/attachments/<int:attachment_pk>/", views.attachment, name="attachment"),
    path("<int:pk>/requests/<int:request_pk>/", views.request_decide, name="request-decide"),
    *(path(f"<int:pk>/{act.slug}/", view, name=f"hazard-{act.slug}") for act, view in views.act_views),
]
