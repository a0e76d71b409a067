// Paced round trips: pace PORT SECONDS [CONNECTIONS [PERIOD_MS]]
//
// Each connection sends 64 bytes once a period and waits for the echo. Prints a line for each round
// trip: when it began, in milliseconds of the wall clock, and how long it took, in nanoseconds.
// One thread, which sleeps until the next message is due: on a busy machine it is the server that is
// late, and not a runtime of its own.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 64 };

struct connection {
  int socket;
  int received;  // SIZE: nothing is under way
  long due, begun, at;
};

static void die(const char *what) {
  perror(what);
  exit(2);
}

static long nanos(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "pace PORT SECONDS [CONNECTIONS [PERIOD_MS]]\n");
    return 2;
  }
  int port = atoi(arguments[1]);
  long length = atol(arguments[2]) * 1000000000L;
  int connections = count > 3 ? atoi(arguments[3]) : 63;
  long period = (count > 4 ? atol(arguments[4]) : 20) * 1000000L;
  struct connection *all = calloc(connections, sizeof *all);
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int poll = epoll_create1(0), one = 1;
  long start = nanos(CLOCK_MONOTONIC);
  for (int i = 0; i < connections; i++) {
    all[i].socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(all[i].socket, (struct sockaddr *)&server, sizeof server)) die("connect");
    setsockopt(all[i].socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event interest = {.events = EPOLLIN, .data.ptr = &all[i]};
    epoll_ctl(poll, EPOLL_CTL_ADD, all[i].socket, &interest);
    all[i].received = SIZE;
    all[i].due = start + period * i / connections;
  }
  char bytes[SIZE] = "paced";
  for (long now; (now = nanos(CLOCK_MONOTONIC)) < start + length;) {
    long next = now + period;
    for (int i = 0; i < connections; i++) {
      struct connection *c = &all[i];
      if (c->received < SIZE) continue;
      if (c->due <= now) {
        c->received = 0;
        c->at = nanos(CLOCK_REALTIME) / 1000000;
        c->begun = nanos(CLOCK_MONOTONIC);
        c->due += period;
        if (write(c->socket, bytes, SIZE) != SIZE) die("write");
      } else if (c->due < next) {
        next = c->due;
      }
    }
    long left = next - nanos(CLOCK_MONOTONIC);
    if (left < 0) left = 0;
    struct timespec wait = {left / 1000000000L, left % 1000000000L};
    struct epoll_event ready[64];
    int found = epoll_pwait2(poll, ready, 64, &wait, NULL);
    now = nanos(CLOCK_MONOTONIC);
    for (int i = 0; i < found; i++) {
      struct connection *c = ready[i].data.ptr;
      ssize_t some = read(c->socket, bytes, SIZE - c->received);
      if (some <= 0) die("read");
      if ((c->received += some) == SIZE) printf("%ld %ld\n", c->at, now - c->begun);
    }
  }
  return 0;
}
