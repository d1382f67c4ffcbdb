from django.urls import include, path

from campaign_portal.campaigns import views
from campaign_portal.files import shell
from campaign_portal.operations import views as operations
from inspections.views import figures

urlpatterns = [
    path("healthz", operations.alive, name="healthz"),
    path("readyz", operations.ready, name="readyz"),
    path("", views.home, name="home"),
    path("todo/", views.todo, name="todo"),
    path("figures/", figures, name="figures"),
    path("outbox/", shell.outbox, name="outbox"),
    path("sw.js", shell.service_worker, name="service-worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("deadlines/", include("campaign_portal.deadlines.urls")),
    path("calendar/", include("campaign_portal.deadlines.calendar_urls")),
    path("inbox/", include("campaign_portal.reminders.urls")),
    path("deliveries/", include("campaign_portal.reminders.delivery_urls")),
    path("circulars/", include("campaign_portal.circulars.urls")),
    path("campaigns/", include("campaign_portal.campaigns.urls")),
    path("accounts/", include("campaign_portal.accounts.urls")),
    path("events/", include("campaign_portal.audit.urls")),
    path("files/", include("campaign_portal.files.urls")),
    path("sheets/", include("campaign_portal.sheets.urls")),
    path("jobs/", include("campaign_portal.jobs.urls")),
    path("views/", include("campaign_portal.lists.urls")),
    path("reports/", include("campaign_portal.campaigns.reports.urls")),
    path("sheets/import/", include("campaign_portal.sheets.import_urls")),
    path("facilities/", include("facilities.urls")),
    path("activities/", include("facilities.activity_urls")),
    path("hazards/", include("inspections.urls")),
    path("selfchecks/", include("inspections.selfcheck_urls")),
]

handler400 = "campaign_portal.campaigns.errors.bad_request"
handler403 = "campaign_portal.campaigns.errors.forbidden"
handler404 = "campaign_portal.campaigns.errors.not_found"
handler500 = "campaign_portal.campaigns.errors.server_error"
