package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import dev.weft.AsyncStackTrace;
import dev.weft.dump.TaskEntry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A task or a call of this program. */
record LiveSight(TaskEntry entry) implements Sight {
  private static final int HEX = 16;

  @Override
  public AsyncExecutor executor() {
    return entry.executor();
  }

  /** A task's is its {@code id}; below zero what the key of a call has behind its letter. */
  @Override
  public long number() {
    return entry.isCall() ? ~Long.parseLong(entry.key().substring(1), HEX) : entry.id();
  }

  @Override
  public String key() {
    return entry.key();
  }

  @Override
  public @Nullable String name() {
    return entry.name();
  }

  @Override
  public String origin() {
    return entry.origin();
  }

  @Override
  public State state() {
    return switch (entry.state()) {
      case RUNNING -> State.RUNNING;
      case QUEUED -> State.QUEUED;
      case SUSPENDED -> State.SUSPENDED;
      case ENDED -> State.ENDED;
    };
  }

  @Override
  public @Nullable StackTraceElement site() {
    return entry.site();
  }

  @Override
  public @Nullable String waitsFor() {
    return entry.waitsFor();
  }

  @Override
  public @Nullable String thread() {
    Thread thread = entry.thread();
    return thread == null ? null : thread.getName();
  }

  @Override
  public List<StackTraceElement> javaStack() {
    return entry.javaStack();
  }

  @Override
  public long ageMillis() {
    return entry.age().map(age -> age.toMillis()).orElse(UNKNOWN);
  }

  @Override
  public long stateMillis() {
    return entry.inState().map(time -> time.toMillis()).orElse(UNKNOWN);
  }

  @Override
  public long polls() {
    return entry.polls();
  }

  @Override
  public long busyMillis() {
    return entry.busy().map(busy -> busy.toMillis()).orElse(UNKNOWN);
  }

  @Override
  public @Nullable String awaitedBy() {
    return entry.awaitedBy();
  }

  @Override
  public @Nullable String awaits() {
    return entry.awaits();
  }

  @Override
  public AsyncStackTrace stack() {
    return entry.stack();
  }

  @Override
  public Map<String, String> locals() {
    return entry.locals();
  }
}
