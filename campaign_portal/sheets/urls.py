from django.urls import path

from . import views

app_name = "sheets"

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/upload/", views.return_upload, name="return-upload"),
    path("returns/<int:pk>/", views.return_page, name="return"),
    path("returns/<int:pk>/undo/", views.return_undo, name="return-undo"),
    path("returns/<int:pk>/drop/", views.return_drop, name="return-drop"),
    path("returns/<int:pk>/file/", views.return_file, name="return-file"),
]
