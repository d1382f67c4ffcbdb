from django.urls import path

from . import views

app_name = "campaigns"

urlpatterns = [
    path("", views.campaigns, name="campaigns"),
    path("<int:pk>/", views.campaign_page, name="campaign"),
]
