"""What breaks while messages go out: a worker killed, the mail server hanging, the queue gone, the database crashed.

Every message is delivered all the same; twice only where an answer was lost, and then it says so. Workers, Redis, PostgreSQL
and the mail server are real processes and real connections.
"""

import os
import shutil
import signal
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.db import InterfaceError, OperationalError, connection, connections

from campaign_portal import clock
from campaign_portal.celery import app
from campaign_portal.deadlines import workdays
from campaign_portal.deadlines.models import CalendarYear, Workday
from campaign_portal.reminders import deliveries, tasks
from campaign_portal.reminders.models import Delivery, Message, PlanRun, Reminder

from . import builders, hazards, mail_servers, messaging, reminding
from .mail_servers import MailServer
from .messaging import S
from .services import answers_ping, free_ports
from .test_jobs import eventually

pytestmark = pytest.mark.django_db(transaction=True)

LEASE = 4  # seconds


class Worker:
    """A Celery worker on the test's database, with a short lease, that sends its mail to `server`."""

    def __init__(self, server, log, *, queue):
        row = connection.settings_dict
        environment = os.environ | {
            "DATABASE_URL": f"postgres://{row['USER']}@{row['HOST']}:{row['PORT']}/{row['NAME']}",
            "REDIS_URL": queue,
            "PORTAL_DATA_DIR": str(project.DATA_DIR),
            "DJANGO_SETTINGS_MODULE": "campaign_portal.settings",
            "PORTAL_SMTP_HOST": "127.0.0.1",
            "PORTAL_SMTP_PORT": str(server.port),
            "PORTAL_SMTP_TLS": "none",
            "PORTAL_MAIL_FROM": "portal@example.gov.cn",
            "PORTAL_MESSAGE_LEASE": str(LEASE),
        }
        celery = [sys.executable, "-m", "celery", "-A", "campaign_portal", "worker", "--concurrency", "2"]
        self.log = log.open("w")
        self.process = subprocess.Popen(
            celery,
            cwd=project.BASE_DIR,
            env=environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self):
        """kill -9, its pool with it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()


@pytest.fixture
def server(settings):
    if connection.vendor != "postgresql" or not settings.REDIS_URL:
        pytest.skip("about the processes of production")
    app.control.purge()
    with MailServer() as running:
        messaging.set_mail(settings, running)
        yield running


@pytest.fixture
def start_worker(server, tmp_path):
    workers = []

    def start(queue=project.REDIS_URL):
        workers.append(Worker(server, tmp_path / f"worker{len(workers)}.log", queue=queue))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()


def told(number):
    """An urgent message, which keeps no hours."""
    user = messaging.reader(email=f"u{number}@example.gov.cn")
    return messaging.message(user, key=str(number), title=f"第{number}封", is_urgent=True).deliveries.get()


def is_sent(delivery):
    return Delivery.objects.filter(pk=delivery.pk, status=S.SENT).exists()


def swept_when_due(delivery):
    """What the scheduler does each minute, as soon as this one is due."""
    eventually(lambda: Delivery.objects.filter(pk=delivery.pk, next_at__lte=clock.now()).exists())
    tasks.sweep.delay()
    eventually(lambda: is_sent(delivery))


def test_what_a_killed_worker_was_sending_is_sent_again_and_marked_and_nothing_else_is(server, start_worker):
    server.behaviour = mail_servers.HANG
    worker = start_worker()
    hit = told(1)
    eventually(server.subjects)
    worker.kill()
    assert [attempt.outcome for attempt in hit.attempts.all()] == [""]

    server.behaviour = mail_servers.TAKE
    start_worker()
    waiting = told(2)
    for _ in range(5):  # handed over again and again: it is sent once
        tasks.deliver.delay(waiting.pk)
    eventually(lambda: is_sent(waiting))
    assert not is_sent(hit)  # whether it has arrived nobody knows, so its lease is waited for
    swept_when_due(hit)
    assert server.subjects() == ["第1封", "第2封", "【可能重复】第1封"]

    # The mail server takes the letter and hangs up before it says so
    server.behaviour = mail_servers.HANG_UP
    cut = told(3)
    eventually(lambda: len(server.letters) == 4)
    server.behaviour = mail_servers.TAKE
    swept_when_due(cut)

    # It is slow, but within what we wait for
    server.behaviour = mail_servers.SLOW
    slow = told(4)
    eventually(lambda: len(server.letters) == 6)
    server.let_go.set()
    eventually(lambda: is_sent(slow))
    assert server.subjects()[3:] == ["第3封", "【可能重复】第3封", "第4封"]


class Redis:
    """A Redis of this test's own that can go away and come back."""

    def __init__(self):
        (self.port,) = free_ports(1)
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        command = [shutil.which("redis-server"), "--bind", "127.0.0.1", "--port", str(self.port), "--save", ""]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        eventually(lambda: answers_ping(self.port))

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis(server, monkeypatch):
    own = Redis()
    own.start()
    monkeypatch.setenv("CELERY_BROKER_URL", own.url)
    app._after_fork()  # forgets the connections to the queue of the other tests
    yield own
    own.kill()
    monkeypatch.undo()
    app._after_fork()
    deliveries._queue_gone_until = 0


