/** Where the guest has the test's own disk. */
export const TEST_DISK = '/mnt';
/** The machine QEMU runs on, as its guest has it. */
export const HOST_IN_GUEST = '10.0.2.2';
const HARDWARE_SOCKET = '/run/hardware.sock';
const CAMERA_SOCKET = '/run/camera.sock';

/** TCP ports of the host at which a guest finds the hardware of its gate. */
export type HardwarePorts = Readonly<{ hardware: number; camera: number }>;

/**
 * Units and drop-ins that the test adds to a starting guest as credentials of systemd; nothing of them is in the image.
 * The gate's own unit gets the emulated devices by its environment, and is otherwise as shipped. Names are short because
 * QEMU takes no longer ones: h, hardware; c, camera; n, network; t, time; w, watch.
 */
export function guestUnits(ports: HardwarePorts): Readonly<Record<string, string>> {
  return {
    'systemd.extra-unit.mnt.mount': `
[Unit]
DefaultDependencies=no
[Mount]
What=/dev/disk/by-id/virtio-test
Where=${TEST_DISK}
Type=erofs
Options=ro
`,
    ...relay('h', HARDWARE_SOCKET, ports.hardware),
    ...relay('c', CAMERA_SOCKET, ports.camera),
    // The wires to the hardware are a network that has to be there before.
    'systemd.extra-unit.n.service': `
[Unit]
After=systemd-networkd.service h.socket c.socket
Wants=h.socket c.socket
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'until ip route get ${HOST_IN_GUEST} >/dev/null 2>&1; do sleep 0.1; done'
`,
    'systemd.extra-unit.t.service': `
[Unit]
BindsTo=dev-virtio\\x2dports-tick.device
After=dev-virtio\\x2dports-tick.device
RequiresMountsFor=${TEST_DISK}
[Service]
ExecStart=${TEST_DISK}/bin/tick /dev/virtio-ports/tick
`,
    'systemd.extra-unit.w.service': `
[Unit]
RequiresMountsFor=${TEST_DISK}
[Service]
Nice=10
ExecStart=/bin/sh ${TEST_DISK}/watch.sh
StandardOutput=file:/dev/hvc0
`,
    'systemd.unit-dropin.fevergate.service': `
[Unit]
Wants=n.service t.service w.service
After=n.service t.service
RequiresMountsFor=${TEST_DISK}
[Service]
Environment=LD_PRELOAD=${TEST_DISK}/hwshim.so
Environment=FEVERGATE_SHIM_SOCK=${HARDWARE_SOCKET} FEVERGATE_SHIM_DEV=${TEST_DISK}/dev
Environment=FEVERGATE_FAKE_CAMERA_SOCK=${CAMERA_SOCKET}
Environment=PATH=${TEST_DISK}/bin:/usr/sbin:/usr/bin:/sbin:/bin
`,
  };
}

/** A unix socket of the guest whose connections go on to a TCP port of the host. */
function relay(name: string, socket: string, port: number): Readonly<Record<string, string>> {
  return {
    [`systemd.extra-unit.${name}.socket`]: `
[Socket]
ListenStream=${socket}
SocketMode=0666
`,
    [`systemd.extra-unit.${name}.service`]: `
[Service]
ExecStart=/usr/lib/systemd/systemd-socket-proxyd ${HOST_IN_GUEST}:${port}
`,
  };
}
