from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password, name="password"),
    path("users/", views.users, name="users"),
    path("users/new/", views.user_new, name="user-new"),
    path("users/<int:pk>/", views.user_page, name="user"),
    path("users/<int:pk>/reset-password/", views.user_reset_password, name="user-reset-password"),
    path("users/<int:pk>/active/", views.user_active, name="user-active"),
    path("users/<int:pk>/move/", views.user_move, name="user-move"),
    path("users/<int:pk>/hand-over/", views.user_hand_over, name="user-hand-over"),
]
