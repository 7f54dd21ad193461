/*
 * The packet meter: a library that is preloaded into the swarm (LD_PRELOAD) and counts what each WebRTC listener
 * receives, where it costs nothing: at recvfrom. RTP headers are in clear under SRTP.
 *
 * It maps the file named by ROOMRUSH_METER_FILE, which meter.ts made, and shares it with the JavaScript of the
 * same process. JavaScript writes which SSRCs are of interest (the index, and a fresh slot for each); the library
 * writes what it counts into the slots. Nobody locks: a slot's counters are written by the one thread that owns the
 * listener's socket, and every field is stored whole.
 *
 * It also makes a listener mute: while muted[fd] is set, sendto on that socket answers as if it had sent. That is
 * how a silent leaver keeps its socket open and answers nothing.
 *
 * Without the variable, without the file, or with a file that is not one of ours, every call passes through.
 *
 * The layout below is repeated in layout.ts; a test reads one through the other.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define MAGIC 0x314d5252u /* "RRM1" */
#define HEADER_BYTES 4096
#define FDS 65536
#define INDEX_ENTRIES 32768
#define SLOTS 8192
#define PROBES_MAX 64

#define ENTRY_EMPTY 0u
#define ENTRY_DELETED 0xffffffffu

struct header {
  uint32_t magic;
  /*
   * The process that counts into this file, written by its JavaScript: 0 until then. Whatever stands between (a
   * wrapper like timeout, a child) inherits our environment and maps the file too, but counts nothing.
   */
  uint32_t owner_pid;
  /* Number of the current window; JavaScript adds one whenever it reads. */
  uint32_t window;
  uint32_t reserved;
  uint64_t datagrams;
  uint64_t rtp_packets;
};

/* What one window saw. It belongs to window `id` and means nothing in any other. */
struct window {
  uint32_t id;
  uint32_t packets;
  uint32_t longest_gap_us;
  /* Largest step forward between two packets' RTP timestamps. */
  uint32_t longest_step_ticks;
};

struct slot {
  uint32_t ssrc;
  /* Sequence numbers extended to 32 bits (RFC 3550, A.1). */
  uint32_t first_sequence;
  uint32_t highest_sequence;
  /* The socket on which the last packet came; -1 before the first. */
  int32_t fd;
  uint64_t packets;
  uint64_t bytes;
  uint64_t first_ns;
  uint64_t last_ns;
  uint32_t first_timestamp;
  uint32_t last_timestamp;
  /* One is written while the other is read. */
  struct window windows[2];
  uint8_t padding[128 - 88];
};

struct meter {
  union {
    struct header header;
    uint8_t header_bytes[HEADER_BYTES];
  };
  uint8_t muted[FDS];
  uint32_t index[INDEX_ENTRIES];
  struct slot slots[SLOTS];
};

_Static_assert(sizeof(struct slot) == 128, "layout.ts counts on 128 bytes a slot");

#define LOAD(field) __atomic_load_n(&(field), __ATOMIC_ACQUIRE)
#define STORE(field, value) __atomic_store_n(&(field), (value), __ATOMIC_RELAXED)

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
  struct stat status;
  if (fstat(fd, &status) == 0 && status.st_size >= (off_t)sizeof(struct meter)) {
    void *mapped = mmap(NULL, sizeof(struct meter), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) {
      if (((struct meter *)mapped)->header.magic == MAGIC)
        meter = mapped;
      else
        munmap(mapped, sizeof(struct meter));
    }
  }
  real_close(fd);
}

