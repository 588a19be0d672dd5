#!/bin/sh
# Before a removal, and not before an upgrade: dpkg says "remove", rpm how many are left.
set -e
case "$1" in
  remove | 0)
    if [ -d /run/systemd/system ]; then
      systemctl disable --now zomrobot.service
    fi
    ;;
esac
