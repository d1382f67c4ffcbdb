# The portal's image, for web, worker, scheduler and migrate alike (docker-compose.yml). It holds no secret and runs as uid 10001.

FROM python:3.11-slim-bookworm AS python-packages
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM node:24-bookworm-slim AS page-files
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
        postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 portal \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal -m 0750 /data

ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PORTAL_DATA_DIR=/data \
    PORTAL_RUN_DIR=/tmp/portal \
    PORTAL_STATIC_DIR=/app/collected \
    PORTAL_LOG=json \
    PORT=8000

WORKDIR /app
COPY --from=python-packages /venv /venv
COPY --from=page-files /app/node_modules node_modules
COPY . .
RUN PORTAL_DATA_DIR=/build PORTAL_RUN_DIR=/build python manage.py collectstatic --noinput --verbosity 0 \
 && python -m compileall -q campaign_portal facilities inspections training \
 && chmod -R a+rX . \
 && rm -rf /build

USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=8)"]
CMD ["gunicorn", "campaign_portal.wsgi", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--timeout", "60", "--graceful-timeout", "30", "--max-requests", "5000", "--max-requests-jitter", "500", "--log-level", "warning"]
