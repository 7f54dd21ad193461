/*
 * The sink of the rtp listeners: `rtp-sink <meter file> <sockets>` receives SRTP on so many UDP sockets of 127.0.0.1
 * and counts it by SSRC into the meter's file, without decrypting. It prints the sockets' ports as one line when it
 * receives, and ends when its standard input does: whoever started it is gone then.
 *
 * Many sockets, because each has a receive buffer of its own: what a burst brings while this core is busy elsewhere
 * waits there. After each look it naps, so that the next one finds many packets: a wake-up for each would cost this
 * core, and the sender's too, more than the packets themselves. An arrival is therefore seen up to NAP_NS late.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "../meter/counting.h"

#define SOCKETS_MAX 1024
#define BATCH 64
/* A header and what is needed to tell it from others; the rest of a datagram is dropped by the kernel, uncopied. */
#define HEAD_BYTES 16
#define RECEIVE_BUFFER_BYTES (4 << 20)
#define NAP_NS 1000000

static struct meter *meter;
static uint8_t heads[BATCH][HEAD_BYTES];
static struct iovec parts[BATCH];
static struct mmsghdr messages[BATCH];

static int fail(const char *what) {
  fprintf(stderr, "rtp-sink: %s: %s\n", what, strerror(errno));
  return 1;
}

static int open_socket(uint16_t *port) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  int bytes = RECEIVE_BUFFER_BYTES;
  /* Beyond the system's bound only for who may; otherwise as much as there is. */
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(fd, (struct sockaddr *)&address, length) != 0 || getsockname(fd, (struct sockaddr *)&address, &length) != 0)
    return -1;
  *port = ntohs(address.sin_port);
  return fd;
}

/* Takes what a socket holds, but at most `rounds` batches, so that no socket starves the others. */
static void drain(int fd, int rounds) {
  for (int round = 0; round < rounds; round++) {
    /* MSG_TRUNC: the true length is told, although only the head is copied. */
    int got = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT | MSG_TRUNC, NULL);
    if (got <= 0) return;
    if (LOAD(meter->header.owner_pid) == (uint32_t)getpid()) {
      uint64_t now = now_ns();
      for (int nth = 0; nth < got; nth++) count_datagram(meter, fd, now, heads[nth], messages[nth].msg_len);
    }
    if (got < BATCH) return;
  }
}

int main(int argc, char **argv) {
  int sockets = argc == 3 ? atoi(argv[2]) : 0;
  if (sockets < 1 || sockets > SOCKETS_MAX) {
    fprintf(stderr, "usage: rtp-sink <meter file> <sockets, 1 to %d>\n", SOCKETS_MAX);
    return 2;
  }
  int file = open(argv[1], O_RDWR | O_CLOEXEC);
  if (file < 0 || (meter = map_meter(file)) == NULL) return fail(argv[1]);
  close(file);
  for (int nth = 0; nth < BATCH; nth++) {
    parts[nth] = (struct iovec){.iov_base = heads[nth], .iov_len = HEAD_BYTES};
    messages[nth].msg_hdr = (struct msghdr){.msg_iov = &parts[nth], .msg_iovlen = 1};
  }
  int poll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event wanted = {.events = EPOLLIN, .data.fd = STDIN_FILENO};
  if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, STDIN_FILENO, &wanted) != 0) return fail("standard input");
  uint16_t ports[SOCKETS_MAX];
  for (int nth = 0; nth < sockets; nth++) {
    int fd = open_socket(&ports[nth]);
    if (fd < 0) return fail("socket");
    wanted.data.fd = fd;
    if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &wanted) != 0) return fail("epoll");
  }
  for (int nth = 0; nth < sockets; nth++) printf(nth == 0 ? "%d" : " %d", ports[nth]);
  printf("\n");
  fflush(stdout);

  struct epoll_event ready[SOCKETS_MAX + 1];
  for (;;) {
    int count = epoll_wait(poll, ready, SOCKETS_MAX + 1, -1);
    if (count < 0 && errno != EINTR) return fail("epoll_wait");
    for (int nth = 0; nth < count; nth++) {
      char byte;
      if (ready[nth].data.fd != STDIN_FILENO) drain(ready[nth].data.fd, 16);
      else if (read(STDIN_FILENO, &byte, 1) <= 0) return 0;
    }
    nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
  }
}
