"""The portal, and Django admin's list of the same table: same scope, same filters, fifty a page, same related rows."""

from django.contrib import admin
from django.urls import path

from campaign_portal.accounts.access import open_to_all
from campaign_portal.urls import urlpatterns as ours
from inspections.models import Hazard


class Site(admin.AdminSite):
    def has_permission(self, request):
        return request.user.is_authenticated


class HazardAdmin(admin.ModelAdmin):
    list_display = [
        "code",
        "found_on",
        "facility",
        "supervisor",
        "summary",
        "category",
        "responsible",
        "status",
        "due_on",
    ]
    list_filter = ["status", "grade", "source"]
    list_select_related = ["facility", "supervisor", "category"]
    search_fields = ["summary", "code", "facility__search_key"]
    ordering = ["due_on", "pk"]
    list_per_page = 50

    def get_queryset(self, request):
        return Hazard.objects.visible_to(request.user)

    def has_view_permission(self, request, obj=None):
        return True

    has_module_permission = has_view_permission


site = Site()
site.register(Hazard, HazardAdmin)
open_to_all(HazardAdmin.changelist_view)
urlpatterns = [*ours, path("admin/", site.urls)]
