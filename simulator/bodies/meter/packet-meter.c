/*
 * The packet meter: a library that is preloaded into the swarm (LD_PRELOAD) and counts what each WebRTC listener
 * receives, where it costs nothing: at recvfrom. RTP headers are in clear under SRTP.
 *
 * It maps the file named by ROOMRUSH_METER_FILE, which meter.ts made, and shares it with the JavaScript of the
 * same process; counting.h says how.
 *
 * It also makes a listener mute: while muted[fd] is set, sendto on that socket answers as if it had sent. That is
 * how a silent leaver keeps its socket open and answers nothing.
 *
 * Without the variable, without the file, or with a file that is not one of ours, every call passes through.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "counting.h"

typedef ssize_t (*recvfrom_fn)(int, void *, size_t, int, struct sockaddr *, socklen_t *);
typedef ssize_t (*sendto_fn)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
typedef int (*close_fn)(int);

static recvfrom_fn real_recvfrom;
static sendto_fn real_sendto;
static close_fn real_close;
static struct meter *meter;
static uint32_t own_pid;

static void resolve(void) {
  if (!real_recvfrom) real_recvfrom = (recvfrom_fn)dlsym(RTLD_NEXT, "recvfrom");
  if (!real_sendto) real_sendto = (sendto_fn)dlsym(RTLD_NEXT, "sendto");
  if (!real_close) real_close = (close_fn)dlsym(RTLD_NEXT, "close");
}

__attribute__((constructor)) static void attach(void) {
  resolve();
  own_pid = (uint32_t)getpid();
  const char *path = getenv("ROOMRUSH_METER_FILE");
  if (!path || !*path) return;
  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  meter = map_meter(fd);
  real_close(fd);
}

static int counting(void) { return meter != NULL && LOAD(meter->header.owner_pid) == own_pid; }

ssize_t recvfrom(int fd, void *buffer, size_t length, int flags, struct sockaddr *from, socklen_t *from_length) {
  if (!real_recvfrom) resolve();
  ssize_t got = real_recvfrom(fd, buffer, length, flags, from, from_length);
  if (got <= 0 || (flags & MSG_PEEK) || !counting()) return got;
  int caller_errno = errno;
  count_datagram(meter, fd, now_ns(), buffer, (uint64_t)got);
  errno = caller_errno;
  return got;
}

ssize_t sendto(int fd, const void *buffer, size_t length, int flags, const struct sockaddr *to, socklen_t to_length) {
  if (!real_sendto) resolve();
  if (fd >= 0 && fd < FDS && counting() && LOAD(meter->muted[fd])) return (ssize_t)length;
  return real_sendto(fd, buffer, length, flags, to, to_length);
}

/* The number of a closed socket is given to the next one, which must not be born mute. */
int close(int fd) {
  if (!real_close) resolve();
  if (fd >= 0 && fd < FDS && counting() && LOAD(meter->muted[fd])) STORE(meter->muted[fd], 0);
  return real_close(fd);
}
