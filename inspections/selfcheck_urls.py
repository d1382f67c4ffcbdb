from django.urls import path

from .views import selfcheck as views

app_name = "selfcheck"

urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("new/", views.round_new, name="round-new"),
    path("rounds/<int:pk>/", views.round_page, name="round"),
    path("<int:pk>/", views.check_page, name="check"),
    path("<int:pk>/parts/<int:section_pk>/", views.part, name="part"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/read/", views.confirm_read, name="confirm-read"),
    path("<int:pk>/signature/", views.signature, name="signature"),
    path("<int:pk>/photos/<int:photo_pk>/", views.photo, name="photo"),
    path("<int:pk>/photos/<int:photo_pk>/thumbnail/", views.photo, {"thumbnail": True}, name="photo-thumbnail"),
]
