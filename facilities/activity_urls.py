from django.urls import path

from . import activity_views as views

app_name = "activities"

urlpatterns = [
    path("", views.activities, name="activities"),
    path("export/", views.activities_export, name="activities-export"),
    path("new/", views.activity_new, name="activity-new"),
    path("<int:pk>/", views.activity_page, name="activity"),
    path("<int:pk>/edit/", views.activity_edit, name="activity-edit"),
    path("<int:pk>/hold/", views.activity_hold, name="activity-hold"),
    path("<int:pk>/void/", views.activity_void, name="activity-void"),
    path("<int:pk>/attach/", views.activity_attach, name="activity-attach"),
    path("<int:pk>/files/<int:file_pk>/", views.activity_file, name="file"),
    path("<int:pk>/files/<int:file_pk>/small/", views.activity_file, {"thumbnail": True}, name="file-thumbnail"),
]
