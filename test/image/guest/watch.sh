#!/bin/sh
# Runs inside the guest: tells on the console that the test reads how the gate is, one `KEY VALUE` a line.
config=/etc/fevergate/fevergate.yaml
tell() { printf '%s %s\n' "$1" "$2"; }
of_gate() { systemctl show -P "$1" fevergate; }
as_gate() { setpriv --reuid=fevergate --regid=fevergate --init-groups fevergate "$@" --config $config; }

until [ "$(systemctl is-active fevergate)" = active ]; do sleep 1; done
ready=$(of_gate ActiveEnterTimestampMonotonic)
tell ready-us "$ready"
until state=$(systemctl is-system-running); [ "$state" = running ] || [ "$state" = degraded ]; do sleep 1; done
tell state "$state"
systemctl --failed --no-legend --plain | while read -r unit _; do
  tell failed "$unit"
  journalctl -b -u "$unit" -o cat --no-pager | tail -n 8 | sed 's/^/journal /'
done
tell restarts "$(of_gate NRestarts)"
tell status "$(of_gate StatusText)"
tell sensor "$(journalctl -b -u fevergate -o cat --no-pager | grep -o '"busHz":.*"thermal sensor open"')"
if [ -e /var/lib/fevergate/records/visits.ndjson ]; then
  tell visits "$(as_gate records list --json | sed -n 's/.*"number":\([0-9]*\).*/\1/p' | tr '\n' ' ')"
  if as_gate records verify >/dev/null 2>&1; then tell verified whole; else tell verified no; fi
fi

tell root "$(findmnt -no FSTYPE,OPTIONS /)"
if touch /etc/written /usr/written 2>/dev/null; then tell root-written yes; else tell root-written no; fi
tell persistent-bytes "$(df -B1 --output=size /persistent | tail -n1)"
tell persistent "$(findmnt -no OPTIONS /persistent)"
tell boot-files "$(ls /bootfs | tr '\n' ' ')"
tell secret "$(stat -c '%a %U' /etc/fevergate/mqtt-password 2>&1)"
tell addresses "$(of_gate IPAddressAllow)"
tell firewall "$(nft list chain inet fevergate input | grep -o 'policy [a-z]*')"
tell root-password "$(passwd -S root | cut -d' ' -f2)"
tell listening "$(ss -Hltn | awk '{ print $4 }' | sort | tr '\n' ' ')"
tell swaps "$(tail -n +2 /proc/swaps | wc -l)"
tell journals-kept "$(ls /var/log/journal 2>/dev/null | wc -l)"
# What took how long is asked where it matters only: every look costs the machine its time.
[ "$ready" -lt 30000000 ] || systemd-analyze blame --no-pager | head -n 20 | sed 's/^ */took /'
tell checked yes
