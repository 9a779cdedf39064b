/* Talks to the emulator: one request, one answer, over the unix socket $FEVERGATE_SHIM_SOCK. */
#ifndef FEVERGATE_LINK_H
#define FEVERGATE_LINK_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* What is asked of the emulator; test/hardware/emulator/protocol.ts has the same letters. */
enum op {
  OP_OPEN = 'O',        /* path -> handle of the device */
  OP_EXISTS = 'E',      /* path */
  OP_FUNCS = 'F',       /* -> unsigned long of I2C_FUNCS */
  OP_TRANSFER = 'X',    /* handle, count, messages -> completed messages, bytes read */
  OP_CHIP_INFO = 'C',   /* -> struct gpiochip_info */
  OP_LINE = 'L',        /* handle of the chip, struct gpio_v2_line_request */
  OP_SET_VALUES = 'V',  /* struct gpio_v2_line_values */
  OP_GET_VALUES = 'G',  /* struct gpio_v2_line_values, both ways */
  OP_CLOSE = 'Q',
  OP_FILE_WRITE = 'W',  /* path, NUL, bytes -> bytes written */
};

static const char *emulator_socket(void) {
  const char *path = getenv("FEVERGATE_SHIM_SOCK");
  return path && *path ? path : NULL;
}

static int send_all(int fd, const void *bytes, size_t count) {
  const char *at = bytes;
  while (count > 0) {
    ssize_t sent = send(fd, at, count, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return -1;
    at += sent;
    count -= (size_t)sent;
  }
  return 0;
}

static int receive_all(int fd, void *bytes, size_t count) {
  char *at = bytes;
  while (count > 0) {
    ssize_t got = recv(fd, at, count, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return -1;
    at += got;
    count -= (size_t)got;
  }
  return 0;
}

/* The emulator's result, or -1 with its errno. Up to `room` bytes of the answer go to `answer`, the rest is dropped. */
static int ask(int link, enum op op, const void *request, uint32_t length, void *answer, uint32_t room) {
  uint32_t head[2] = {length, op};
  struct {
    int32_t result;
    uint32_t length;
  } reply;
  if (send_all(link, head, sizeof head) || send_all(link, request, length) ||
      receive_all(link, &reply, sizeof reply)) {
    errno = ENODEV;
    return -1;
  }
  uint32_t wanted = reply.length < room ? reply.length : room;
  char dropped[256];
  int failed = wanted > 0 ? receive_all(link, answer, wanted) : 0;
  for (uint32_t left = reply.length - wanted; left > 0 && !failed;) {
    uint32_t part = left < sizeof dropped ? left : (uint32_t)sizeof dropped;
    failed = receive_all(link, dropped, part);
    left -= part;
  }
  if (failed || reply.result < 0) {
    errno = failed ? ENODEV : -reply.result;
    return -1;
  }
  return reply.result;
}

/* A new connection; -1 with ENOENT when no emulator answers: its devices are not there. */
static int dial(int (*real_close)(int)) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const char *path = emulator_socket();
  int link = -1;
  if (path && strlen(path) < sizeof address.sun_path) {
    strcpy(address.sun_path, path);
    link = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  }
  if (link >= 0 && connect(link, (struct sockaddr *)&address, sizeof address) == 0) return link;
  if (link >= 0) real_close(link);
  errno = ENOENT;
  return -1;
}

#endif
