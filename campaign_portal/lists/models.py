from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When
from django.urls import reverse

from campaign_portal.accounts.models import Office

from .registry import LISTS


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The user's own, as long as he works where he saved them, and what colleagues share with the office."""
        return self.filter(Q(owner=user) | Q(is_shared=True), office=user.office_id)

    def of_list(self, code, *, user):
        """What the user may open of one list, his own first. Each carries `is_own` and `is_first`."""
        first = FirstView.objects.filter(view=OuterRef("pk"), user=user)
        rows = self.visible_to(user).filter(list=code).select_related("owner")
        is_own = Case(When(owner=user, then=Value(True)), default=Value(False), output_field=BooleanField())
        return rows.annotate(is_first=Exists(first), is_own=is_own).order_by("-is_own", "name", "pk")


class SavedView(models.Model):
    """A list as somebody wants to find it again: filters, order and columns as a query string, under a name."""

    list = models.CharField("列表", max_length=20)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="所有人")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="单位")
    name = models.CharField("名称", max_length=20)
    query = models.CharField("条件", max_length=2000)
    is_shared = models.BooleanField("本单位共用", default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "保存的视图"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "office", "list", "name"],
                name="saved_view_name_unique_for_owner",
                violation_error_message="您已有同名的视图，请换一个名称。",
            ),
            models.UniqueConstraint(
                fields=["office", "list", "name"],
                condition=Q(is_shared=True),
                name="saved_view_name_unique_in_office",
                violation_error_message="本单位已有同名的共用视图，请换一个名称。",
            ),
            models.CheckConstraint(
                name="saved_view_has_name_and_query",
                condition=~Q(name="") & ~Q(query=""),
                violation_error_message="视图要有名称和条件。",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("lists:view", args=[self.pk])

    @property
    def address(self):
        """The list as this view shows it."""
        return LISTS[self.list].address(self.query)


class FirstView(models.Model):
    """The view with which a list opens for somebody; his own or one that a colleague shares. Without a row: as it comes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    list = models.CharField(max_length=20)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "list"], name="first_view_one_a_list")]
