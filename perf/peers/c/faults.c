// Makes system calls of a process fail at random, as the kernel may: preloaded into a server by
// perf/run trial faults.
//
//   LD_PRELOAD=libfaults.so WEFT_FAULTS=seed=1,recv.EINTR=0.01,accept.EMFILE=0.05 WEFT_FAULTS_CONTROL=FILE java ...
//
// WEFT_FAULTS gives the probability of each fault, of those in the table below; what is not there is
// refused. Nothing fails before the first word of the control file, a file of 4096 bytes, is set:
// 1 for the faults that a program must not let anybody notice, 2 for those too that may cost a
// connection. The rest of the file says what was done: from byte 64 on, records of 20 bytes of name
// ("recv.EINTR"), 4 of level (1 or 2) and 8 of count.
//
// A call that is to fail is not made, so it has had no effect: no byte is lost, no connection taken.
// Only TCP sockets, epoll and io_uring descriptors are touched, and the calls that make such.
//
// With io_uring it is not a call that fails but its completion. What the kernel has completed cannot
// be made undone, so the faults go into the submissions: before io_uring_enter passes them on, one
// that is to fail becomes a NOP that completes with the error (IORING_NOP_INJECT_RESULT, Linux 6.10).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <netinet/in.h>
#include <unistd.h>

enum { RINGS = 64, CONTROL_BYTES = 4096, FIRST_RECORD = 64, NAME = 20, SILENT = 1, ALL = 2, SHORT = -1 };
#define NOP_INJECT_RESULT 1u /* IORING_NOP_INJECT_RESULT; headers older than 6.10 do not have it */
#define SETUP_NO_SQARRAY (1u << 16)
#define ENTER_REGISTERED_RING (1u << 4)

enum call { ACCEPT, RECV, SEND, EPOLL_ADD, EPOLL_WAIT, ENTER, OPEN, CALLS };
static const char *const call_names[CALLS] = {"accept",     "recv",  "send", "epoll_add",
                                              "epoll_wait", "enter", "open"};

// Level 1: the next try succeeds, so nobody need notice. Level 2: the connection may be given up.
//
// recv, send: EINTR is in recv(2) and send(2), though today's Linux does not return it where it need
// not wait. EAGAIN although there is something loses no wake-up with epoll or a selector, as both
// report sockets level-triggered: the next wait reports the socket again. (Netty uses EPOLLET for its
// own eventfd and timerfd alone, which are not touched.) With io_uring a receive never gets EAGAIN
// here: Netty waits with a multishot poll, which reports an edge, and the edge that announced the
// bytes has gone by; the kernel returns EAGAIN only when there are none.
// accept: all of accept(2) that is not the program's fault.
// epoll_add: epoll_ctl(EPOLL_CTL_ADD). MOD and DEL allocate nothing, so they do not fail.
// epoll_wait: EINTR, and only if it may wait: a poll without waiting is not interrupted.
// enter: io_uring_enter. EINTR only ends a wait: what was submitted before stays so. EAGAIN: no
// memory for the first request. SHORT: none for a later one, so fewer are submitted than were given.
// EBUSY: completions that did not fit into the ring; the manual has it, kernels from 5.19 on do not.
// open: what makes descriptors: socket, eventfd, epoll_create, timerfd_create, io_uring_setup.
static struct fault {
  enum call call;
  const char *name;
  int error, level;
  uint64_t threshold; // of 2^32
  _Atomic uint64_t *count;
} faults[] = {
    {ACCEPT, "EINTR", EINTR, SILENT, 0, 0},
    {ACCEPT, "EAGAIN", EAGAIN, SILENT, 0, 0},
    {ACCEPT, "ECONNABORTED", ECONNABORTED, SILENT, 0, 0},
    {ACCEPT, "EMFILE", EMFILE, SILENT, 0, 0},
    {ACCEPT, "ENFILE", ENFILE, SILENT, 0, 0},
    {ACCEPT, "ENOBUFS", ENOBUFS, SILENT, 0, 0},
    {ACCEPT, "ENOMEM", ENOMEM, SILENT, 0, 0},
    {RECV, "EINTR", EINTR, SILENT, 0, 0},
    {RECV, "EAGAIN", EAGAIN, SILENT, 0, 0},
    {RECV, "ENOMEM", ENOMEM, ALL, 0, 0},
    {SEND, "EINTR", EINTR, SILENT, 0, 0},
    {SEND, "EAGAIN", EAGAIN, SILENT, 0, 0},
    {SEND, "ENOBUFS", ENOBUFS, ALL, 0, 0},
    {SEND, "ENOMEM", ENOMEM, ALL, 0, 0},
    {EPOLL_ADD, "ENOMEM", ENOMEM, ALL, 0, 0},
    {EPOLL_ADD, "ENOSPC", ENOSPC, ALL, 0, 0},
    {EPOLL_WAIT, "EINTR", EINTR, SILENT, 0, 0},
    {ENTER, "EINTR", EINTR, SILENT, 0, 0},
    {ENTER, "EAGAIN", EAGAIN, SILENT, 0, 0},
    {ENTER, "EBUSY", EBUSY, SILENT, 0, 0},
    {ENTER, "SHORT", SHORT, SILENT, 0, 0},
    {OPEN, "EMFILE", EMFILE, SILENT, 0, 0},
    {OPEN, "ENFILE", ENFILE, SILENT, 0, 0},
    {OPEN, "ENOMEM", ENOMEM, SILENT, 0, 0},
};
enum { FAULTS = sizeof faults / sizeof *faults };

