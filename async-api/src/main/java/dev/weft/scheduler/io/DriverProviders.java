package dev.weft.scheduler.io;

import dev.weft.IoDriver;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the driver of an executor that was not told what to use. */
public final class DriverProviders {
  private static final Logger log = LoggerFactory.getLogger(DriverProviders.class);

  private DriverProviders() {}

  /**
   * The first provider that {@link ServiceLoader} finds and that can be used.
   *
   * @return null if there is none: in an application without Netty on its class path, or with a
   *     version that cannot be used, the provider of {@code dev.weft.net} is there but cannot be
   *     loaded, or says why it cannot be used
   */
  public static Driver.@Nullable Provider find() {
    Iterator<Driver.Provider> found =
        ServiceLoader.load(Driver.Provider.class, Driver.Provider.class.getClassLoader())
            .iterator();
    while (true) {
      try {
        if (!found.hasNext()) {
          return null;
        }
        Driver.Provider provider = found.next();
        String reason = provider.unavailabilityReason();
        if (reason == null) {
          log.debug("Waiting for I/O with {}", provider.name());
          return provider;
        }
        log.debug("A driver that is registered cannot be used: {}", reason);
      } catch (ServiceConfigurationError | LinkageError unusable) {
        log.debug("A driver that is registered cannot be used", unusable);
      }
    }
  }

  /**
   * The provider that a program has chosen.
   *
   * @throws IllegalArgumentException if it is the program's own
   */
  public static Driver.Provider of(IoDriver chosen) {
    if (chosen instanceof Driver.Provider provider) {
      return provider;
    }
    throw new IllegalArgumentException(
        "An executor cannot wait for I/O with "
            + chosen
            + "; what it can wait with is made by dev.weft.net.Transport.driver()");
  }
}
