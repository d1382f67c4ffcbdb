from django.urls import include, path

from . import indicator_views, milestone_views, notice_views, plan_views, progress_urls, task_views, views

app_name = "campaigns"

urlpatterns = [
    path("", views.campaigns, name="campaigns"),
    path("new/", views.campaign_new, name="campaign-new"),
    path("<int:pk>/edit/", views.campaign_edit, name="campaign-edit"),
    path("<int:pk>/", views.campaign_page, name="campaign"),
    path("<int:pk>/wall/", views.campaign_wall, name="wall"),
    path("<int:pk>/start/", plan_views.campaign_start, name="campaign-start"),
    path("<int:pk>/close/", plan_views.campaign_close, name="campaign-close"),
    path("<int:pk>/plan/", plan_views.plan_page, name="plan"),
    path("<int:pk>/tasks/new/", task_views.task_new, name="task-new"),
    path("<int:pk>/tasks/<int:task_pk>/", task_views.task_page, name="task"),
    path("<int:pk>/tasks/<int:task_pk>/edit/", task_views.task_edit, name="task-edit"),
    path("<int:pk>/tasks/<int:task_pk>/remove/", task_views.task_remove, name="task-remove"),
    path("<int:pk>/tasks/<int:task_pk>/done/", task_views.task_done, name="task-done"),
    path("<int:pk>/phases/<int:phase_pk>/dates/", milestone_views.phase_move, name="phase-move"),
    path("<int:pk>/milestones/new/", milestone_views.milestone_new, name="milestone-new"),
    path("<int:pk>/milestones/<int:milestone_pk>/edit/", milestone_views.milestone_edit, name="milestone-edit"),
    path("<int:pk>/milestones/<int:milestone_pk>/dates/", milestone_views.milestone_move, name="milestone-move"),
    path("<int:pk>/milestones/<int:milestone_pk>/done/", milestone_views.milestone_done, name="milestone-done"),
    path("<int:pk>/milestones/<int:milestone_pk>/remove/", milestone_views.milestone_remove, name="milestone-remove"),
    path("<int:pk>/indicators/new/", indicator_views.indicator_new, name="indicator-new"),
    path("<int:pk>/indicators/<int:indicator_pk>/", indicator_views.indicator_page, name="indicator"),
    path("<int:pk>/indicators/<int:indicator_pk>/edit/", indicator_views.indicator_edit, name="indicator-edit"),
    path("<int:pk>/indicators/<int:indicator_pk>/remove/", indicator_views.indicator_remove, name="indicator-remove"),
    path("notices/", notice_views.notices, name="notices"),
    path("notices/new/", notice_views.notice_new, name="notice-new"),
    path("notices/<int:pk>/", notice_views.notice_page, name="notice"),
    path("notices/<int:pk>/file/", notice_views.notice_file, name="notice-file"),
    path("notices/<int:pk>/drop/", notice_views.notice_drop, name="notice-drop"),
    path("notices/<int:pk>/confirm/", notice_views.notice_confirm, name="notice-confirm"),
    path("notices/<int:pk>/accept/<str:kind>/", notice_views.items_accept, name="items-accept"),
    path("notices/<int:pk>/add/<str:kind>/", notice_views.item_add, name="item-add"),
    path("notices/<int:pk>/items/<int:item_pk>/", notice_views.item_edit, name="item-edit"),
    path("notices/<int:pk>/items/<int:item_pk>/decide/", notice_views.item_decide, name="item-decide"),
    *progress_urls.urlpatterns,
    path("", include("campaign_portal.campaigns.submission_urls")),
]
