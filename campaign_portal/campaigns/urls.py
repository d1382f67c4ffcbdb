from django.urls import include, path

from . import views

app_name = "campaigns"

urlpatterns = [
    path("", views.campaigns, name="campaigns"),
    path("new/", views.campaign_new, name="campaign-new"),
    path("<int:pk>/edit/", views.campaign_edit, name="campaign-edit"),
    path("<int:pk>/", views.campaign_page, name="campaign"),
    path("", include("campaign_portal.campaigns.submission_urls")),
]
