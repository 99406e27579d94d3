# syntax=docker/dockerfile:1
# -- build: the virtual environment and the static files
FROM python:3.12-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=1 UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
RUN pip install --no-cache-dir uv==0.13.8 && python -m venv /opt/venv
WORKDIR /app
COPY requirements.txt requirements.lock ./
RUN uv pip install --python /opt/venv/bin/python -r requirements.txt -c requirements.lock
COPY . .
# The kernels are compiled here once; a container starts with a warm cache.
ENV PATH=/opt/venv/bin:$PATH VAR_DIR=/app/var NUMBA_CACHE_DIR=/var/cache/botforge
RUN python manage.py collectstatic --noinput \
    && python -c "from backtests.engine import warm_up; warm_up()"

# -- run: no compiler, no package manager's leftovers, no root
FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app botforge
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DEBUG=False VAR_DIR=/app/var NUMBA_CACHE_DIR=/var/cache/botforge
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
# Writable also on another processor, for which the kernels are compiled again.
COPY --from=build --chown=10001:10001 /var/cache/botforge /var/cache/botforge
WORKDIR /app
USER 10001
EXPOSE 8000
CMD ["gunicorn", "botforge.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]
