# The portal as one image; docker-compose.yml starts it as web, worker, clock and prepare.
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir "uv>=0.9"
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --compile-bytecode --extra s3

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /app --no-create-home portal \
    && install -d -o portal -g portal -m 0750 /data
WORKDIR /app
COPY --from=build /app/.venv /app/.venv
COPY . .
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 NSS_DATA_DIR=/data XDG_CACHE_HOME=/tmp
RUN SECRET_KEY=only-while-building python manage.py translations --compile \
    && python -m compileall -q nss_portal governance cities activities contracts
USER portal
VOLUME /data
EXPOSE 8000
CMD ["granian", "nss_portal.wsgi:application", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", \
     "--access-log", "--access-log-fmt", "%(method)s %(path)s %(status)d %(dt_ms).0f ms"]
