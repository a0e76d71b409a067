package dev.weft.scheduler.task;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What tells a task from others, made when somebody asks or has given it a name. Tasks that nobody
 * asks, nearly all of them, carry only the class that they come from.
 */
public final class TaskLabel {
  private static final AtomicLong LAST_ID = new AtomicLong();

  /** Unique in this JVM, from 1. */
  public final long id = LAST_ID.incrementAndGet();

  final @Nullable String name;
  final Class<?> origin;

  /** What waits to be looked at, if the task has failed. */
  volatile UnheardFailures.@Nullable Failure failure;

  /** With an id of its own. */
  public TaskLabel(@Nullable String name, Class<?> origin) {
    this.name = name;
    this.origin = origin;
  }

  /** For people: the name if there is one, and where the task comes from. */
  String describe() {
    return name == null ? describe(origin) : name + " (" + describe(origin) + ")";
  }

  /** The class whose code a task is, for people. */
  public static String describe(Class<?> origin) {
    String name = origin.getName();
    int lambda = name.indexOf("$$Lambda");
    return lambda < 0 ? name : "a lambda of " + name.substring(0, lambda);
  }
}
