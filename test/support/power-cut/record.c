/*
 * Records what a process does to the files below a folder, for test/support/power-cut. Preloaded; built by the tests:
 *   cc -shared -fPIC -O1 -o record.so record.c -ldl -lpthread
 * RECORD_ROOT is the folder (absolute, without links), RECORD_LOG the log. A record: kind (1 byte), flag (1), length of path (2),
 * of second path (2), offset (8), length of data (8), then path, second path, data; little-endian. Recorded after the call returned
 * well, in the order of their returning.
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
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static size_t root_length;
static int log_file = -1;

/* libc's own: this file has one of that name. */
static long (*plain_call(void))(long, ...) {
  static long (*real)(long, ...);
  if (!real) real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
  return real;
}
#define syscall(...) (plain_call())(__VA_ARGS__)

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
  root = getenv("RECORD_ROOT");
  const char *log = getenv("RECORD_LOG");
  if (!root || !log) { root = NULL; return; }
  root_length = strlen(root);
  log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static int below(const char *path) {
  return root && log_file >= 0 && strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || !path[root_length]);
}

/* The path, absolute, with its folder's links left as they are. */
static int absolute(int dir, const char *path, char *out) {
  if (!path) return 0;
  if (path[0] == '/') return snprintf(out, 4096, "%s", path) < 4096;
  char base[4096], link[64];
  if (dir == AT_FDCWD) { if (!getcwd(base, sizeof base)) return 0; }
  else {
    snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
    ssize_t n = readlink(link, base, sizeof base - 1);
    if (n <= 0) return 0;
    base[n] = 0;
  }
  return snprintf(out, 4096, "%s/%s", base, path) < 4096;
}

static int of_file(int fd, char *out) {
  if (!root || fd == log_file) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, out, 4095);
  if (n <= 0) return 0;
  out[n] = 0;
  char *gone = strstr(out, " (deleted)");
  if (gone && !gone[10]) return 0;
  return below(out);
}

static void record(char kind, int flag, const char *path, const char *other, uint64_t offset, const void *data, uint64_t length) {
  uint16_t a = (uint16_t)strlen(path), b = other ? (uint16_t)strlen(other) : 0;
  size_t size = 22 + a + b + length;
  unsigned char *bytes = malloc(size);
  if (!bytes) abort();
  bytes[0] = (unsigned char)kind;
  bytes[1] = (unsigned char)flag;
  memcpy(bytes + 2, &a, 2);
  memcpy(bytes + 4, &b, 2);
  memcpy(bytes + 6, &offset, 8);
  memcpy(bytes + 14, &length, 8);
  memcpy(bytes + 22, path, a);
  if (b) memcpy(bytes + 22 + a, other, b);
  if (length) memcpy(bytes + 22 + a + b, data, length);
  for (size_t done = 0; done < size;) {
    ssize_t n = syscall(SYS_write, log_file, bytes + done, size - done);
    if (n <= 0) abort();
    done += (size_t)n;
  }
  free(bytes);
}

/* What stands in the file where a call has written: also what was copied in the kernel. */
static void record_written(int fd, const char *path, off_t offset, size_t length) {
  char *data = malloc(length ? length : 1);
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  int again = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC, 0);
  ssize_t n = again < 0 || !data ? -1 : syscall(SYS_pread64, again, data, length, offset);
  if (again >= 0) syscall(SYS_close, again);
  if (n >= 0) record('W', 0, path, NULL, (uint64_t)offset, data, (uint64_t)n);
  free(data);
}

#define BEGIN pthread_mutex_lock(&lock)
#define END do { int kept = errno; pthread_mutex_unlock(&lock); errno = kept; } while (0)

static void opened(int dir, const char *path, int flags, int existed, int fd) {
  char full[4096];
  if (fd < 0 || !absolute(dir, path, full) || !below(full)) return;
  if ((flags & O_CREAT) && !existed) record('C', 0, full, NULL, 0, NULL, 0);
  else if ((flags & O_TRUNC) && (flags & O_ACCMODE) != O_RDONLY) record('T', 0, full, NULL, 0, NULL, 0);
}

static int exists(int dir, const char *path) {
  struct stat facts;
  return fstatat(dir, path, &facts, 0) == 0;
}

static int open_recorded(int dir, const char *path, int flags, mode_t mode) {
  BEGIN;
  int existed = (flags & O_CREAT) ? exists(dir, path) : 1;
  int fd = (int)syscall(SYS_openat, dir, path, flags, mode);
  opened(dir, path, flags, existed, fd);
  END;
  return fd;
}

