package dev.weft.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * A pool for calls that block gets another thread. On the thread that has made the call; its stack,
 * if it is recorded, says which.
 */
@Name("dev.weft.BlockingPoolGrowth")
@Label("Blocking Pool Growth")
@Description("A pool for blocking calls has got another thread")
@Category("Weft")
@StackTrace
public final class BlockingPoolGrowth extends Event {
  private static final BlockingPoolGrowth WANTED = new BlockingPoolGrowth();

  @Label("Pool")
  @Description("The name of the executor that has the pool")
  @Nullable String pool;

  @Label("Threads")
  @Description("How many threads there are with this one")
  int threads;

  @Label("Most")
  @Description("How many there may be")
  int most;

  private BlockingPoolGrowth() {}

  /** See the fields. */
  public static void emit(String pool, int threads, int most) {
    if (WANTED.isEnabled()) {
      BlockingPoolGrowth event = new BlockingPoolGrowth();
      event.pool = pool;
      event.threads = threads;
      event.most = most;
      event.commit();
    }
  }
}
