from django.urls import path

from . import calendar_views as views

app_name = "calendar"

urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("load/", views.load, name="load"),
]