static int counting(void) { return meter != NULL && LOAD(meter->header.owner_pid) == own_pid; }

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Open addressing with linear probing; JavaScript alone writes the index (meter.ts). */
static struct slot *find(uint32_t ssrc) {
  uint32_t at = (ssrc * 2654435761u) >> 17;
  for (int probe = 0; probe < PROBES_MAX; probe++) {
    uint32_t entry = LOAD(meter->index[(at + (uint32_t)probe) % INDEX_ENTRIES]);
    if (entry == ENTRY_EMPTY) return NULL;
    if (entry != ENTRY_DELETED && entry <= SLOTS && LOAD(meter->slots[entry - 1].ssrc) == ssrc)
      return &meter->slots[entry - 1];
  }
  return NULL;
}

static void count(struct slot *slot, int fd, uint16_t sequence, uint32_t timestamp, uint64_t bytes) {
  uint64_t now = now_ns();
  uint32_t id = LOAD(meter->header.window);
  struct window *window = &slot->windows[id & 1];
  if (window->id != id) {
    STORE(window->packets, 0);
    STORE(window->longest_gap_us, 0);
    STORE(window->longest_step_ticks, 0);
    STORE(window->id, id);
  }
  if (slot->packets == 0) {
    STORE(slot->fd, fd);
    STORE(slot->first_sequence, sequence);
    STORE(slot->highest_sequence, sequence);
    STORE(slot->first_timestamp, timestamp);
    STORE(slot->last_timestamp, timestamp);
    STORE(slot->first_ns, now);
  } else {
    uint64_t gap_us = (now - slot->last_ns) / 1000;
    if (gap_us > window->longest_gap_us) STORE(window->longest_gap_us, gap_us > UINT32_MAX ? UINT32_MAX : (uint32_t)gap_us);
    /* A step of less than half the number space is forward; anything else came late and moves nothing. */
    uint16_t ahead = (uint16_t)(sequence - (uint16_t)slot->highest_sequence);
    if (ahead != 0 && ahead < 0x8000) {
      uint32_t step = timestamp - slot->last_timestamp;
      if (step < 0x80000000u && step > window->longest_step_ticks) STORE(window->longest_step_ticks, step);
      STORE(slot->highest_sequence, slot->highest_sequence + ahead);
      STORE(slot->last_timestamp, timestamp);
    }
    if (slot->fd != fd) STORE(slot->fd, fd);
  }
  STORE(slot->last_ns, now);
  STORE(slot->bytes, slot->bytes + bytes);
  STORE(window->packets, window->packets + 1);
  /* Last, and with all of the above visible before it: a reader trusts a slot whose packets are not 0. */
  __atomic_store_n(&slot->packets, slot->packets + 1, __ATOMIC_RELEASE);
}

ssize_t recvfrom(int fd, void *buffer, size_t length, int flags, struct sockaddr *from, socklen_t *from_length) {
  if (!real_recvfrom) resolve();
  ssize_t got = real_recvfrom(fd, buffer, length, flags, from, from_length);
  if (got <= 0 || (flags & MSG_PEEK) || !counting()) return got;
  int caller_errno = errno;
  __atomic_fetch_add(&meter->header.datagrams, 1, __ATOMIC_RELAXED);
  const uint8_t *bytes = buffer;
  /* Version 2 and no RTCP (RFC 5761, 4); STUN and DTLS begin with other values (RFC 7983). */
  if (got >= 12 && bytes[0] >> 6 == 2 && ((bytes[1] & 0x7f) < 64 || (bytes[1] & 0x7f) > 95)) {
    __atomic_fetch_add(&meter->header.rtp_packets, 1, __ATOMIC_RELAXED);
    uint32_t ssrc = (uint32_t)bytes[8] << 24 | (uint32_t)bytes[9] << 16 | (uint32_t)bytes[10] << 8 | bytes[11];
    struct slot *slot = find(ssrc);
    if (slot) {
      uint32_t timestamp = (uint32_t)bytes[4] << 24 | (uint32_t)bytes[5] << 16 | (uint32_t)bytes[6] << 8 | bytes[7];
      count(slot, fd, (uint16_t)(bytes[2] << 8 | bytes[3]), timestamp, (uint64_t)got);
    }
  }
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
