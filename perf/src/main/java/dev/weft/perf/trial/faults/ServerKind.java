package dev.weft.perf.trial.faults;

import java.util.List;
import java.util.Locale;

/** An echo server to try: what it waits for I/O with, and the faults that it can meet there. */
enum ServerKind {
  EPOLL("work-stealing", "epoll", Rates.SYSTEM_CALLS + Rates.EPOLL),
  IO_URING("work-stealing", "io_uring", Rates.COMPLETIONS),
  NIO("work-stealing", "nio", Rates.SYSTEM_CALLS),
  NODE("node", "epoll", Rates.SYSTEM_CALLS + Rates.EPOLL),
  NODE_IO_URING("node", "io_uring", Rates.COMPLETIONS);

  private final String executor;
  private final String transport;
  private final String faults;

  ServerKind(String executor, String transport, String faults) {
    this.executor = executor;
    this.transport = transport;
    this.faults = faults;
  }

  /** For the echo server's command line. */
  List<String> options() {
    return List.of("--executor", executor, "--transport", transport);
  }

  /** The faults and their probabilities, as {@code peers/c/faults.c} takes them. */
  String faults() {
    return faults;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * All guessed: often enough that each fault comes hundreds of times in a minute, those of accept
   * that stop it for a second some twenty times.
   */
  private static final class Rates {
    static final String ACCEPT =
        "accept.EINTR=0.05,accept.ECONNABORTED=0.05,accept.EMFILE=0.005,accept.ENFILE=0.005,"
            + "accept.ENOBUFS=0.005,accept.ENOMEM=0.005,";

    static final String SYSTEM_CALLS =
        ACCEPT
            + "accept.EAGAIN=0.05,recv.EINTR=0.02,recv.EAGAIN=0.02,recv.ENOMEM=0.0005,"
            + "send.EINTR=0.02,send.EAGAIN=0.02,send.ENOBUFS=0.0005,send.ENOMEM=0.0005,"
            + "epoll_wait.EINTR=0.05,open.EMFILE=0.1,open.ENFILE=0.1,open.ENOMEM=0.1,";

    /** Not with NIO: the JDK 17's and 25's selector does not look at what epoll_ctl returns. */
    static final String EPOLL = "epoll_add.ENOMEM=0.02,epoll_add.ENOSPC=0.02,";

    static final String COMPLETIONS =
        ACCEPT
            + "recv.EINTR=0.02,recv.ENOMEM=0.0005,send.EINTR=0.02,send.EAGAIN=0.02,"
            + "send.ENOBUFS=0.0005,send.ENOMEM=0.0005,enter.EINTR=0.02,enter.EAGAIN=0.01,"
            + "enter.EBUSY=0.01,enter.SHORT=0.01,open.EMFILE=0.1,open.ENFILE=0.1,open.ENOMEM=0.1,";

    private Rates() {}
  }
}
