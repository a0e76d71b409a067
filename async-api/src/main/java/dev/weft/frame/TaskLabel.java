package dev.weft.frame;

import org.jspecify.annotations.Nullable;

/**
 * What few tasks have beside where they come from, in an object of its own, made when there is
 * something to be kept: a name, the time for which it was seen to run, what its executor keeps.
 *
 * <pre>{@code
 * Task<Receipt> order = executor.spawn("order", () -> buy(shop, item)); // has one, with the name
 * }</pre>
 */
public final class TaskLabel {
  private static final String LAMBDA = "$$Lambda";

  private final @Nullable String name;
  private final Object origin;

  /** For the executor's use, with which it is read and written: what waits to be looked at. */
  public volatile @Nullable Object failure;

  /** In nanoseconds, as far as it was seen. Written by a monitor, so there is one writer. */
  volatile long busyNanos;

  /**
   * For a task.
   *
   * @param origin the class that it comes from, or its {@link SpawnSite}
   */
  public TaskLabel(@Nullable String name, Object origin) {
    this.name = name;
    this.origin = origin;
  }

  /** The name that the task was given; null for none. */
  public @Nullable String name() {
    return name;
  }

  /** The class that it comes from, or its {@link SpawnSite}. */
  public Object origin() {
    return origin;
  }

  /** For people: the name if there is one, and where the task comes from. */
  public String describe() {
    return name == null ? describe(origin) : name + " (" + describe(origin) + ")";
  }

  /** Where a task comes from, for people. */
  public static String describe(Object origin) {
    if (origin instanceof String site) {
      return SpawnSite.describe(site);
    }
    String name = ((Class<?>) origin).getName();
    int lambda = name.indexOf(LAMBDA);
    return lambda < 0 ? name : "a lambda of " + name.substring(0, lambda);
  }

  /** The class whose code a task is, a lambda's being that around it. */
  static String codeName(Object origin) {
    if (origin instanceof String site) {
      return SpawnSite.className(site);
    }
    String name = ((Class<?>) origin).getName();
    int lambda = name.indexOf(LAMBDA);
    return lambda < 0 ? name : name.substring(0, lambda);
  }
}
