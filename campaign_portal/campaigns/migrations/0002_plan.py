import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import campaign_portal.clock


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_office_by_area"),
        ("campaigns", "0001_initial"),
        ("files", "0002_upload_receipt"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField(verbose_name="截至日期")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "未报送"),
                            ("submitted", "待审核"),
                            ("returned", "退回修改"),
                            ("accepted", "已采纳"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("text", models.TextField(max_length=3000, verbose_name="进展情况")),
                ("problem", models.TextField(blank=True, max_length=2000, verbose_name="需要协调解决的问题")),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="问题答复")),
                ("answered_at", models.DateTimeField(editable=False, null=True, verbose_name="答复时间")),
                ("submitted_at", models.DateTimeField(editable=False, null=True, verbose_name="报送时间")),
                ("decided_at", models.DateTimeField(editable=False, null=True, verbose_name="审核时间")),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="审核意见")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "进展报送",
                "ordering": ["-as_of", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ProgressFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="累计完成")),
                (
                    "base",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="其中总数（分母）"
                    ),
                ),
            ],
            options={
                "verbose_name": "填报数",
            },
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="分解数")),
            ],
            options={
                "verbose_name": "指标分解",
                "ordering": ["office__area__code", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(blank=True, default="", editable=False, max_length=300, verbose_name="原文"),
                ),
                ("source_start", models.PositiveIntegerField(editable=False, null=True)),
                ("source_end", models.PositiveIntegerField(editable=False, null=True)),
                ("order", models.PositiveIntegerField()),
                ("number", models.CharField(blank=True, max_length=20, verbose_name="序号")),
                ("title", models.CharField(max_length=120, verbose_name="任务")),
                ("content", models.TextField(blank=True, max_length=5000, verbose_name="内容")),
                ("deliverable", models.CharField(blank=True, max_length=200, verbose_name="成果")),
                ("is_work", models.BooleanField(default=True, verbose_name="需要落实")),
                ("done_on", models.DateField(blank=True, editable=False, null=True, verbose_name="办结日期")),
            ],
            options={
                "verbose_name": "任务",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TaskUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[("responsible", "责任"), ("joint", "配合"), ("supervising", "督导")],
                        max_length=12,
                        verbose_name="分工",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="单位")),
            ],
            options={
                "verbose_name": "任务分工",
                "ordering": ["part", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("issuer", "联合印发"),
                            ("lead", "牵头"),
                            ("joint", "会同"),
                            ("support", "配合"),
                            ("guide", "指导"),
                            ("responsible", "责任"),
                            ("take_part", "参加"),
                        ],
                        max_length=12,
                        verbose_name="分工",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="单位")),
            ],
            options={
                "verbose_name": "参加单位",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.AddField(
            model_name="campaign",
            name="closed_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="结束办理日期"),
        ),
        migrations.AddField(
            model_name="campaign",
            name="document_number",
            field=models.CharField(blank=True, max_length=40, verbose_name="文号"),
        ),
        migrations.AddField(
            model_name="campaign",
            name="goal",
            field=models.TextField(blank=True, max_length=2000, verbose_name="总体目标"),
        ),
        migrations.AddField(
            model_name="campaign",
            name="issued_on",
            field=models.DateField(blank=True, null=True, verbose_name="印发日期"),
        ),
        migrations.AddField(
            model_name="campaign",
            name="previous",
            field=models.ManyToManyField(blank=True, to="campaigns.campaign", verbose_name="往年行动"),
        ),
        migrations.AddField(
            model_name="campaign",
            name="takes_records",
            field=models.BooleanField(
                default=True,
                help_text="行动期间本县新登记的隐患归入本行动。一个县同一时间只有一个这样的行动；协会牵头的提升类行动一般不收录。",
                verbose_name="收录新登记的隐患",
            ),
        ),
        migrations.AddField(
            model_name="phase",
            name="source",
            field=models.CharField(blank=True, default="", editable=False, max_length=300, verbose_name="原文"),
        ),
        migrations.AddField(
            model_name="phase",
            name="source_end",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="phase",
            name="source_start",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("added_at", models.DateTimeField(default=campaign_portal.clock.now)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
            options={
                "verbose_name": "佐证材料",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(blank=True, default="", editable=False, max_length=300, verbose_name="原文"),
                ),
                ("source_start", models.PositiveIntegerField(editable=False, null=True)),
                ("source_end", models.PositiveIntegerField(editable=False, null=True)),
                ("order", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=60, verbose_name="指标")),
                (
                    "comparator",
                    models.CharField(
                        choices=[("ge", "不少于"), ("eq", "完成"), ("le", "不超过"), ("range", "范围")],
                        default="ge",
                        max_length=5,
                        verbose_name="要求",
                    ),
                ),
                ("value", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="目标值")),
                (
                    "high",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="上限"),
                ),
                ("unit", models.CharField(max_length=12, verbose_name="单位")),
                (
                    "per",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "全程合计"),
                            ("month", "每月"),
                            ("quarter", "每季度"),
                            ("half", "每半年"),
                            ("year", "每年"),
                            ("home", "每家机构"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="统计口径",
                    ),
                ),
                ("by_on", models.DateField(blank=True, null=True, verbose_name="完成时限")),
                (
                    "baseline",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="行动开始时的数值，不填按 0 计。",
                        max_digits=12,
                        null=True,
                        verbose_name="起点值",
                    ),
                ),
                (
                    "metric",
                    models.CharField(
                        blank=True, help_text="不选系统数据的，由各单位填报。", max_length=60, verbose_name="数据来源"
                    ),
                ),
                (
                    "is_tentative",
                    models.BooleanField(default=False, help_text="通知写“争取、力争”的。", verbose_name="力争性目标"),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="indicators", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "verbose_name": "指标",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="IndicatorDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("numerator", models.DecimalField(decimal_places=2, max_digits=14)),
                ("denominator", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("is_final", models.BooleanField(default=False)),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="campaigns.indicator"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.office"
                    ),
                ),
            ],
            options={
                "verbose_name": "指标日值",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(blank=True, default="", editable=False, max_length=300, verbose_name="原文"),
                ),
                ("source_start", models.PositiveIntegerField(editable=False, null=True)),
                ("source_end", models.PositiveIntegerField(editable=False, null=True)),
                ("name", models.CharField(max_length=120, verbose_name="节点")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="开始日期")),
                ("due_on", models.DateField(verbose_name="完成时限")),
                ("who", models.CharField(blank=True, max_length=80, verbose_name="责任单位")),
                ("recurrence", models.CharField(blank=True, editable=False, max_length=12, verbose_name="周期")),
                ("done_on", models.DateField(blank=True, editable=False, null=True, verbose_name="完成日期")),
                ("done_note", models.CharField(blank=True, max_length=300, verbose_name="完成情况")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="milestones", to="campaigns.campaign"
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "时间节点",
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("was_from", models.DateField(null=True, verbose_name="原开始日期")),
                ("was_until", models.DateField(verbose_name="原截止日期")),
                ("reason", models.CharField(max_length=200, verbose_name="调整原因")),
                ("at", models.DateTimeField(default=campaign_portal.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="date_changes",
                        to="campaigns.phase",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="date_changes",
                        to="campaigns.milestone",
                    ),
                ),
            ],
            options={
                "verbose_name": "日期调整",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                ("text", models.TextField(editable=False, verbose_name="正文")),
                ("simplified", models.TextField(default="", editable=False)),
                ("header", models.JSONField(default=dict, editable=False)),
                ("reading", models.JSONField(default=dict, editable=False)),
                (
                    "read_at",
                    models.DateTimeField(default=campaign_portal.clock.now, editable=False, verbose_name="录入时间"),
                ),
                ("dropped_at", models.DateTimeField(editable=False, null=True)),
                (
                    "file",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.office",
                        verbose_name="录入单位",
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "通知",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="DraftItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phase", "阶段"),
                            ("task", "任务"),
                            ("deadline", "时间节点"),
                            ("target", "指标"),
                            ("unit", "单位分工"),
                        ],
                        max_length=10,
                    ),
                ),
                ("order", models.PositiveIntegerField()),
                (
                    "decision",
                    models.CharField(
                        choices=[("pending", "待确认"), ("accepted", "采用"), ("dropped", "不采用")],
                        default="pending",
                        max_length=10,
                        verbose_name="处理",
                    ),
                ),
                ("is_added", models.BooleanField(default=False, verbose_name="人工添加")),
                ("data", models.JSONField(default=dict)),
                ("original", models.JSONField(null=True)),
                ("start", models.PositiveIntegerField(null=True)),
                ("end", models.PositiveIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="children",
                        to="campaigns.draftitem",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="campaigns.notice"
                    ),
                ),
            ],
            options={
                "verbose_name": "草案条目",
                "ordering": ["kind", "order", "pk"],
            },
        ),
        migrations.AddField(
            model_name="campaign",
            name="notice",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="campaigns",
                to="campaigns.notice",
                verbose_name="通知",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", False), ("status", "closed")),
                    models.Q(models.Q(("status", "closed"), _negated=True), ("closed_on__isnull", True)),
                    _connector="OR",
                ),
                name="campaign_closed_means_when",
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="answered_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="decided_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.office",
                verbose_name="报送单位",
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="written_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="progress",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="campaigns.progress"
            ),
        ),
        migrations.AddField(
            model_name="progressfigure",
            name="indicator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reported", to="campaigns.indicator"
            ),
        ),
        migrations.AddField(
            model_name="progressfigure",
            name="progress",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="campaigns.progress"
            ),
        ),
        migrations.AddField(
            model_name="share",
            name="indicator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="campaigns.indicator"
            ),
        ),
        migrations.AddField(
            model_name="share",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shares",
                to="accounts.office",
                verbose_name="承担单位",
            ),
        ),
        migrations.AddField(
            model_name="share",
            name="parent",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="children", to="campaigns.share"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="campaigns.campaign"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="children",
                to="campaigns.task",
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="progress", to="campaigns.task"
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="task",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="milestones",
                to="campaigns.task",
                verbose_name="任务",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="task",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="indicators",
                to="campaigns.task",
                verbose_name="任务",
            ),
        ),
        migrations.AddField(
            model_name="taskunit",
            name="office",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="task_parts",
                to="accounts.office",
                verbose_name="账号单位",
            ),
        ),
        migrations.AddField(
            model_name="taskunit",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="units", to="campaigns.task"
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="units", to="campaigns.campaign"
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="office",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.office",
                verbose_name="账号单位",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicatorday",
            constraint=models.UniqueConstraint(
                condition=models.Q(("office__isnull", True)),
                fields=("indicator", "day"),
                name="indicator_day_whole_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicatorday",
            constraint=models.UniqueConstraint(
                condition=models.Q(("office__isnull", False)),
                fields=("indicator", "day", "office"),
                name="indicator_day_part_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="datechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("milestone__isnull", True), ("phase__isnull", False)),
                    models.Q(("milestone__isnull", False), ("phase__isnull", True)),
                    _connector="OR",
                ),
                name="date_change_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="datechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="date_change_has_a_reason",
                violation_error_message="请写明调整原因。",
            ),
        ),
        migrations.AddIndex(
            model_name="draftitem",
            index=models.Index(fields=["notice", "kind", "order"], name="draft_item_in_order"),
        ),
        migrations.AddConstraint(
            model_name="draftitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end__isnull", True), ("start__isnull", True)),
                    models.Q(("end__gt", models.F("start")), ("start__isnull", False)),
                    _connector="OR",
                ),
                name="draft_item_phrase_has_both_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="progressfigure",
            constraint=models.UniqueConstraint(fields=("progress", "indicator"), name="progress_figure_once"),
        ),
        migrations.AddConstraint(
            model_name="progressfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)),
                name="progress_figure_not_negative",
                violation_error_message="填报数不能小于 0。",
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(fields=("indicator", "office"), name="share_once_an_office"),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)),
                name="share_not_negative",
                violation_error_message="分解数不能小于 0。",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["campaign", "order"], name="task_in_order"),
        ),
        migrations.AddIndex(
            model_name="progress",
            index=models.Index(fields=["task", "office", "-as_of"], name="progress_latest"),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.UniqueConstraint(
                fields=("task", "office", "as_of"),
                name="progress_once_a_day",
                violation_error_message="本单位这项任务这一天的进展已有一份，请修改那一份或另选截至日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("status__in", ["accepted", "returned"]),
                    ),
                    ("status__in", ["draft", "submitted"]),
                    _connector="OR",
                ),
                name="progress_decided_means_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_by__isnull", True)),
                    models.Q(models.Q(("answer", ""), _negated=True), ("answered_by__isnull", False)),
                    _connector="OR",
                ),
                name="progress_answer_means_who_and_when",
            ),
        ),
        migrations.AddIndex(
            model_name="milestone",
            index=models.Index(fields=["campaign", "due_on"], name="milestone_by_due_date"),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on__isnull", True), ("due_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="milestone_ends_after_start",
                violation_error_message="完成时限不能早于开始日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_by__isnull", True), ("done_on__isnull", True)),
                    models.Q(("done_by__isnull", False), ("done_on__isnull", False)),
                    _connector="OR",
                ),
                name="milestone_done_means_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("comparator", "range"), ("high__gte", models.F("value")), ("high__isnull", False)),
                    models.Q(models.Q(("comparator", "range"), _negated=True), ("high__isnull", True)),
                    _connector="OR",
                ),
                name="indicator_range_has_both_ends",
                violation_error_message="选“范围”的要填上限，且上限不小于目标值；其他要求不填上限。",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)),
                name="indicator_value_not_negative",
                violation_error_message="目标值不能小于 0。",
            ),
        ),
        migrations.AddConstraint(
            model_name="taskunit",
            constraint=models.UniqueConstraint(fields=("task", "part", "name"), name="task_unit_once_a_part"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("campaign", "part", "name"), name="unit_once_a_part"),
        ),
    ]
