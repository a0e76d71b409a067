package dev.weft;

/**
 * What an executor waits for I/O with, to be given to its builder. Chosen with {@code
 * dev.weft.net.Transport.driver()}; programs do not implement it.
 */
public interface IoDriver {
  /** What it waits with, for people: {@code epoll}, {@code io_uring}, {@code nio}. */
  String name();
}
