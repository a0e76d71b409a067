package dev.weft.scheduler.task;

import dev.weft.frame.SpawnSite;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What tells a task from others, made when somebody asks or has given it a name. Tasks that nobody
 * asks, nearly all of them, carry only where they come from.
 */
public final class TaskLabel {
  private static final String LAMBDA = "$$Lambda";

  private static final AtomicLong LAST_ID = new AtomicLong();

  /** Unique in this JVM, from 1. */
  public final long id = LAST_ID.incrementAndGet();

  private final @Nullable String name;
  private final Object origin;

  /** What waits to be looked at, if the task has failed. */
  volatile UnheardFailures.@Nullable Failure failure;

  /**
   * With an id of its own.
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
  public static String codeName(Object origin) {
    if (origin instanceof String site) {
      return SpawnSite.className(site);
    }
    String name = ((Class<?>) origin).getName();
    int lambda = name.indexOf(LAMBDA);
    return lambda < 0 ? name : name.substring(0, lambda);
  }
}
