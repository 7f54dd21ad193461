/*
 * What is counted of each RTP stream, and where: the file that meter.ts makes and that its process shares with whoever
 * receives the packets (packet-meter.c inside the process itself, rtp-sink.c in one of its own).
 *
 * JavaScript writes which SSRCs are of interest (the index, and a fresh slot for each); the receiver writes what it
 * counts into the slots. Nobody locks: a slot's counters are written by the one thread that reads the stream's
 * socket, and every field is stored whole.
 *
 * The layout below is repeated in layout.ts; a test reads one through the other.
 */
#ifndef ROOMRUSH_COUNTING_H
#define ROOMRUSH_COUNTING_H
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAGIC 0x324d5252u /* "RRM2" */
#define HEADER_BYTES 4096
#define FDS 65536
#define INDEX_ENTRIES 65536
#define SLOTS 16384
/* Ticks of Opus's RTP clock in a microsecond. */
#define TICKS_PER_US 0.048
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
  /* Interarrival jitter so far (RFC 3550, 6.4.1), microseconds: of doubles, as each step adds a sixteenth. */
  double jitter_us;
  /* RTP timestamp of the packet that came last, in whatever order it was sent. */
  uint32_t arrived_timestamp;
  uint8_t padding[128 - 100];
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

/* The shared file in memory; NULL when it is not there or not one of ours. The descriptor is the caller's to close. */
static struct meter *map_meter(int fd) {
  struct stat status;
  if (fstat(fd, &status) != 0 || status.st_size < (off_t)sizeof(struct meter)) return NULL;
  void *mapped = mmap(NULL, sizeof(struct meter), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (mapped == MAP_FAILED) return NULL;
  if (((struct meter *)mapped)->header.magic == MAGIC) return mapped;
  munmap(mapped, sizeof(struct meter));
  return NULL;
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Open addressing with linear probing; JavaScript alone writes the index (meter.ts). */
static struct slot *find(struct meter *meter, uint32_t ssrc) {
  uint32_t at = (ssrc * 2654435761u) >> 16;
  for (int probe = 0; probe < PROBES_MAX; probe++) {
    uint32_t entry = LOAD(meter->index[(at + (uint32_t)probe) % INDEX_ENTRIES]);
    if (entry == ENTRY_EMPTY) return NULL;
    if (entry != ENTRY_DELETED && entry <= SLOTS && LOAD(meter->slots[entry - 1].ssrc) == ssrc)
      return &meter->slots[entry - 1];
  }
  return NULL;
}

/*
 * RFC 3550, A.8, for a packet that is not the first: how far the times between two arrivals are from the times between
 * their sendings, smoothed over some 16 packets. By the order of arrival, so that loss alone is no jitter.
 */
static void count_jitter(struct slot *slot, uint64_t now, uint32_t timestamp) {
  double d_us = (double)(now - slot->last_ns) / 1e3 - (int32_t)(timestamp - slot->arrived_timestamp) / TICKS_PER_US;
  double jitter_us = slot->jitter_us + ((d_us < 0 ? -d_us : d_us) - slot->jitter_us) / 16;
  __atomic_store(&slot->jitter_us, &jitter_us, __ATOMIC_RELAXED);
}

static void count(struct meter *meter, struct slot *slot, int fd, uint64_t now, uint16_t sequence, uint32_t timestamp,
                  uint64_t bytes) {
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
    count_jitter(slot, now, timestamp);
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
  STORE(slot->arrived_timestamp, timestamp);
  STORE(slot->last_ns, now);
  STORE(slot->bytes, slot->bytes + bytes);
  STORE(window->packets, window->packets + 1);
  /* Last, and with all of the above visible before it: a reader trusts a slot whose packets are not 0. */
  __atomic_store_n(&slot->packets, slot->packets + 1, __ATOMIC_RELEASE);
}

/* One datagram has arrived. Its RTP header is in clear, also under SRTP. */
static void count_datagram(struct meter *meter, int fd, uint64_t now, const uint8_t *bytes, uint64_t length) {
  __atomic_fetch_add(&meter->header.datagrams, 1, __ATOMIC_RELAXED);
  /* Version 2 and no RTCP (RFC 5761, 4); STUN and DTLS begin with other values (RFC 7983). */
  if (length < 12 || bytes[0] >> 6 != 2 || ((bytes[1] & 0x7f) >= 64 && (bytes[1] & 0x7f) <= 95)) return;
  __atomic_fetch_add(&meter->header.rtp_packets, 1, __ATOMIC_RELAXED);
  uint32_t ssrc = (uint32_t)bytes[8] << 24 | (uint32_t)bytes[9] << 16 | (uint32_t)bytes[10] << 8 | bytes[11];
  struct slot *slot = find(meter, ssrc);
  if (!slot) return;
  uint32_t timestamp = (uint32_t)bytes[4] << 24 | (uint32_t)bytes[5] << 16 | (uint32_t)bytes[6] << 8 | bytes[7];
  count(meter, slot, fd, now, (uint16_t)(bytes[2] << 8 | bytes[3]), timestamp, length);
}

#endif
