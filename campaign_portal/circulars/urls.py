from django.urls import path

from . import views, writing_views

app_name = "circulars"

urlpatterns = [
    path("", views.circulars, name="circulars"),
    path("new/", writing_views.circular_new, name="circular-new"),
    path("<int:pk>/", views.circular_page, name="circular"),
    path("<int:pk>/edit/", writing_views.circular_edit, name="circular-edit"),
    path("<int:pk>/drop/", writing_views.circular_drop, name="circular-drop"),
    path("<int:pk>/recipients/", writing_views.recipients, name="recipients"),
    path("<int:pk>/send/", writing_views.circular_send, name="circular-send"),
    path("<int:pk>/read/", views.circular_read, name="circular-read"),
    path("<int:pk>/reply/", views.circular_reply, name="circular-reply"),
    path("<int:pk>/nudge/", views.circular_nudge, name="circular-nudge"),
    path("<int:pk>/export/", views.circular_export, name="circular-export"),
    path("<int:pk>/recipients/<int:recipient_pk>/phone/", views.circular_phone, name="circular-phone"),
    path("<int:pk>/files/<int:file_pk>/", views.circular_file, name="circular-file"),
    path("<int:pk>/files/<int:file_pk>/thumbnail/", views.circular_thumbnail, name="circular-thumbnail"),
]
