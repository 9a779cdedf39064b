/* Files: writes to redirected ones are put to the emulator; names are looked up where they really are. */
#ifndef FEVERGATE_FILES_H
#define FEVERGATE_FILES_H

/* The emulator says whether the kernel would take it, and keeps the file's content. */
static ssize_t write_sysfs(int fd, const void *bytes, size_t count) {
  size_t name = strlen(files[fd].path) + 1;
  char *request = malloc(name + count);
  int link = dial(real_close);
  if (!request || link < 0) {
    free(request);
    if (link >= 0) real_close(link);
    return refuse(ENODEV);
  }
  memcpy(request, files[fd].path, name);
  memcpy(request + name, bytes, count);
  int result = ask(link, OP_FILE_WRITE, request, (uint32_t)(name + count), NULL, 0);
  int error = errno;
  real_close(link);
  free(request);
  errno = error;
  return result;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(write);
  return kind_of(fd) == SYSFS_FILE ? write_sysfs(fd, bytes, count) : real(fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  REAL(pwrite64);
  return kind_of(fd) == SYSFS_FILE ? write_sysfs(fd, bytes, count) : real(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }

static int exists(const char *path) {
  int link = dial(real_close);
  if (link < 0) return -1;
  int result = ask(link, OP_EXISTS, path, (uint32_t)strlen(path), NULL, 0);
  int error = errno;
  real_close(link);
  errno = error;
  return result;
}

int access(const char *path, int mode) {
  REAL(access);
  char room[PATH_MAX];
  return device_kind(path) == NOT_OURS ? real(redirected(path, room), mode) : exists(path);
}

int scandir64(const char *path, struct dirent64 ***names, int (*wanted)(const struct dirent64 *),
              int (*order)(const struct dirent64 **, const struct dirent64 **)) {
  REAL(scandir64);
  char room[PATH_MAX];
  const char *devices = emulator_socket() ? getenv("FEVERGATE_SHIM_DEV") : NULL;
  int lists_devices = devices && (!strcmp(path, "/dev") || !strcmp(path, "/dev/"));
  return real(lists_devices ? devices : redirected(path, room), names, wanted, order);
}

DIR *opendir(const char *path) {
  REAL(opendir);
  char room[PATH_MAX];
  return real(redirected(path, room));
}

ssize_t readlink(const char *path, char *target, size_t size) {
  REAL(readlink);
  char room[PATH_MAX];
  return real(redirected(path, room), target, size);
}

char *realpath(const char *path, char *resolved) {
  REAL(realpath);
  char room[PATH_MAX];
  return real(redirected(path, room), resolved);
}

static int do_statx(int folder, const char *path, int flags, unsigned int mask, struct statx *about) {
  REAL(statx);
  char room[PATH_MAX];
  if (device_kind(path) == NOT_OURS) return real(folder, redirected(path, room), flags, mask, about);
  return exists(path) < 0 ? -1 : real(AT_FDCWD, "/dev/null", flags, mask, about);
}

int statx(int folder, const char *path, int flags, unsigned int mask, struct statx *about) {
  return do_statx(folder, path, flags, mask, about);
}

/* libuv calls statx and close by their numbers. */
long syscall(long number, ...) {
  REAL(syscall);
  long argument[6];
  va_list rest;
  va_start(rest, number);
  for (int index = 0; index < 6; index++) argument[index] = va_arg(rest, long);
  va_end(rest);
  if (number == SYS_close) return close((int)argument[0]);
  if (number == SYS_statx && emulator_socket())
    return do_statx((int)argument[0], (const char *)argument[1], (int)argument[2], (unsigned int)argument[3],
                    (struct statx *)argument[4]);
  return real(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
}

#endif