def test_while_the_queue_is_gone_pages_work_and_what_they_send_goes_out_when_it_is_back(server, start_worker, redis):
    start_worker(queue=redis.url)
    first = told(1)
    eventually(lambda: is_sent(first))
    redis.kill()
    keeper = builders.make_user(builders.make_county().bureau, is_administrator=True)
    messaging.Address.objects.create(user=keeper, email="keeper@example.gov.cn")
    page = builders.browser(keeper).post("/deliveries/channels/mail/", follow=True)
    assert "测试邮件已交给邮件服务器" in page.content.decode()
    trial = Delivery.objects.get(address="keeper@example.gov.cn")
    assert trial.status == S.WAITING
    redis.start()
    swept_when_due(trial)
    assert server.subjects() == ["第1封", "测试邮件"]


def test_a_database_that_crashes_while_a_letter_is_sent_gets_its_answer_afterwards(server, start_worker):
    server.behaviour = mail_servers.SLOW
    start_worker()
    during = told(1)
    eventually(server.subjects)
    crash()
    server.let_go.set()
    eventually(lambda: is_sent(during))
    after = told(2)
    swept_when_due(after)
    assert server.subjects() == ["第1封", "第2封"]  # no answer was lost, so nothing came twice


def crash():
    """PostgreSQL loses a process to kill -9: it throws everybody out, recovers from its log and comes back."""
    witness = connections.create_connection("default")
    with connection.cursor() as cursor, witness.cursor():
        cursor.execute("CHECKPOINT")  # the tests' server does not wait for its disk
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    os.kill(pid, signal.SIGKILL)
    connection.close()
    eventually(lambda: not answers(witness))
    eventually(lambda: answers(connection))


def answers(one):
    try:
        with one.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError):
        one.close()
        return False
    return True


def test_from_a_rule_to_one_letter_however_often_it_is_planned(server, start_worker):
    today = clock.today()
    if not workdays.calendar().is_workday(today):  # rules speak on working days; this test runs on any
        Workday.objects.filter(day=today).delete()
        Workday.objects.create(day=today, is_working=True, of_year=today.year)
        CalendarYear.objects.create(year=2000, source="今天上班")  # so that who keeps the calendar reads it anew
    county = reminding.Reminded()
    reminding.make_rule(county.bureau, urgent="always")  # at any hour
    messaging.Address.objects.create(user=county.manager, email="home@example.gov.cn")
    hazards.opened(county, due_on=today, responsible="")
    county.turn_on()
    start_worker()
    for _ in range(4):  # four schedulers
        tasks.plan.delay(county.bureau.pk)
    eventually(lambda: Delivery.objects.filter(status=S.SENT).exists())
    planned_at = PlanRun.objects.get().planned_at
    tasks.plan.delay(county.bureau.pk)
    eventually(lambda: PlanRun.objects.get().planned_at > planned_at)
    (letter,) = server.letters
    assert letter["To"] == "home@example.gov.cn" and "二楼疏散通道堆放杂物" in letter.get_body().get_content()
    assert Reminder.objects.count() == Message.objects.count() == 1
