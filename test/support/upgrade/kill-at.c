/*
 * Ends a process by SIGKILL just before its write number KILL_AT to a file below the folder KILL_ROOT (absolute, without links),
 * as a kill from outside at that instant would. Counts writes, truncations, syncs, renames and deletions; without KILL_AT it appends
 * the count to the file KILL_COUNT at exit. Preloaded; built by the tests:
 *   cc -shared -fPIC -O1 -o kill-at.so kill-at.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static const char *root;
static long kill_at;
static long steps;

__attribute__((constructor)) static void start(void) {
  root = getenv("KILL_ROOT");
  const char *at = getenv("KILL_AT");
  kill_at = at ? atol(at) : 0;
}

__attribute__((destructor)) static void end(void) {
  const char *out = getenv("KILL_COUNT");
  if (!root || !out || kill_at || !steps) return;
  FILE *file = fopen(out, "a");
  if (!file) return;
  fprintf(file, "%ld\n", steps);
  fclose(file);
}

static void step(void) {
  if (__atomic_add_fetch(&steps, 1, __ATOMIC_SEQ_CST) == kill_at) kill(getpid(), SIGKILL);
}

static void step_path(const char *path) {
  if (root && path && strncmp(path, root, strlen(root)) == 0) step();
}

static void step_file(int fd) {
  if (!root) return;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n <= 0) return;
  path[n] = 0;
  step_path(path);
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t n) { REAL(write); step_file(fd); return real(fd, data, n); }
ssize_t pwrite(int fd, const void *data, size_t n, off_t at) { REAL(pwrite); step_file(fd); return real(fd, data, n, at); }
ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at) { REAL(pwrite64); step_file(fd); return real(fd, data, n, at); }
int ftruncate(int fd, off_t n) { REAL(ftruncate); step_file(fd); return real(fd, n); }
int ftruncate64(int fd, off64_t n) { REAL(ftruncate64); step_file(fd); return real(fd, n); }
int fsync(int fd) { REAL(fsync); step_file(fd); return real(fd); }
int fdatasync(int fd) { REAL(fdatasync); step_file(fd); return real(fd); }
int unlink(const char *path) { REAL(unlink); step_path(path); return real(path); }
int rename(const char *from, const char *to) { REAL(rename); step_path(to); return real(from, to); }