static _Atomic uint64_t *control; // null: nothing ever fails
static uint64_t seed = 1;
static _Atomic uint64_t threads;

#define REAL(type, name, ...)                                                                       \
  static type (*real)(__VA_ARGS__);                                                                 \
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)

static void die(const char *what, const char *which) {
  fprintf(stderr, "libfaults: %s: %s\n", what, which);
  _exit(2);
}

// ---- which fault, if any

// xorshift64*: each thread draws from a sequence of its own, in the order in which threads first ask.
static uint32_t draw(void) {
  static _Thread_local uint64_t state;
  if (!state) {
    state = (seed + atomic_fetch_add(&threads, 1)) * 0x9E3779B97F4A7C15u | 1;
  }
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (uint32_t)((state * 0x2545F4914F6CDD1Du) >> 32);
}

static struct fault *pick(enum call call) {
  if (!control) return 0;
  uint64_t level = atomic_load_explicit(control, memory_order_relaxed);
  if (!level) return 0;
  uint64_t at = draw();
  for (int i = 0; i < FAULTS; i++) {
    struct fault *f = &faults[i];
    if (f->call != call || (uint64_t)f->level > level) continue;
    if (at < f->threshold) return f;
    at -= f->threshold;
  }
  return 0;
}

static void count(struct fault *f) { atomic_fetch_add_explicit(f->count, 1, memory_order_relaxed); }

static int is_tcp(int fd) {
  int protocol = 0, kept = errno;
  socklen_t size = sizeof protocol;
  int is = !getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) && protocol == IPPROTO_TCP;
  errno = kept;
  return is;
}

// True if the call is to fail, with errno set.
static int fails(enum call call, int fd) {
  struct fault *f = pick(call);
  if (!f || ((call == ACCEPT || call == RECV || call == SEND || call == EPOLL_ADD) && !is_tcp(fd))) return 0;
  count(f);
  errno = f->error;
  return 1;
}

// ---- settings

static void set(const char *name, double rate) {
  for (int i = 0; i < FAULTS; i++) {
    char full[NAME];
    snprintf(full, sizeof full, "%s.%s", call_names[faults[i].call], faults[i].name);
    if (!strcmp(full, name)) {
      faults[i].threshold = (uint64_t)(rate * 4294967296.0);
      return;
    }
  }
  die("WEFT_FAULTS names a fault that there is not", name);
}

