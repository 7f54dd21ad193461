/*
 * Counts what goes over loopback to and from one UDP port: RTCP, RTP, STUN and DTLS apart, packets and payload bytes, for
 * each port at the other end. It sees ciphertext only: SRTCP leaves the packet type in the clear (RFC 3711), and RFC 7983
 * and RFC 5761 say how the four share a port. A filter in the kernel lets nothing else through, so that it costs little.
 *
 *   rtcp-tap PORT
 *
 * Says "ready", and then, for each line on its input, one line for each port and class of packet that was seen so far
 * (port direction class packets bytes) and the line "end". It ends with its input. Exit code 77: no right to look at
 * packets (CAP_NET_RAW); 1: anything else.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STUN, DTLS, RECEIVER_REPORT, OTHER_RTCP, RTP, OTHER, CLASSES };
static const char *const class_names[CLASSES] = {"stun", "dtls", "rr", "rtcp", "rtp", "other"};
enum { IN, OUT, DIRECTIONS };
static const char *const direction_names[DIRECTIONS] = {"in", "out"};

struct count {
  uint64_t packets;
  uint64_t bytes;
};
static struct count counts[65536][DIRECTIONS][CLASSES];

/* Bytes of a packet that are looked at: IP header with all its options, UDP header, two bytes. */
#define LOOKED_AT 128
#define BUFFER_BYTES (8 << 20)
#define EXIT_NO_RIGHT 77

static int class_of(const uint8_t *payload, size_t bytes) {
  if (bytes < 2) return OTHER;
  if (payload[0] <= 3) return STUN;
  if (payload[0] >= 20 && payload[0] <= 63) return DTLS;
  if (payload[0] < 128 || payload[0] > 191) return OTHER;
  if (payload[1] == 201) return RECEIVER_REPORT;
  return payload[1] >= 200 && payload[1] <= 207 ? OTHER_RTCP : RTP;
}

static uint16_t number_at(const uint8_t *bytes) { return (uint16_t)(bytes[0] << 8 | bytes[1]); }

static void count_packet(const uint8_t *ip, size_t seen, uint16_t port) {
  size_t ip_bytes = seen > 0 ? (size_t)(ip[0] & 15) * 4 : 0;
  if (ip_bytes < 20 || seen < ip_bytes + 8) return;
  const uint8_t *udp = ip + ip_bytes;
  uint16_t from = number_at(udp), to = number_at(udp + 2), length = number_at(udp + 4);
  if (length < 8) return;
  size_t payload_seen = seen - ip_bytes - 8;
  struct count *count = to == port ? &counts[from][IN][class_of(udp + 8, payload_seen)]
                                   : &counts[to][OUT][class_of(udp + 8, payload_seen)];
  count->packets++;
  count->bytes += (uint64_t)length - 8;
}

/* Each packet passes loopback twice, going out and coming in: the second time is kept. Fragments have no ports. */
static int filter_for(int sock, uint16_t port) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 10, 0),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 8),
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 6, 0),
      BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
      BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 2, 0),
      BPF_STMT(BPF_LD | BPF_H | BPF_IND, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, LOOKED_AT),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  return setsockopt(sock, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

static int open_tap(uint16_t port) {
  /* Protocol 0 at first: nothing comes before the filter stands. */
  int sock = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  if (sock < 0) return -1;
  int buffer = BUFFER_BYTES;
  struct sockaddr_ll loopback = {
      .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = (int)if_nametoindex("lo")};
  if (filter_for(sock, port) != 0) return -1;
  if (setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) != 0)
    setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  return bind(sock, (struct sockaddr *)&loopback, sizeof loopback) == 0 ? sock : -1;
}

static void take_all(int sock, uint16_t port) {
  uint8_t packet[LOOKED_AT];
  for (;;) {
    ssize_t seen = recv(sock, packet, sizeof packet, 0);
    if (seen < 0) return;
    count_packet(packet, (size_t)seen, port);
  }
}

static void tell(void) {
  for (int other = 0; other < 65536; other++)
    for (int direction = 0; direction < DIRECTIONS; direction++)
      for (int class = 0; class < CLASSES; class++) {
        const struct count *count = &counts[other][direction][class];
        if (count->packets > 0)
          printf("%d %s %s %llu %llu\n", other, direction_names[direction], class_names[class],
                 (unsigned long long)count->packets, (unsigned long long)count->bytes);
      }
  printf("end\n");
  fflush(stdout);
}

int main(int argc, char **argv) {
  int port = argc == 2 ? atoi(argv[1]) : 0;
  if (port < 1 || port > 65535) {
    fprintf(stderr, "expected one UDP port\n");
    return 1;
  }
  int sock = open_tap((uint16_t)port);
  if (sock < 0) {
    fprintf(stderr, "%s\n", strerror(errno));
    return errno == EPERM || errno == EACCES ? EXIT_NO_RIGHT : 1;
  }
  printf("ready\n");
  fflush(stdout);
  struct pollfd watched[2] = {{.fd = sock, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
  for (;;) {
    if (poll(watched, 2, -1) < 0 && errno != EINTR) return 1;
    take_all(sock, (uint16_t)port);
    if (watched[1].revents & (POLLIN | POLLHUP)) {
      char line[64];
      ssize_t got = read(STDIN_FILENO, line, sizeof line);
      if (got <= 0) return 0;
      for (ssize_t at = 0; at < got; at++)
        if (line[at] == '\n') tell();
    }
  }
}
