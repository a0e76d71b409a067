package dev.weft;

/**
 * What an executor waits for I/O with, to be given to its builder. Chosen with {@code
 * dev.weft.net.Transport.driver()}; programs do not implement it.
 *
 * <pre>{@code
 * IoDriver driver = Transport.NIO.driver();
 * try (AsyncExecutor executor = WorkStealingExecutor.builder().driver(driver).build()) {
 *   System.out.println("waits with " + driver.name());
 * }
 * }</pre>
 */
public interface IoDriver {
  /** What it waits with, for people: {@code epoll}, {@code io_uring}, {@code nio}. */
  String name();
}
