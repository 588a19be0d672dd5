#!/bin/sh
# After an installation or an upgrade, of a deb and of an rpm.
set -e
if command -v systemd-sysusers > /dev/null; then
  systemd-sysusers zomrobot.conf
elif ! getent passwd zomrobot > /dev/null; then
  useradd --system --user-group --no-create-home --home-dir /var/lib/zomrobot --shell /usr/sbin/nologin zomrobot
fi
chown root:zomrobot /etc/zomrobot /etc/zomrobot/zomrobot.env
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl try-restart zomrobot.service
fi
