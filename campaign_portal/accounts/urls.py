from django.urls import path

from . import second_factor_views as factor
from . import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password, name="password"),
    path("second-factor/", factor.second_factor_page, name="second-factor"),
    path("second-factor/code/", factor.second_factor_code, name="second-factor-code"),
    path("second-factor/setup/", factor.second_factor_setup, name="second-factor-setup"),
    path("second-factor/codes/", factor.recovery_codes, name="recovery-codes"),
    path("second-factor/off/", factor.second_factor_off, name="second-factor-off"),
    path("users/", views.users, name="users"),
    path("users/new/", views.user_new, name="user-new"),
    path("users/<int:pk>/", views.user_page, name="user"),
    path("users/<int:pk>/reset-password/", views.user_reset_password, name="user-reset-password"),
    path("users/<int:pk>/reset-second-factor/", views.user_reset_second_factor, name="user-reset-second-factor"),
    path("users/<int:pk>/active/", views.user_active, name="user-active"),
    path("users/<int:pk>/move/", views.user_move, name="user-move"),
    path("users/<int:pk>/hand-over/", views.user_hand_over, name="user-hand-over"),
]