#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }
int open(const char *path, int flags, ...) { MODE return open_recorded(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return open_recorded(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int dir, const char *path, int flags, ...) { MODE return open_recorded(dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { MODE return open_recorded(dir, path, flags | O_LARGEFILE, mode); }
int creat(const char *path, mode_t mode) { return open_recorded(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static int flags_of(const char *mode) {
  int base = mode[0] == 'r' ? 0 : mode[0] == 'w' ? O_CREAT | O_TRUNC : O_CREAT;
  return base | (mode[0] == 'r' && !strchr(mode, '+') ? O_RDONLY : O_RDWR);
}
static FILE *fopen_recorded(FILE *(*real)(const char *, const char *), const char *path, const char *mode) {
  BEGIN;
  int existed = exists(AT_FDCWD, path);
  FILE *file = real(path, mode);
  if (file) opened(AT_FDCWD, path, flags_of(mode), existed, fileno(file));
  END;
  return file;
}
FILE *fopen(const char *path, const char *mode) { REAL(fopen); return fopen_recorded(real, path, mode); }
FILE *fopen64(const char *path, const char *mode) { REAL(fopen64); return fopen_recorded(real, path, mode); }

static ssize_t written(int fd, ssize_t n, off_t at) {
  char path[4096];
  if (n > 0 && of_file(fd, path)) record_written(fd, path, at < 0 ? lseek(fd, 0, SEEK_CUR) - n : at, (size_t)n);
  return n;
}

#define WRITE(call, at) BEGIN; ssize_t n = (call); int failed = errno; written(fd, n, at); errno = failed; END; return n
ssize_t write(int fd, const void *data, size_t length) { WRITE(syscall(SYS_write, fd, data, length), -1); }
ssize_t writev(int fd, const struct iovec *parts, int count) { WRITE(syscall(SYS_writev, fd, parts, count), -1); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { WRITE(syscall(SYS_pwrite64, fd, data, length, at), at); }
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) { WRITE(syscall(SYS_pwrite64, fd, data, length, at), at); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { REAL(pwritev); WRITE(real(fd, parts, count, at), at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { REAL(pwritev64); WRITE(real(fd, parts, count, at), at); }

static ssize_t copied(int fd, ssize_t n) {
  return written(fd, n, -1);
}
ssize_t sendfile64(int out, int in, off64_t *from, size_t length) {
  BEGIN; ssize_t n = syscall(SYS_sendfile, out, in, from, length); int failed = errno; copied(out, n); errno = failed; END; return n;
}
ssize_t sendfile(int out, int in, off_t *from, size_t length) { return sendfile64(out, in, (off64_t *)from, length); }

static ssize_t copy_range(int in, off64_t *from, int out, off64_t *to, size_t length, unsigned flags) {
  BEGIN;
  off64_t at = to ? *to : -1;
  ssize_t n = syscall(SYS_copy_file_range, in, from, out, to, length, flags);
  int failed = errno;
  written(out, n, at);
  errno = failed;
  END;
  return n;
}
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t length, unsigned flags) {
  return copy_range(in, from, out, to, length, flags);
}

static int cut(int fd, off_t length) {
  BEGIN;
  int result = (int)syscall(SYS_ftruncate, fd, length);
  char path[4096];
  if (result == 0 && of_file(fd, path)) record('T', 0, path, NULL, (uint64_t)length, NULL, 0);
  END;
  return result;
}
int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut(fd, length); }

static int synced(int fd, int result) {
  char path[4096];
  if (result == 0 && of_file(fd, path)) record('S', 0, path, NULL, 0, NULL, 0);
  return result;
}
int fsync(int fd) { BEGIN; int result = (int)syscall(SYS_fsync, fd); synced(fd, result); END; return result; }
int fdatasync(int fd) { BEGIN; int result = (int)syscall(SYS_fdatasync, fd); synced(fd, result); END; return result; }

static int named(char kind, int from_dir, const char *from, int to_dir, const char *to, int result) {
  char a[4096], b[4096];
  if (result != 0 || !absolute(from_dir, from, a)) return result;
  if (to && !absolute(to_dir, to, b)) return result;
  if (below(a) || (to && below(b))) record(kind, 0, a, to ? b : NULL, 0, NULL, 0);
  return result;
}
#define NAMED(kind, from_dir, from, to_dir, to, call) BEGIN; int result = (int)(call); named(kind, from_dir, from, to_dir, to, result); END; return result
int rename(const char *from, const char *to) { NAMED('R', AT_FDCWD, from, AT_FDCWD, to, syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)); }
int renameat(int a, const char *from, int b, const char *to) { NAMED('R', a, from, b, to, syscall(SYS_renameat2, a, from, b, to, 0)); }
int link(const char *from, const char *to) { NAMED('L', AT_FDCWD, from, AT_FDCWD, to, syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0)); }
int linkat(int a, const char *from, int b, const char *to, int flags) { NAMED('L', a, from, b, to, syscall(SYS_linkat, a, from, b, to, flags)); }
int unlink(const char *path) { NAMED('U', AT_FDCWD, path, 0, NULL, syscall(SYS_unlinkat, AT_FDCWD, path, 0)); }
int unlinkat(int dir, const char *path, int flags) { NAMED('U', dir, path, 0, NULL, syscall(SYS_unlinkat, dir, path, flags)); }
int rmdir(const char *path) { NAMED('U', AT_FDCWD, path, 0, NULL, syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR)); }
int mkdir(const char *path, mode_t mode) { NAMED('D', AT_FDCWD, path, 0, NULL, syscall(SYS_mkdirat, AT_FDCWD, path, mode)); }
int mkdirat(int dir, const char *path, mode_t mode) { NAMED('D', dir, path, 0, NULL, syscall(SYS_mkdirat, dir, path, mode)); }
char *mkdtemp(char *template) {
  REAL(mkdtemp);
  BEGIN;
  char *path = real(template);
  if (path) named('D', AT_FDCWD, path, 0, NULL, 0);
  END;
  return path;
}

/* libuv copies files by this. */
#undef syscall
long syscall(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long a[6];
  for (int i = 0; i < 6; i++) a[i] = va_arg(rest, long);
  va_end(rest);
  if (number == SYS_copy_file_range)
    return copy_range((int)a[0], (off64_t *)a[1], (int)a[2], (off64_t *)a[3], (size_t)a[4], (unsigned)a[5]);
  return plain_call()(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
