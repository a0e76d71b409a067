// What a load generator can reach at all: the closed loop of perf/run load, in C, to compare with.
//
//   load --port N [--connections N] [--size BYTES] [--warmup SECONDS] [--duration SECONDS]
//
// One message of each connection is under way at a time; every byte of the reply is compared.
// Prints "msg/s N" and exits with 1 if a byte was wrong.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, RING = 65521 };

struct connection {
  int socket;
  size_t received;
  long offset;
};

static char ring[RING + (1 << 20)], reply[1 << 20];

static void die(const char *what) {
  perror(what);
  exit(2);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void send_next(struct connection *c, size_t size) {
  c->offset = (c->offset + size) % RING;
  c->received = 0;
  for (size_t sent = 0; sent < size;) {
    ssize_t count = write(c->socket, ring + c->offset + sent, size - sent);
    if (count > 0) sent += count; // or the socket is full: the server is reading
  }
}

int main(int count, char **arguments) {
  int port = 0, connections = 64, size = 64;
  double warmup = 2, duration = 5;
  for (int i = 1; i + 1 < count; i += 2) {
    if (!strcmp(arguments[i], "--port")) port = atoi(arguments[i + 1]);
    if (!strcmp(arguments[i], "--connections")) connections = atoi(arguments[i + 1]);
    if (!strcmp(arguments[i], "--size")) size = atoi(arguments[i + 1]);
    if (!strcmp(arguments[i], "--warmup")) warmup = atof(arguments[i + 1]);
    if (!strcmp(arguments[i], "--duration")) duration = atof(arguments[i + 1]);
  }
  if (port == 0 || size < 1 || size > (1 << 20)) {
    fprintf(stderr, "load: --port N, and --size at most 1048576\n");
    return 2;
  }
  srand(1);
  for (int i = 0; i < RING; i++) ring[i] = rand();
  for (size_t i = RING; i < sizeof ring; i++) ring[i] = ring[i - RING];

  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct connection *all = calloc(connections, sizeof *all);
  int epoll = epoll_create1(0), on = 1;
  for (int i = 0; i < connections; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
    all[i].offset = 7919L * i % RING;
    all[i].socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(all[i].socket, (void *)&address, sizeof address)) die("connect");
    setsockopt(all[i].socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(all[i].socket, F_SETFL, O_NONBLOCK);
    epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].socket, &event);
  }
  for (int i = 0; i < connections; i++) send_next(&all[i], size);

  double from = now() + warmup, until = from + duration, time;
  long messages = 0;
  struct epoll_event events[EVENTS];
  while ((time = now()) < until) {
    int ready = epoll_wait(epoll, events, EVENTS, 1000);
    for (int i = 0; i < ready; i++) {
      struct connection *c = events[i].data.ptr;
      ssize_t got = read(c->socket, reply, size - c->received);
      if (got <= 0) die("read");
      if (memcmp(reply, ring + c->offset + c->received, got)) {
        fprintf(stderr, "load: wrong byte\n");
        return 1;
      }
      c->received += got;
      if (c->received == (size_t)size) {
        messages += time >= from;
        send_next(c, size);
      }
    }
  }
  printf("msg/s %.0f\n", messages / duration);
  return 0;
}
