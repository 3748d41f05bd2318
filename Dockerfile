# One image for web, worker and clock; compose and the commands choose which.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# What WeasyPrint draws with; Chinese fonts come with the Python packages.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.lock .
RUN pip install --require-hashes -r requirements.lock

COPY . .
# The group of the nginx image: the proxy reads the files it is told to send, and only reads.
RUN groupadd --system --gid 101 --non-unique nginx \
    && useradd --system --uid 10001 --gid 101 --home-dir /data portal \
    && mkdir /data \
    && chown portal:nginx /data
USER portal

ENV PORTAL_MODE=production DATA_DIR=/data HOST=0.0.0.0 PORT=8000
VOLUME /data
EXPOSE 8000
HEALTHCHECK NONE
CMD ["python", "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "weidu_portal.wsgi"]
