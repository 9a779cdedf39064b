#!/bin/sh
# Runs inside the guest: tells on the console that the test reads how the gate is, one `KEY VALUE` a line.
config=/etc/fevergate/fevergate.yaml
tell() { printf '%s %s\n' "$1" "$2"; }
uptime() { cut -d' ' -f1 /proc/uptime; }

until [ "$(systemctl is-active fevergate)" = active ]; do
  tell waiting "$(uptime) $(systemctl show -P StatusText fevergate)"
  sleep 1
done
tell ready-after "$(systemctl show -P ActiveEnterTimestampMonotonic fevergate)"
i=0
until s=$(systemctl is-system-running) && [ "$s" = running ] || [ "$s" = degraded ] || [ $i -gt 60 ]; do i=$((i + 1)); sleep 1; done
tell state "$s"
systemctl --failed --no-legend --plain | while read -r unit _; do
  tell failed "$unit"
  journalctl -b -u "$unit" -o cat --no-pager | tail -n 8 | sed 's/^/journal /'
done
tell security "$(systemd-analyze security --no-pager fevergate.service | tail -n1)"
tell addresses "$(systemctl show -P IPAddressAllow fevergate)"
tell root "$(findmnt -no FSTYPE,OPTIONS /)"
if touch /etc/written /usr/written 2>/dev/null; then tell root-written yes; else tell root-written no; fi
tell persistent-bytes "$(df -B1 --output=size /persistent | tail -n1)"
tell swap "$(tail -n +2 /proc/swaps | wc -l)"
tell input-policy "$(nft list chain inet fevergate input | grep -o 'policy [a-z]*')"
tell listening "$(ss -Hltn | awk '{print $4}' | tr '\n' ' ')"
tell watchdog "$(systemctl show -P RuntimeWatchdogUSec)"
tell root-password "$(passwd -S root | cut -d' ' -f2)"
tell sshd "$(systemctl is-active ssh.service)"
tell boot-files "$(ls /bootfs | tr '\n' ' ')"
tell secret "$(stat -c '%a %U' /etc/fevergate/mqtt-password 2>&1)"
tell image "$(cat /etc/fevergate-image-version)"
tell journal "$(ls /var/log/journal 2>/dev/null | wc -l) kept"
tell visits "$(fevergate records list --config $config --json 2>&1 | grep -o '"number":[0-9]*' | cut -d: -f2 | tr '\n' ' ')"
tell checked yes
while :; do
  tell now "$(uptime) $(systemctl show -P ActiveState -P NRestarts -P StatusText fevergate | tr '\n' ' ')"
  sleep 1
done
