from celery import shared_task

from . import services


@shared_task(name="jobs.run_job")
def run_job(pk):
    services.run(pk)


@shared_task(name="jobs.requeue_lost")
def requeue_lost():
    services.requeue_lost()
