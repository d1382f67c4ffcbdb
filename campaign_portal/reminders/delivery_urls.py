from django.urls import path

from . import delivery_views as views

app_name = "deliveries"

urlpatterns = [
    path("", views.deliveries_page, name="deliveries"),
    path("<int:pk>/resend/", views.delivery_resend, name="resend"),
    path("channels/", views.channels, name="channels"),
    path("channels/mail/", views.mail_try, name="mail-try"),
    path("channels/robots/new/", views.robot_new, name="robot-new"),
    path("channels/robots/<int:pk>/", views.robot_edit, name="robot"),
    path("channels/robots/<int:pk>/switch/", views.robot_switch, name="robot-switch"),
    path("channels/robots/<int:pk>/try/", views.robot_try, name="robot-try"),
]
