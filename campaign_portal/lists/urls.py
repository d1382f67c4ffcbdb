from django.urls import path

from . import views

app_name = "lists"

urlpatterns = [
    path("", views.views, name="views"),
    path("save/", views.view_save, name="view-save"),
    path("<int:pk>/", views.view, name="view"),
    path("<int:pk>/rename/", views.view_rename, name="view-rename"),
    path("<int:pk>/share/", views.view_share, name="view-share"),
    path("<int:pk>/first/", views.view_first, name="view-first"),
    path("<int:pk>/delete/", views.view_delete, name="view-delete"),
]
