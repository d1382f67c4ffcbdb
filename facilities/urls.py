from django.urls import path

from . import views

app_name = "facilities"

urlpatterns = [
    path("", views.facilities, name="facilities"),
    path("export/", views.facilities_export, name="facilities-export"),
    path("new/", views.facility_new, name="facility-new"),
    path("<int:pk>/", views.facility_page, name="facility"),
    path("<int:pk>/edit/", views.facility_edit, name="facility-edit"),
    path("<int:pk>/state/", views.facility_state, name="facility-state"),
    path("<int:pk>/licences/new/", views.licence_new, name="licence-new"),
    path("<int:pk>/licences/<int:licence_pk>/", views.licence_edit, name="licence-edit"),
    path("<int:pk>/licences/<int:licence_pk>/remove/", views.licence_remove, name="licence-remove"),
]
