/*
 * LD_PRELOAD library that puts emulated devices behind the C library's calls: /dev/i2c-N and /dev/gpiochipN are served
 * by the emulator on $FEVERGATE_SHIM_SOCK, and hidden when it has none of that name; paths below /sys/class/pwm are
 * those of the folder $FEVERGATE_SHIM_PWM, and every write to them is put to the emulator first. Listing /dev lists
 * $FEVERGATE_SHIM_DEV. Without the socket's variable nothing is touched.
 */
#define _GNU_SOURCE
#include "link.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/gpio.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

/* Bytes that one I2C message may have (i2c-dev). */
#define LONGEST_MESSAGE 8192
#define MOST_FILES 4096

enum kind { NOT_OURS, I2C_BUS, GPIO_CHIP, GPIO_LINE, SYSFS_FILE };
/* A file descriptor of ours is the connection to the emulator itself, so the emulator sees when its owner dies. */
static struct {
  enum kind kind;
  uint32_t handle;
  char *path;
  pthread_mutex_t busy;
} files[MOST_FILES];

static int real_close(int fd) {
  REAL(close);
  return real(fd);
}

static enum kind kind_of(int fd) { return fd >= 0 && fd < MOST_FILES ? files[fd].kind : NOT_OURS; }

static int take(int fd, enum kind kind, uint32_t handle, const char *path) {
  if (fd >= MOST_FILES) {
    real_close(fd);
    errno = EMFILE;
    return -1;
  }
  files[fd].handle = handle;
  files[fd].path = path ? strdup(path) : NULL;
  pthread_mutex_init(&files[fd].busy, NULL);
  files[fd].kind = kind;
  return fd;
}

static enum kind device_kind(const char *path) {
  if (!path || !emulator_socket()) return NOT_OURS;
  if (!strncmp(path, "/dev/i2c-", 9)) return I2C_BUS;
  if (!strncmp(path, "/dev/gpiochip", 13)) return GPIO_CHIP;
  return NOT_OURS;
}

/* Where a path of sysfs really is; the path itself when it is not redirected. `room` has PATH_MAX bytes. */
static const char *redirected(const char *path, char *room) {
  static const char sysfs_pwm[] = "/sys/class/pwm";
  size_t length = sizeof sysfs_pwm - 1;
  if (!path || !emulator_socket() || strncmp(path, sysfs_pwm, length)) return path;
  if (path[length] != '\0' && path[length] != '/') return path;
  const char *folder = getenv("FEVERGATE_SHIM_PWM");
  snprintf(room, PATH_MAX, "%s%s", folder && *folder ? folder : "/nonexistent", path + length);
  return room;
}

static int open_device(enum kind kind, const char *path) {
  int link = dial(real_close);
  if (link < 0) return -1;
  int handle = ask(link, OP_OPEN, path, (uint32_t)strlen(path), NULL, 0);
  if (handle >= 0) return take(link, kind, (uint32_t)handle, NULL);
  int error = errno;
  real_close(link);
  errno = error;
  return -1;
}

static int do_open(int folder, const char *path, int flags, mode_t mode) {
  REAL(openat64);
  enum kind kind = device_kind(path);
  if (kind != NOT_OURS) return open_device(kind, path);
  char room[PATH_MAX];
  const char *at = redirected(path, room);
  if (at == path) return real(folder, path, flags, mode);
  /* sysfs creates no file and empties none. */
  int fd = real(folder, at, flags & ~(O_CREAT | O_TRUNC | O_EXCL));
  if (fd < 0 && errno == ENOENT && (flags & O_CREAT)) errno = EACCES;
  return fd >= 0 && (flags & O_ACCMODE) != O_RDONLY ? take(fd, SYSFS_FILE, 0, at) : fd;
}

static int needs_mode(int flags) { return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE; }

#define OPEN_MODE \
  mode_t mode = 0; \
  if (needs_mode(flags)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }

