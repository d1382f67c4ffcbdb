from django.urls import path

from . import views

app_name = "files"

urlpatterns = [
    path("pictures/", views.picture_upload, name="picture-upload"),
    path("uploads/<uuid:key>/", views.upload, name="upload"),
    path("pending/<str:token>/", views.pending, name="pending"),
]
