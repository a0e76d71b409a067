package dev.weft;

import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.io.DriverProviders;
import org.jspecify.annotations.Nullable;

/**
 * What waits for an executor's I/O: the option that all builders have.
 *
 * @param <B> the builder
 */
abstract class DriverOption<B extends DriverOption<B>> {
  private Driver.@Nullable Provider driver;
  private boolean findDriver = true;

  abstract B self();

  /**
   * What waits for I/O. By default the provider that {@link java.util.ServiceLoader} finds, which
   * is that of {@code dev.weft.net} if Netty is on the class path, else none.
   *
   * @param driver what {@code dev.weft.net.Transport.driver()} has made
   * @throws IllegalArgumentException if it is something else
   */
  public B driver(IoDriver driver) {
    this.driver = DriverProviders.of(driver);
    findDriver = false;
    return self();
  }

  /** No driver: the executor's threads only sleep. Sockets cannot be used on it. */
  public B noDriver() {
    driver = null;
    findDriver = false;
    return self();
  }

  /** Null for none. */
  final Driver.@Nullable Provider provider() {
    return findDriver ? DriverProviders.find() : driver;
  }
}
