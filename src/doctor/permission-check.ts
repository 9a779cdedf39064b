import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import type { Config } from '../config/schema.ts';
import { type Finding, failed, ok } from './finding.ts';

/** A device file the gate needs, and the group that Raspberry Pi OS gives it to. */
type Needed = Readonly<{ device: string; group: string }>;

/** Whether this user may open the devices that are there. */
export async function checkPermissions(config: Config): Promise<Finding> {
  const denied: Needed[] = [];
  for (const needed of await neededDevices(config)) {
    const code = await access(needed.device, constants.R_OK | constants.W_OK).then(
      () => null,
      (error: NodeJS.ErrnoException) => error.code,
    );
    if (code === 'EACCES' || code === 'EPERM') denied.push(needed);
  }
  const user = os.userInfo().username;
  if (denied.length === 0) {
    const root = process.getuid?.() === 0 ? ', who is root: the gate needs no root' : '';
    return ok('permissions', `user ${user}${root}: ${(await groupsOfUser()).join(', ') || 'no groups'}`);
  }
  const devices = denied.map(({ device }) => device).join(', ');
  const groups = [...new Set(denied.map(({ group }) => group))].join(',');
  return failed(
    'permissions',
    `user ${user} may not open ${devices}`,
    `sudo usermod -aG ${groups} ${user}, then log in again`,
  );
}

async function neededDevices({ i2c, lines, camera }: Config): Promise<readonly Needed[]> {
  const devices = await readdir('/dev').catch(() => []);
  const chips = devices.filter((name) => /^gpiochip\d+$/.test(name));
  return [
    { device: `/dev/i2c-${i2c.bus}`, group: 'i2c' },
    ...(lines.driver === 'gpiochip' ? chips.map((name) => ({ device: `/dev/${name}`, group: 'gpio' })) : []),
    ...(camera.source === 'images' ? [] : [{ device: cameraDevice(camera), group: 'video' }]),
  ];
}

/** A Raspberry Pi camera is many devices of one group; the first stands for them. */
function cameraDevice({ source, device }: Config['camera']): string {
  return source === 'v4l2' ? device : '/dev/media0';
}

async function groupsOfUser(): Promise<readonly string[]> {
  const ids = new Set(process.getgroups?.() ?? []);
  const lines = (await readFile('/etc/group', 'utf8').catch(() => '')).split('\n');
  return lines.flatMap((line) => {
    const [name, , id] = line.split(':');
    return name !== undefined && id !== undefined && id !== '' && ids.has(Number(id)) ? [name] : [];
  });
}
