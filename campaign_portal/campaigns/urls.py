from django.urls import path

from . import progress_urls, views

app_name = "campaigns"

urlpatterns = [
    path("", views.campaigns, name="campaigns"),
    path("new/", views.campaign_new, name="campaign-new"),
    path("<int:pk>/edit/", views.campaign_edit, name="campaign-edit"),
    path("<int:pk>/", views.campaign_page, name="campaign"),
    *progress_urls.urlpatterns,
]
