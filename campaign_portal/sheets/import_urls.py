from django.urls import path

from . import import_views as views

app_name = "imports"

urlpatterns = [
    path("", views.imports, name="imports"),
    path("<int:pk>/", views.batch_page, name="batch"),
    path("<int:pk>/match/", views.match, name="match"),
    path("<int:pk>/picks/", views.picks, name="picks"),
    path("<int:pk>/apply/", views.apply, name="apply"),
    path("<int:pk>/mend/", views.mend, name="mend"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/drop/", views.drop, name="drop"),
]