int open(const char *path, int flags, ...) { OPEN_MODE return do_open(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { OPEN_MODE return do_open(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int at, const char *path, int flags, ...) { OPEN_MODE return do_open(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { OPEN_MODE return do_open(at, path, flags | O_LARGEFILE, mode); }
int __open_2(const char *path, int flags) { return do_open(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return do_open(AT_FDCWD, path, flags, 0); }

int close(int fd) {
  enum kind kind = kind_of(fd);
  if (kind == NOT_OURS) return real_close(fd);
  /* A line is free when close() returns; the end of the connection alone would be seen later. */
  if (kind != SYSFS_FILE) ask(fd, OP_CLOSE, NULL, 0, NULL, 0);
  files[fd].kind = NOT_OURS;
  free(files[fd].path);
  files[fd].path = NULL;
  return real_close(fd);
}

static int refuse(int error) {
  errno = error;
  return -1;
}

static int locked_ask(int fd, enum op op, const void *request, uint32_t length, void *answer, uint32_t room) {
  pthread_mutex_lock(&files[fd].busy);
  int result = ask(fd, op, request, length, answer, room);
  int error = errno;
  pthread_mutex_unlock(&files[fd].busy);
  errno = error;
  return result;
}

/* Several threads may have a transaction under way: the second takes a connection of its own, so that it is seen. */
static int ask_at_once(int fd, const void *request, uint32_t length, void *answer, uint32_t room) {
  int first = pthread_mutex_trylock(&files[fd].busy) == 0;
  int link = first ? fd : dial(real_close);
  if (link < 0) return refuse(ENODEV);
  int result = ask(link, OP_TRANSFER, request, length, answer, room);
  int error = errno;
  if (first) pthread_mutex_unlock(&files[fd].busy);
  else real_close(link);
  errno = error;
  return result;
}

static int transfer(int fd, const struct i2c_rdwr_ioctl_data *asked) {
  if (!asked || !asked->msgs) return refuse(EINVAL);
  if (asked->nmsgs == 0 || asked->nmsgs > I2C_RDWR_IOCTL_MAX_MSGS) return refuse(EINVAL);
  uint32_t sent = 2 * sizeof(uint32_t), read = 0;
  for (uint32_t index = 0; index < asked->nmsgs; index++) {
    const struct i2c_msg *message = &asked->msgs[index];
    if (message->len > LONGEST_MESSAGE) return refuse(EINVAL);
    sent += 3 * sizeof(uint16_t);
    if (message->flags & I2C_M_RD) read += message->len;
    else sent += message->len;
  }
  uint8_t *request = malloc(sent + read + 1), *at = request, *answer = request + sent;
  if (!request) return refuse(ENOMEM);
  uint32_t head[2] = {files[fd].handle, asked->nmsgs};
  at = (uint8_t *)memcpy(at, head, sizeof head) + sizeof head;
  for (uint32_t index = 0; index < asked->nmsgs; index++) {
    const struct i2c_msg *message = &asked->msgs[index];
    uint16_t about[3] = {message->addr, message->flags, message->len};
    at = (uint8_t *)memcpy(at, about, sizeof about) + sizeof about;
    if (!(message->flags & I2C_M_RD)) at = (uint8_t *)memcpy(at, message->buf, message->len) + message->len;
  }
  memset(answer, 0, read);
  int completed = ask_at_once(fd, request, sent, answer, read);
  int error = errno;
  for (int index = 0; index < completed; index++) {
    const struct i2c_msg *message = &asked->msgs[index];
    if (!(message->flags & I2C_M_RD)) continue;
    memcpy(message->buf, answer, message->len);
    answer += message->len;
  }
  free(request);
  errno = error;
  return completed;
}

static int request_line(int chip, struct gpio_v2_line_request *wanted) {
  uint8_t request[sizeof(uint32_t) + sizeof *wanted];
  memcpy(request, &files[chip].handle, sizeof(uint32_t));
  memcpy(request + sizeof(uint32_t), wanted, sizeof *wanted);
  int link = dial(real_close);
  if (link < 0) return refuse(ENODEV);
  if (ask(link, OP_LINE, request, sizeof request, NULL, 0) < 0) {
    int error = errno;
    real_close(link);
    return refuse(error);
  }
  int fd = take(link, GPIO_LINE, 0, NULL);
  if (fd < 0) return -1;
  wanted->fd = fd;
  return 0;
}

static int device_ioctl(int fd, enum kind kind, unsigned int request, void *argument) {
  if (kind == I2C_BUS && request == I2C_FUNCS) return locked_ask(fd, OP_FUNCS, NULL, 0, argument, sizeof(long));
  if (kind == I2C_BUS && request == I2C_RDWR) return transfer(fd, argument);
  if (kind == GPIO_CHIP && request == GPIO_GET_CHIPINFO_IOCTL)
    return locked_ask(fd, OP_CHIP_INFO, NULL, 0, argument, sizeof(struct gpiochip_info));
  if (kind == GPIO_CHIP && request == GPIO_V2_GET_LINE_IOCTL) return request_line(fd, argument);
  uint32_t size = sizeof(struct gpio_v2_line_values);
  if (kind == GPIO_LINE && request == GPIO_V2_LINE_SET_VALUES_IOCTL)
    return locked_ask(fd, OP_SET_VALUES, argument, size, NULL, 0);
  if (kind == GPIO_LINE && request == GPIO_V2_LINE_GET_VALUES_IOCTL)
    return locked_ask(fd, OP_GET_VALUES, argument, size, argument, size);
  return refuse(ENOTTY);
}

int ioctl(int fd, unsigned long request, ...) {
  REAL(ioctl);
  va_list rest;
  va_start(rest, request);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  enum kind kind = kind_of(fd);
  if (kind == NOT_OURS || kind == SYSFS_FILE) return real(fd, request, argument);
  return device_ioctl(fd, kind, (unsigned int)request, argument);
}

#include "files.h"
