package dev.weft.perf.compare;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many files, and so connections, a process may have open. */
final class OpenFiles {
  /** For what a server has open beside its connections. */
  static final int RESERVE = 200;

  private OpenFiles() {}

  /** As this process may; the JVM has raised it as far as it is allowed to. */
  static long limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }
}
