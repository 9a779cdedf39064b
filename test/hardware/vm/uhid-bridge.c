/*
 * Runs in the guest. Makes an MCP2221 USB-I2C bridge appear through /dev/uhid, and carries its 64-byte reports to and
 * from a virtio-serial port, at the other end of which the model of the chip answers. The device is pulled out when
 * this program ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/uhid.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { REPORT = 64, USB = 3, MICROCHIP = 0x04d8, MCP2221 = 0x00dd };

/* One vendor-defined report of 64 bytes each way, without a number, as the chip's own descriptor has it. */
static const unsigned char descriptor[] = {
	0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01,             /* usage page, usage, collection */
	0x09, 0x02, 0x15, 0x00, 0x26, 0xff, 0x00,             /* bytes */
	0x75, 0x08, 0x95, REPORT, 0x81, 0x02,                 /* 64 in */
	0x09, 0x03, 0x15, 0x00, 0x26, 0xff, 0x00,
	0x75, 0x08, 0x95, REPORT, 0x91, 0x02, 0xc0,           /* 64 out */
};

static void put(int uhid, const struct uhid_event *event)
{
	if (write(uhid, event, sizeof *event) < 0)
		perror("uhid-bridge: write /dev/uhid");
}

static void plug_in(int uhid)
{
	struct uhid_event event = { .type = UHID_CREATE2 };
	strcpy((char *)event.u.create2.name, "MCP2221 model");
	memcpy(event.u.create2.rd_data, descriptor, sizeof descriptor);
	event.u.create2.rd_size = sizeof descriptor;
	event.u.create2.bus = USB;
	event.u.create2.vendor = MICROCHIP;
	event.u.create2.product = MCP2221;
	put(uhid, &event);
}

/* Answers to an earlier bridge's last questions would be taken for answers to this one's first. */
static void drain(int port)
{
	unsigned char stale[REPORT];
	struct pollfd waiting = { port, POLLIN, 0 };
	while (poll(&waiting, 1, 0) > 0 && (waiting.revents & POLLIN) && read(port, stale, sizeof stale) > 0)
		;
}

static void from_kernel(int uhid, int port)
{
	struct uhid_event event;
	memset(&event, 0, sizeof event);
	if (read(uhid, &event, sizeof event) <= 0)
		return;
	if (event.type == UHID_OUTPUT) {
		unsigned char report[REPORT] = { 0 };
		unsigned size = event.u.output.size;
		memcpy(report, event.u.output.data, size < REPORT ? size : REPORT);
		if (write(port, report, REPORT) != REPORT)
			perror("uhid-bridge: write port");
	} else if (event.type == UHID_GET_REPORT) {
		struct uhid_event reply = { .type = UHID_GET_REPORT_REPLY };
		reply.u.get_report_reply.id = event.u.get_report.id;
		reply.u.get_report_reply.err = EIO;
		put(uhid, &reply);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: uhid-bridge PORT\n");
		return 2;
	}
	int uhid = open("/dev/uhid", O_RDWR), port = open(argv[1], O_RDWR);
	if (uhid < 0 || port < 0) {
		perror("uhid-bridge: open");
		return 1;
	}
	drain(port);
	plug_in(uhid);

	unsigned char report[REPORT];
	size_t have = 0;
	for (;;) {
		struct pollfd waiting[2] = { { uhid, POLLIN, 0 }, { port, POLLIN, 0 } };
		if (poll(waiting, 2, -1) < 0)
			continue;
		if (waiting[1].revents & POLLHUP)
			return 0;
		if (waiting[0].revents & POLLIN)
			from_kernel(uhid, port);
		if (waiting[1].revents & POLLIN) {
			ssize_t got = read(port, report + have, REPORT - have);
			if (got > 0)
				have += got;
		}
		if (have == REPORT) {
			struct uhid_event event = { .type = UHID_INPUT2 };
			event.u.input2.size = REPORT;
			memcpy(event.u.input2.data, report, REPORT);
			put(uhid, &event);
			have = 0;
		}
	}
}
