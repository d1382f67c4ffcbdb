from django.contrib.auth.backends import ModelBackend

from .models import User

# What every page says about its user (unread messages), in the query that finds him: {name: expression}. Apps above add to it.
SAID_OF_USER = {}


class OfficeBackend(ModelBackend):
    """Signs a user in only while both the account and its office are active. Loads the office with the user."""

    def get_user(self, user_id):
        found = User.objects.select_related("office__area").annotate(**SAID_OF_USER).filter(pk=user_id)
        user = found.first()
        return user if user and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user):
        return user.is_active and user.office.is_active
