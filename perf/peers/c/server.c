// The physical limit: an echo server that does nothing but epoll, read and write.
//
//   server [--protocol plain|framed] [--size BYTES] [--threads N]
//
// Prints "port N" and ends when its standard input does. Each thread has an epoll of its own; the
// main thread accepts and deals the connections out in turn. A connection is either readable,
// waiting for room to write, or waiting for a burn on another thread; it is asked for one at a time.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 5, BURN = 1, BURN_ELSEWHERE = 2, BUFFER = 16 * 1024, EVENTS = 256 };

static int framed, frame_size = 64;
static size_t capacity;

struct loop {
  int epoll;
  int burnt[2];  // a pipe: connections whose burn on another thread is over
};

// bytes[0, written) are written, [written, done) are to be written, [done, length) to be looked at.
struct connection {
  struct loop *loop;
  int socket;
  uint32_t interest;
  int burning;
  size_t written, done, length;
  char bytes[];
};

static void die(const char *what) {
  perror(what);
  exit(2);
}

static void burn(uint32_t micros) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  long long end = now.tv_sec * 1000000000LL + now.tv_nsec + micros * 1000LL;
  do {
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while (now.tv_sec * 1000000000LL + now.tv_nsec < end);
}

static uint32_t micros_of(const char *frame) {
  uint32_t micros;
  memcpy(&micros, frame + 1, sizeof micros);
  return ntohl(micros);
}

static void *burn_elsewhere(void *argument) {
  struct connection *c = argument;
  burn(micros_of(c->bytes + c->done));
  if (write(c->loop->burnt[1], &c, sizeof c) != sizeof c) die("pipe");
  return NULL;
}

// Does what the frames ask for, as far as they are whole.
static void work(struct connection *c) {
  if (!framed) {
    c->done = c->length;
    return;
  }
  while (c->length - c->done >= (size_t)frame_size) {
    const char *frame = c->bytes + c->done;
    if (*frame == BURN_ELSEWHERE) {
      pthread_t thread;
      c->burning = 1;
      if (pthread_create(&thread, NULL, burn_elsewhere, c)) die("pthread_create");
      pthread_detach(thread);
      return;
    }
    if (*frame == BURN) burn(micros_of(frame));
    c->done += frame_size;
  }
}

static void end(struct connection *c) {
  close(c->socket);
  free(c);
}

static void want(struct connection *c, uint32_t interest) {
  if (c->interest == interest) return;
  struct epoll_event event = {.events = interest, .data.ptr = c};
  c->interest = interest;
  if (epoll_ctl(c->loop->epoll, EPOLL_CTL_MOD, c->socket, &event)) die("epoll_ctl");
}

// Writes what is done and says what to wait for next. The connection may be gone after it.
static void reply(struct connection *c) {
  while (c->written < c->done) {
    ssize_t count = write(c->socket, c->bytes + c->written, c->done - c->written);
    if (count < 0 && errno == EAGAIN) {
      want(c, EPOLLOUT);
      return;
    }
    if (count < 0) {
      if (c->burning) want(c, 0); // its thread still has it; the next write finds the same error
      else end(c);
      return;
    }
    c->written += count;
  }
  if (c->burning) {
    want(c, 0);
    return;
  }
  memmove(c->bytes, c->bytes + c->done, c->length - c->done);
  c->length -= c->done;
  c->written = c->done = 0;
  want(c, EPOLLIN);
}

static void readable(struct connection *c) {
  ssize_t count = read(c->socket, c->bytes + c->length, capacity - c->length);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {
    end(c);
    return;
  }
  c->length += count;
  work(c);
  reply(c);
}

static _Noreturn void *run(void *argument) {
  struct loop *loop = argument;
  struct epoll_event events[EVENTS];
  for (;;) {
    int count = epoll_wait(loop->epoll, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      struct connection *c = events[i].data.ptr;
      if (c == NULL) {
        if (read(loop->burnt[0], &c, sizeof c) != sizeof c) die("pipe");
        c->burning = 0;
        c->done += frame_size;
        work(c);
        reply(c);
      } else if (c->burning) {
        want(c, 0); // reset meanwhile; what is left to do shows at the next write
        if (events[i].events & (EPOLLHUP | EPOLLERR))
          epoll_ctl(loop->epoll, EPOLL_CTL_DEL, c->socket, NULL);
      } else if (c->written < c->done) {
        reply(c);
      } else {
        readable(c);
      }
    }
  }
}

static _Noreturn void *end_with_input(void *unused) {
  char byte;
  while (read(0, &byte, 1) > 0) {
  }
  exit(0);
}

int main(int count, char **arguments) {
  int threads = 1;
  for (int i = 1; i + 1 < count; i += 2) {
    if (!strcmp(arguments[i], "--protocol")) framed = !strcmp(arguments[i + 1], "framed");
    if (!strcmp(arguments[i], "--size")) frame_size = atoi(arguments[i + 1]);
    if (!strcmp(arguments[i], "--threads")) threads = atoi(arguments[i + 1]);
  }
  signal(SIGPIPE, SIG_IGN);
  capacity = framed && frame_size > BUFFER ? frame_size : BUFFER;
  int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (listener < 0 || bind(listener, (void *)&address, length) || listen(listener, 4096) ||
      getsockname(listener, (void *)&address, &length))
    die("listen");

  struct loop *loops = calloc(threads, sizeof *loops);
  pthread_t thread;
  for (int i = 0; i < threads; i++) {
    loops[i].epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (pipe(loops[i].burnt) || epoll_ctl(loops[i].epoll, EPOLL_CTL_ADD, loops[i].burnt[0], &event))
      die("pipe");
    pthread_create(&thread, NULL, run, &loops[i]);
  }
  pthread_create(&thread, NULL, end_with_input, NULL);
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);

  for (int i = 0;; i = (i + 1) % threads) {
    int accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (accepted < 0) continue;
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct connection *c = malloc(sizeof *c + capacity);
    *c = (struct connection){.loop = &loops[i], .socket = accepted, .interest = EPOLLIN};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(loops[i].epoll, EPOLL_CTL_ADD, accepted, &event)) die("epoll_ctl");
  }
}
