package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What each async call that suspends pays for, whatever class of the chain holds it. */
class FrameShapeTest {
  private static final int FRAMES = 10_000;

  /**
   * The header's 12 bytes; 4 each for the two fields of {@code CompletableFuture}, the waiter, what
   * is awaited, the bits, the state, the executor, the context, the place among detached calls and
   * the next one; 3 flags; since when it is where it is, and how often it was polled, which is what
   * a dump of tasks says of each; and up to a multiple of 8.
   */
  private static final int MOST_BYTES = 64;

  /** Where HotSpot finds a superclass by one comparison; {@code Object} is 0. */
  private static final int MOST_DEPTH = 7;

  private static final class Bare extends Frame<Void> {
    @Override
    protected Object resume() {
      throw new AssertionError("polled");
    }
  }

  @Test
  void aFrameIsNoLargerThanWhatItHolds() {
    assumeThat(isOn("UseCompressedOops") && !isOff("UseCompressedClassPointers")).isTrue();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    Frame<?>[] made = new Frame<?>[FRAMES];
    made[0] = new Bare(); // its class is loaded
    long before = threads.getThreadAllocatedBytes(thread);
    for (int i = 0; i < FRAMES; i++) {
      made[i] = new Bare();
    }
    long bytes = threads.getThreadAllocatedBytes(thread) - before;
    assertThat(made).doesNotContainNull();
    assertThat(bytes / FRAMES).isLessThanOrEqualTo(MOST_BYTES);
  }

  /** A JVM that has no such flag cannot have it off. */
  private static boolean isOff(String flag) {
    try {
      return !isOn(flag);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isOn(String flag) {
    return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .getVMOption(flag)
        .getValue()
        .equals("true");
  }

  /** A spawned task has a subclass in its executor, and that is looked for as well. */
  @Test
  void aSpawnedTaskOfAnExecutorIsStillFoundByOneComparison() {
    int depth = 0;
    for (Class<?> at = Spawn.class; at != Object.class; at = at.getSuperclass()) {
      depth++;
    }
    assertThat(depth).isLessThan(MOST_DEPTH);
  }
}