__attribute__((constructor)) static void start(void) {
  const char *given = getenv("WEFT_FAULTS"), *file = getenv("WEFT_FAULTS_CONTROL");
  if (!given || !file) return; // a child of the server's, or somebody else's
  char *list = strdup(given), *rest = list;
  for (char *item; (item = strsep(&rest, ","));) {
    char *value = strchr(item, '='), *end = 0;
    if (!value) die("WEFT_FAULTS wants name=probability", item);
    *value++ = 0;
    double number = strtod(value, &end);
    if (*end || number < 0) die("WEFT_FAULTS has no number for", item);
    if (!strcmp(item, "seed")) {
      seed = (uint64_t)number;
    } else if (number > 0.5) { // else a retry might never come through
      die("WEFT_FAULTS wants a probability of at most 0.5 for", item);
    } else {
      set(item, number);
    }
  }
  free(list);
  int fd = open(file, O_RDWR | O_CLOEXEC);
  if (fd < 0) die("WEFT_FAULTS_CONTROL cannot be opened", file);
  char *page = mmap(0, CONTROL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (page == MAP_FAILED) die("WEFT_FAULTS_CONTROL cannot be mapped", file);
  for (int i = 0; i < FAULTS; i++) {
    char *record = page + FIRST_RECORD + i * 32;
    snprintf(record, NAME, "%s.%s", call_names[faults[i].call], faults[i].name);
    memcpy(record + NAME, &faults[i].level, sizeof(int));
    faults[i].count = (_Atomic uint64_t *)(record + 24);
  }
  control = (_Atomic uint64_t *)page;
}

// ---- io_uring

// A ring of which the submissions are looked at, through a mapping of our own: several are allowed.
static struct ring {
  int fd; // 0: none
  char *queue, *entries;
  size_t queue_size, entries_size;
  struct io_uring_params params;
} rings[RINGS];
static pthread_mutex_t rings_lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int ring_count;

// Registered rings are numbered per thread.
static _Thread_local struct ring *registered[RINGS];

static int injects_results(void) {
  static _Atomic int known; // 1 no, 2 yes
  if (!known) {
    struct utsname name;
    int major = 0, minor = 0;
    uname(&name);
    sscanf(name.release, "%d.%d", &major, &minor);
    known = major > 6 || (major == 6 && minor >= 10) ? 2 : 1;
    if (known == 1) fprintf(stderr, "libfaults: io_uring completions do not fail: that needs Linux 6.10\n");
  }
  return known == 2;
}

static struct ring *ring_of(int fd) {
  struct ring *found = 0;
  pthread_mutex_lock(&rings_lock);
  for (int i = 0; i < RINGS && !found; i++) {
    if (rings[i].fd == fd) found = &rings[i];
  }
  pthread_mutex_unlock(&rings_lock);
  return found;
}

static void ring_opened(int fd, const struct io_uring_params *params) {
  if (fd <= 0 || params->flags & (IORING_SETUP_SQPOLL | IORING_SETUP_SQE128)) return;
  size_t queue_size = 4096; // what is looked at lies at its head, but for the array
  if (!(params->flags & SETUP_NO_SQARRAY)) queue_size = params->sq_off.array + params->sq_entries * 4;
  size_t entries_size = params->sq_entries * sizeof(struct io_uring_sqe);
  char *queue = mmap(0, queue_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
  char *entries = mmap(0, entries_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
  if (queue == MAP_FAILED || entries == MAP_FAILED) die("a ring cannot be mapped", strerror(errno));
  pthread_mutex_lock(&rings_lock);
  for (int i = 0; i < RINGS; i++) {
    if (!rings[i].fd) {
      rings[i] = (struct ring){fd, queue, entries, queue_size, entries_size, *params};
      atomic_fetch_add(&ring_count, 1);
      pthread_mutex_unlock(&rings_lock);
      return;
    }
  }
  die("too many rings", "64 at a time");
}

// Before the descriptor goes: a mapping would keep the ring, and what is under way in it, alive.
static void ring_closed(int fd) {
  if (!atomic_load_explicit(&ring_count, memory_order_relaxed)) return;
  pthread_mutex_lock(&rings_lock);
  for (int i = 0; i < RINGS; i++) {
    if (rings[i].fd == fd && fd > 0) {
      munmap(rings[i].queue, rings[i].queue_size);
      munmap(rings[i].entries, rings[i].entries_size);
      rings[i].fd = 0;
      atomic_fetch_sub(&ring_count, 1);
    }
  }
  pthread_mutex_unlock(&rings_lock);
}

static void ring_registered(int nr, const struct io_uring_rsrc_update *updates) {
  for (int i = 0; i < nr; i++) {
    if (updates[i].offset < RINGS) registered[updates[i].offset] = ring_of((int)updates[i].data);
  }
}

static int configured(enum call call) {
  for (int i = 0; i < FAULTS; i++) {
    if (faults[i].call == call && faults[i].threshold) return 1;
  }
  return 0;
}

static void spoil(struct io_uring_sqe *sqe) {
  enum call call;
  switch (sqe->opcode) {
    case IORING_OP_ACCEPT: call = ACCEPT; break;
    case IORING_OP_RECV: case IORING_OP_RECVMSG: call = RECV; break;
    case IORING_OP_SEND: case IORING_OP_SENDMSG: case IORING_OP_WRITEV: call = SEND; break;
    default: return;
  }
  if (call == ACCEPT && configured(ACCEPT)) {
    // A multishot accept is submitted once for ever, and then there is nothing that can fail. The
    // kernel may end one after any connection, so one connection each is nothing new to the program.
    sqe->ioprio &= ~IORING_ACCEPT_MULTISHOT;
  }
  struct fault *f = pick(call);
  if (!f || !is_tcp(sqe->fd)) return;
  if (f->error == EAGAIN && call != SEND) return; // see the table; and an accept waits by itself
  count(f);
  uint64_t user_data = sqe->user_data;
  uint8_t flags = sqe->flags & (IOSQE_IO_LINK | IOSQE_IO_HARDLINK | IOSQE_IO_DRAIN | IOSQE_ASYNC);
  memset(sqe, 0, sizeof *sqe);
  sqe->opcode = IORING_OP_NOP;
  sqe->flags = flags;
  sqe->fd = -1;
  sqe->rw_flags = NOP_INJECT_RESULT;
  sqe->len = (uint32_t)-f->error;
  sqe->user_data = user_data;
}

static void spoil_submissions(struct ring *ring, unsigned count) {
  const struct io_sqring_offsets *at = &ring->params.sq_off;
  unsigned head = *(volatile unsigned *)(ring->queue + at->head);
  unsigned tail = __atomic_load_n((unsigned *)(ring->queue + at->tail), __ATOMIC_ACQUIRE);
  unsigned mask = *(unsigned *)(ring->queue + at->ring_mask);
  struct io_uring_sqe *entries = (struct io_uring_sqe *)ring->entries;
  for (; count > 0 && head != tail; head++, count--) {
    unsigned index = head & mask;
    if (!(ring->params.flags & SETUP_NO_SQARRAY)) index = ((unsigned *)(ring->queue + at->array))[index];
    spoil(&entries[index]);
  }
}

static long (*real_syscall)(long, long, long, long, long, long, long);

static long enter(long fd, long submit, long complete, long flags, long a, long b) {
  struct ring *ring = flags & ENTER_REGISTERED_RING ? (fd < RINGS ? registered[fd] : 0) : ring_of((int)fd);
  int waits = (flags & IORING_ENTER_GETEVENTS) && complete > 0;
  if (ring && submit > 0 && control && injects_results()) spoil_submissions(ring, (unsigned)submit);
  struct fault *f = ring ? pick(ENTER) : 0;
  switch (f ? f->error : 0) {
    case EINTR:
      if (!waits) break;
      count(f);
      if (submit > 0) return real_syscall(SYS_io_uring_enter, fd, submit, 0, flags, a, b);
      errno = EINTR;
      return -1;
    case EAGAIN:
      if (submit == 0) break;
      count(f);
      errno = EAGAIN;
      return -1;
    case EBUSY:
      if (!(flags & IORING_ENTER_GETEVENTS)) break;
      count(f);
      errno = EBUSY;
      return -1;
    case SHORT: // and then the kernel does not wait
      if (submit < 2) break;
      count(f);
      return real_syscall(SYS_io_uring_enter, fd, 1 + draw() % (submit - 1), 0, flags & ~IORING_ENTER_GETEVENTS, a, b);
  }
  return real_syscall(SYS_io_uring_enter, fd, submit, complete, flags, a, b);
}

long syscall(long number, ...) {
  long a[6];
  va_list list;
  va_start(list, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  if (!real_syscall) *(void **)&real_syscall = dlsym(RTLD_NEXT, "syscall");
  if (!control) return real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  // The callers pass ints, and what is above them in a register is anything.
  if (number == SYS_io_uring_enter) {
    return enter((int)a[0], (unsigned)a[1], (unsigned)a[2], (unsigned)a[3], a[4], a[5]);
  }
  if (number == SYS_io_uring_setup && fails(OPEN, -1)) return -1;
  long result = real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  if (number == SYS_io_uring_setup && result > 0) ring_opened((int)result, (void *)a[1]);
  if (number == SYS_io_uring_register && (int)a[1] == IORING_REGISTER_RING_FDS && result > 0) {
    ring_registered((int)result, (void *)a[2]);
  }
  return result;
}

int close(int fd) {
  REAL(int, "close", int);
  ring_closed(fd);
  return real(fd);
}

// ---- the calls of epoll and of the JDK's selectors

int accept(int fd, struct sockaddr *address, socklen_t *size) {
  REAL(int, "accept", int, struct sockaddr *, socklen_t *);
  return fails(ACCEPT, fd) ? -1 : real(fd, address, size);
}

int accept4(int fd, struct sockaddr *address, socklen_t *size, int flags) {
  REAL(int, "accept4", int, struct sockaddr *, socklen_t *, int);
  return fails(ACCEPT, fd) ? -1 : real(fd, address, size, flags);
}

ssize_t read(int fd, void *to, size_t size) {
  REAL(ssize_t, "read", int, void *, size_t);
  return fails(RECV, fd) ? -1 : real(fd, to, size);
}

ssize_t readv(int fd, const struct iovec *to, int number) {
  REAL(ssize_t, "readv", int, const struct iovec *, int);
  return fails(RECV, fd) ? -1 : real(fd, to, number);
}

ssize_t recv(int fd, void *to, size_t size, int flags) {
  REAL(ssize_t, "recv", int, void *, size_t, int);
  return fails(RECV, fd) ? -1 : real(fd, to, size, flags);
}

ssize_t recvmsg(int fd, struct msghdr *to, int flags) {
  REAL(ssize_t, "recvmsg", int, struct msghdr *, int);
  return fails(RECV, fd) ? -1 : real(fd, to, flags);
}

ssize_t write(int fd, const void *from, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  return fails(SEND, fd) ? -1 : real(fd, from, size);
}

ssize_t writev(int fd, const struct iovec *from, int number) {
  REAL(ssize_t, "writev", int, const struct iovec *, int);
  return fails(SEND, fd) ? -1 : real(fd, from, number);
}

ssize_t send(int fd, const void *from, size_t size, int flags) {
  REAL(ssize_t, "send", int, const void *, size_t, int);
  return fails(SEND, fd) ? -1 : real(fd, from, size, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *from, int flags) {
  REAL(ssize_t, "sendmsg", int, const struct msghdr *, int);
  return fails(SEND, fd) ? -1 : real(fd, from, flags);
}

int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event) {
  REAL(int, "epoll_ctl", int, int, int, struct epoll_event *);
  return operation == EPOLL_CTL_ADD && fails(EPOLL_ADD, fd) ? -1 : real(epoll, operation, fd, event);
}

int epoll_wait(int epoll, struct epoll_event *events, int number, int millis) {
  REAL(int, "epoll_wait", int, struct epoll_event *, int, int);
  return millis != 0 && fails(EPOLL_WAIT, epoll) ? -1 : real(epoll, events, number, millis);
}

int epoll_pwait2(int epoll, struct epoll_event *events, int number, const struct timespec *limit,
                 const sigset_t *signals) {
  REAL(int, "epoll_pwait2", int, struct epoll_event *, int, const struct timespec *, const sigset_t *);
  if (!real) { // an older libc
    errno = ENOSYS;
    return -1;
  }
  int waits = !limit || limit->tv_sec || limit->tv_nsec;
  return waits && fails(EPOLL_WAIT, epoll) ? -1 : real(epoll, events, number, limit, signals);
}

int socket(int domain, int type, int protocol) {
  REAL(int, "socket", int, int, int);
  return (domain == AF_INET || domain == AF_INET6) && fails(OPEN, -1) ? -1 : real(domain, type, protocol);
}

int eventfd(unsigned initial, int flags) {
  REAL(int, "eventfd", unsigned, int);
  return fails(OPEN, -1) ? -1 : real(initial, flags);
}

int timerfd_create(int clock, int flags) {
  REAL(int, "timerfd_create", int, int);
  return fails(OPEN, -1) ? -1 : real(clock, flags);
}

int epoll_create(int size) {
  REAL(int, "epoll_create", int);
  return fails(OPEN, -1) ? -1 : real(size);
}

int epoll_create1(int flags) {
  REAL(int, "epoll_create1", int);
  return fails(OPEN, -1) ? -1 : real(flags);
}
