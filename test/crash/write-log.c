/*
 * LD_PRELOAD library that writes down, in $FEVERGATE_WRITE_LOG, everything done to files below $FEVERGATE_WRITE_ROOT:
 * writes with their bytes, truncations, new names, renames, removals and syncs, in the order in which they took effect.
 * From it test/crash/power-cut.ts makes the states in which a power cut may leave a disk.
 *
 * An entry is a line of five fields (operation, inode, two numbers, a path), for two paths another line, and the bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static int below_root(const char *path) {
  const char *root = getenv("FEVERGATE_WRITE_ROOT");
  size_t length = root ? strlen(root) : 0;
  return length > 0 && path && !strncmp(path, root, length) && (path[length] == '/' || path[length] == '\0');
}

/* Where an open file is, in `room` of PATH_MAX bytes; 0 when it is not below the root. */
static int place_of(int fd, char *room) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, room, PATH_MAX - 1);
  if (length < 0) return 0;
  room[length] = '\0';
  return below_root(room);
}

static void put(const void *bytes, size_t count) {
  static ssize_t (*real_write)(int, const void *, size_t);
  static int log = -1;
  if (log < 0) {
    int (*real_open)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
    real_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    log = real_open(getenv("FEVERGATE_WRITE_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
  const char *at = bytes;
  while (count > 0) {
    ssize_t written = real_write(log, at, count);
    if (written <= 0) abort();
    at += written;
    count -= (size_t)written;
  }
}

static void note(char operation, unsigned long inode, long long first, long long second, const char *path) {
  int error = errno;
  char line[PATH_MAX + 128];
  int length = snprintf(line, sizeof line, "%c %lu %lld %lld %s\n", operation, inode, first, second, path);
  put(line, (size_t)length);
  errno = error;
}

static unsigned long inode_of(int fd) {
  struct stat about;
  return fstat(fd, &about) == 0 ? (unsigned long)about.st_ino : 0;
}

static int do_open(const char *path, int flags, mode_t mode) {
  static int (*real)(const char *, int, ...);
  if (!real) real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
  if (!below_root(path) || (flags & O_ACCMODE) == O_RDONLY) return real(path, flags, mode);
  pthread_mutex_lock(&turn);
  int fd = real(path, flags, mode);
  if (fd >= 0) {
    if (flags & O_CREAT) note('C', inode_of(fd), 0, 0, path);
    if (flags & O_TRUNC) note('T', inode_of(fd), 0, 0, path);
  }
  pthread_mutex_unlock(&turn);
  return fd;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = (flags & O_CREAT) ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    return do_open(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

static ssize_t noted_write(int fd, const void *bytes, size_t count, off64_t at, int positioned) {
  static ssize_t (*real_write)(int, const void *, size_t);
  static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
  if (!real_write) real_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  if (!real_pwrite) real_pwrite = (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
  char place[PATH_MAX];
  int ours = place_of(fd, place);
  if (!ours) return positioned ? real_pwrite(fd, bytes, count, at) : real_write(fd, bytes, count);
  pthread_mutex_lock(&turn);
  off64_t from = positioned ? at : lseek64(fd, 0, SEEK_CUR);
  ssize_t written = positioned ? real_pwrite(fd, bytes, count, at) : real_write(fd, bytes, count);
  if (written > 0) {
    note('W', inode_of(fd), from, written, place);
    put(bytes, (size_t)written);
  }
  pthread_mutex_unlock(&turn);
  return written;
}

ssize_t write(int fd, const void *bytes, size_t count) { return noted_write(fd, bytes, count, 0, 0); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return noted_write(fd, bytes, count, at, 1); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  return noted_write(fd, bytes, count, at, 1);
}

static int noted_cut(int fd, off64_t size) {
  static int (*real)(int, off64_t);
  if (!real) real = (int (*)(int, off64_t))dlsym(RTLD_NEXT, "ftruncate64");
  char place[PATH_MAX];
  if (!place_of(fd, place)) return real(fd, size);
  pthread_mutex_lock(&turn);
  int result = real(fd, size);
  if (result == 0) note('T', inode_of(fd), size, 0, place);
  pthread_mutex_unlock(&turn);
  return result;
}

int ftruncate(int fd, off_t size) { return noted_cut(fd, size); }
int ftruncate64(int fd, off64_t size) { return noted_cut(fd, size); }

static int noted_sync(int fd, int (*real)(int)) {
  char place[PATH_MAX];
  if (!place_of(fd, place)) return real(fd);
  struct stat about;
  pthread_mutex_lock(&turn);
  int result = real(fd);
  if (result == 0 && fstat(fd, &about) == 0) {
    note(S_ISDIR(about.st_mode) ? 'D' : 'S', (unsigned long)about.st_ino, 0, 0, place);
  }
  pthread_mutex_unlock(&turn);
  return result;
}

int fsync(int fd) {
  REAL(fsync);
  return noted_sync(fd, real);
}

int fdatasync(int fd) {
  REAL(fdatasync);
  return noted_sync(fd, real);
}

int rename(const char *from, const char *to) {
  REAL(rename);
  if (!below_root(from)) return real(from, to);
  pthread_mutex_lock(&turn);
  int result = real(from, to);
  if (result == 0) {
    note('R', 0, 0, 0, from);
    note('>', 0, 0, 0, to);
  }
  pthread_mutex_unlock(&turn);
  return result;
}

int link(const char *from, const char *to) {
  REAL(link);
  if (!below_root(from)) return real(from, to);
  pthread_mutex_lock(&turn);
  int result = real(from, to);
  if (result == 0) {
    note('L', 0, 0, 0, from);
    note('>', 0, 0, 0, to);
  }
  pthread_mutex_unlock(&turn);
  return result;
}

int unlink(const char *path) {
  REAL(unlink);
  if (!below_root(path)) return real(path);
  pthread_mutex_lock(&turn);
  int result = real(path);
  if (result == 0) note('U', 0, 0, 0, path);
  pthread_mutex_unlock(&turn);
  return result;
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  if (!below_root(path)) return real(path, mode);
  pthread_mutex_lock(&turn);
  int result = real(path, mode);
  if (result == 0) note('M', 0, 0, 0, path);
  pthread_mutex_unlock(&turn);
  return result;
}
