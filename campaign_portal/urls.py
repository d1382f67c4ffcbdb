from django.urls import include, path

from campaign_portal.campaigns import views
from campaign_portal.files import shell

urlpatterns = [
    path("", views.home, name="home"),
    path("todo/", views.todo, name="todo"),
    path("outbox/", shell.outbox, name="outbox"),
    path("sw.js", shell.service_worker, name="service-worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("campaigns/", include("campaign_portal.campaigns.urls")),
    path("accounts/", include("campaign_portal.accounts.urls")),
    path("events/", include("campaign_portal.audit.urls")),
    path("files/", include("campaign_portal.files.urls")),
    path("jobs/", include("campaign_portal.jobs.urls")),
    path("views/", include("campaign_portal.lists.urls")),
    path("facilities/", include("facilities.urls")),
    path("hazards/", include("inspections.urls")),
]

handler400 = "campaign_portal.campaigns.errors.bad_request"
handler403 = "campaign_portal.campaigns.errors.forbidden"
handler404 = "campaign_portal.campaigns.errors.not_found"
handler500 = "campaign_portal.campaigns.errors.server_error"
