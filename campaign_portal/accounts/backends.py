from django.contrib.auth.backends import ModelBackend

from .models import User


class OfficeBackend(ModelBackend):
    """Signs a user in only while both the account and its office are active. Loads the office with the user."""

    def get_user(self, user_id):
        user = User.objects.select_related("office__area").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user):
        return user.is_active and user.office.is_active
