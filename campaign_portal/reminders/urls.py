from django.urls import path

from . import call_views, inbox_views, receiving_views, rule_views

app_name = "reminders"

urlpatterns = [
    path("", inbox_views.inbox, name="inbox"),
    path("read/", inbox_views.inbox_read, name="inbox-read"),
    path("<int:pk>/", inbox_views.message, name="message"),
    path("<int:pk>/read/", inbox_views.message_read, name="message-read"),
    path("<int:pk>/mute/", inbox_views.message_mute, name="message-mute"),
    path("receiving/", receiving_views.receiving_page, name="receiving"),
    path("receiving/absences/", receiving_views.absence_new, name="absence-new"),
    path("receiving/absences/<int:pk>/end/", receiving_views.absence_end, name="absence-end"),
    path("receiving/mutes/<int:pk>/end/", receiving_views.mute_end, name="mute-end"),
    path("rules/", rule_views.rules_page, name="rules"),
    path("rules/of/<str:kind>/", rule_views.rules_edit, name="rules-edit"),
    path("rules/of/<str:kind>/restore/", rule_views.rules_restore, name="rules-restore"),
    path("rules/settings/", rule_views.settings_page, name="settings"),
    path("rules/settings/turn/", rule_views.turn, name="turn"),
    path("rules/settings/runs/<int:pk>/release/", rule_views.run_release, name="run-release"),
    path("rules/settings/runs/<int:pk>/drop/", rule_views.run_drop, name="run-drop"),
    path("rules/rehearsal/", rule_views.rehearsal_page, name="rehearsal"),
    path("calls/", call_views.calls, name="calls"),
    path("calls/<int:pk>/told/", call_views.call_told, name="call-told"),
]
