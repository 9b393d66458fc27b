/*
 * Loaded before libc (LD_PRELOAD), writes down what a process does to the files of one folder, in order, so that a test can rebuild the folder as a power
 * cut would have left it; and makes a sync fail or the disk full on demand. Memory-mapped writes are not seen: of SQLite's files only the index of the
 * write-ahead log (-shm) is mapped, which is made anew after a crash.
 *
 *   DISK_FOLDER   the folder, as an absolute path without links
 *   DISK_RECORD   the file to write to, outside that folder
 *   DISK_FAIL     a file: while it holds the number n, the n-th sync from when it appeared fails with EIO
 *   DISK_FULL     a file: while it exists, writes into the folder fail with ENOSPC (the -shm file's go on)
 *
 * A line of the record is 24 bytes, little endian: time (CLOCK_MONOTONIC, ns, 8), offset (8), length of what follows (4), file number (2), kind (1), 0.
 * Kinds: N names a file (its path follows), W write (the bytes follow), S sync done, T cut or grown to the offset, U unlinked, F sync failed on purpose.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MOST_FILES 512
#define MOST_DESCRIPTORS 4096

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int record = -1;
static char folder[4096];
static const char *fail_file, *full_file;
static long syncs_since_armed;
static char *paths[MOST_FILES];
static int path_count;
/* The number of the file behind each descriptor, plus one; 0 where it is none of ours. */
static short file_of[MOST_DESCRIPTORS];

static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off64_t);
static int (*real_unlink)(const char *);

struct line {
  uint64_t at, offset;
  uint32_t length;
  uint16_t file;
  char kind, zero;
} __attribute__((packed));

__attribute__((constructor)) static void start(void) {
  real_openat = dlsym(RTLD_NEXT, "openat64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_writev = dlsym(RTLD_NEXT, "writev");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  const char *target = getenv("DISK_RECORD");
  if (getenv("DISK_FOLDER") == NULL || target == NULL) return;
  snprintf(folder, sizeof folder, "%s/", getenv("DISK_FOLDER"));
  fail_file = getenv("DISK_FAIL");
  full_file = getenv("DISK_FULL");
  record = real_openat(AT_FDCWD, target, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void note(char kind, int file, uint64_t offset, const void *bytes, size_t length) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  struct line line = {now.tv_sec * 1000000000ull + now.tv_nsec, offset, length, file, kind, 0};
  struct iovec parts[2] = {{&line, sizeof line}, {(void *)bytes, length}};
  if (real_writev(record, parts, length > 0 ? 2 : 1) != (ssize_t)(sizeof line + length)) {
    static const char lament[] = "the disk recorder could not write its record\n";
    real_write(2, lament, sizeof lament - 1);
    _exit(70);
  }
}

/* The number of a path of the folder, or -1. */
static int number_of(const char *path) {
  size_t length = strlen(folder);
  if (record < 0 || strncmp(path, folder, length) != 0) return -1;
  for (int i = 0; i < path_count; i++)
    if (strcmp(paths[i], path + length) == 0) return i;
  if (path_count == MOST_FILES) return -1;
  paths[path_count] = strdup(path + length);
  note('N', path_count, 0, paths[path_count], strlen(paths[path_count]));
  return path_count++;
}

static int ours(int fd) { return record >= 0 && fd >= 0 && fd < MOST_DESCRIPTORS ? file_of[fd] - 1 : -1; }

static int is_full(int file) {
  size_t length = strlen(paths[file]);
  int is_index = length > 4 && strcmp(paths[file] + length - 4, "-shm") == 0;
  return full_file != NULL && !is_index && access(full_file, F_OK) == 0;
}

static int opened(int fd, const char *path, int flags) {
  if (fd < 0 || fd >= MOST_DESCRIPTORS || record < 0) return fd;
  pthread_mutex_lock(&turn);
  int file = number_of(path);
  file_of[fd] = file + 1;
  if (file >= 0 && (flags & O_TRUNC)) note('T', file, 0, NULL, 0);
  pthread_mutex_unlock(&turn);
  return fd;
}

static mode_t mode_of(int flags, va_list list) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; }

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = mode_of(flags, list); \
    va_end(list); \
    return opened(real_openat(AT_FDCWD, path, flags, mode), path, flags); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
  int name(int at, const char *path, int flags, ...) { \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = mode_of(flags, list); \
    va_end(list); \
    return opened(real_openat(at, path, flags, mode), path, flags); \
  }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
  if (ours(fd) >= 0) file_of[fd] = 0;
  return real_close(fd);
}

static ssize_t write_at(int fd, int file, const void *bytes, size_t length, off64_t offset, int is_positioned) {
  pthread_mutex_lock(&turn);
  ssize_t written = -1;
  if (is_full(file)) errno = ENOSPC;
  else written = is_positioned ? real_pwrite(fd, bytes, length, offset) : real_write(fd, bytes, length);
  if (written > 0) note('W', file, offset, bytes, written);
  pthread_mutex_unlock(&turn);
  return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  int file = ours(fd);
  return file < 0 ? real_pwrite(fd, bytes, length, offset) : write_at(fd, file, bytes, length, offset, 1);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

ssize_t write(int fd, const void *bytes, size_t length) {
  int file = ours(fd);
  if (file < 0) return real_write(fd, bytes, length);
  struct stat state;
  int appends = fcntl(fd, F_GETFL) & O_APPEND;
  off64_t offset = appends && fstat(fd, &state) == 0 ? state.st_size : lseek64(fd, 0, SEEK_CUR);
  return write_at(fd, file, bytes, length, offset, 0);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (ours(fd) < 0) return real_writev(fd, parts, count);
  ssize_t total = 0;
  for (int i = 0; i < count; i++) {
    ssize_t written = write(fd, parts[i].iov_base, parts[i].iov_len);
    if (written < 0) return total > 0 ? total : -1;
    total += written;
    if ((size_t)written < parts[i].iov_len) break;
  }
  return total;
}

/* Whether this sync is the one that is to fail. */
static int must_fail(void) {
  if (fail_file == NULL) return 0;
  int fd = real_openat(AT_FDCWD, fail_file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    syncs_since_armed = 0;
    return 0;
  }
  char text[16] = {0};
  ssize_t length = read(fd, text, sizeof text - 1);
  real_close(fd);
  return length > 0 && ++syncs_since_armed == atol(text);
}

static int sync_file(int fd, int (*real)(int)) {
  int file = ours(fd);
  if (file < 0) return real(fd);
  pthread_mutex_lock(&turn);
  int result = -1;
  if (must_fail()) {
    note('F', file, 0, NULL, 0);
    errno = EIO;
  } else if ((result = real(fd)) == 0) note('S', file, 0, NULL, 0);
  pthread_mutex_unlock(&turn);
  return result;
}

int fsync(int fd) { return sync_file(fd, real_fsync); }
int fdatasync(int fd) { return sync_file(fd, real_fdatasync); }

int ftruncate64(int fd, off64_t size) {
  int file = ours(fd);
  if (file < 0) return real_ftruncate(fd, size);
  pthread_mutex_lock(&turn);
  int result = real_ftruncate(fd, size);
  if (result == 0) note('T', file, size, NULL, 0);
  pthread_mutex_unlock(&turn);
  return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int unlink(const char *path) {
  pthread_mutex_lock(&turn);
  int result = real_unlink(path);
  int file = result == 0 ? number_of(path) : -1;
  if (file >= 0) note('U', file, 0, NULL, 0);
  pthread_mutex_unlock(&turn);
  return result;
}
