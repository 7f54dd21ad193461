/*
 * For tests: a process that the packet meter counts. Every line of its input is a datagram in hex, which it sends
 * to itself with sendto and takes with recvfrom. Answers each line with the number of bytes that came, 0 for none.
 * The line "close" closes the socket and opens another.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fd;
static struct sockaddr_in self;

static void open_socket(void) {
  socklen_t length = sizeof self;
  memset(&self, 0, sizeof self);
  self.sin_family = AF_INET;
  self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  fd = socket(AF_INET, SOCK_DGRAM, 0);
  bind(fd, (struct sockaddr *)&self, sizeof self);
  getsockname(fd, (struct sockaddr *)&self, &length);
}

int main(void) {
  static char line[8192];
  unsigned char bytes[4096];
  open_socket();
  puts("ready");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    if (strncmp(line, "close", 5) == 0) {
      close(fd);
      open_socket();
      puts("closed");
      fflush(stdout);
      continue;
    }
    size_t length = 0;
    unsigned int byte;
    for (char *at = line; length < sizeof bytes && sscanf(at, "%2x", &byte) == 1; at += 2) bytes[length++] = (unsigned char)byte;
    sendto(fd, bytes, length, 0, (struct sockaddr *)&self, sizeof self);
    ssize_t got = recvfrom(fd, bytes, sizeof bytes, MSG_DONTWAIT, NULL, NULL);
    printf("%zd\n", got < 0 ? 0 : got);
    fflush(stdout);
  }
  return 0;
}
