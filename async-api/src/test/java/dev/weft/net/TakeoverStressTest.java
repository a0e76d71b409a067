package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No byte is lost, repeated or out of place while the I/O loops change hands. A few seconds in all;
 * {@code -Dweft.stress.seconds=60} makes it a minute for each line.
 */
class TakeoverStressTest {
  private static final double SECONDS =
      Double.parseDouble(System.getProperty("weft.stress.seconds", "1.2"));

  /** At most. */
  private static final int ROUNDS = 20;

  @ParameterizedTest(name = "{0}, {1} workers, {2} loops (0: as needed)")
  @CsvSource({"EPOLL,2,0", "EPOLL,3,2", "NIO,2,0", "NIO,4,2", "IO_URING,2,0"})
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void everyByteComesBack(Transport transport, int workers, int loops) throws Exception {
    assumeTrue(transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    long seed = ThreadLocalRandom.current().nextLong();
    String report = run(transport, workers, loops, seed);
    if (transport == Transport.IO_URING) {
      assertThat(report).contains(" 0 takeovers");
      return;
    }
    // Where others use the processors, no worker may have been free to take a loop over.
    for (int i = 1; i < ROUNDS && report.contains(" 0 takeovers"); i++) {
      report = run(transport, workers, loops, seed + i);
    }
    assertThat(report).doesNotContain(" 0 takeovers");
  }

  private static String run(Transport transport, int workers, int loops, long seed)
      throws Exception {
    long before = System.nanoTime();
    String report = TakeoverStress.run(transport, workers, loops, (long) (SECONDS * 1000), seed);
    System.out.printf("%s, %.1f s%n", report, (System.nanoTime() - before) / 1e9);
    return report;
  }
}
