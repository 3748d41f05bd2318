"""The web server, the same under `./run`, systemd and compose; what differs comes from the environment."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 8
timeout = 60
graceful_timeout = 8
max_requests = 5000 if workers > 1 else 0
max_requests_jitter = 500
loglevel = "warning"
control_socket_disable = True
# The heartbeat file lives in memory where there is such a place: a slow disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
