package dev.weft.weaver.tasks.heap;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is said of one task, or of a call that belongs to none.
 *
 * @param id 0 if it has none
 * @param thread the one that polls it, if it runs
 * @param waitsFor null unless it is suspended
 * @param awaits the key of the task that it waits for
 * @param awaitedBy the key of the first that waits for it
 * @param scope the key of the task in whose scope it was forked
 * @param calls the innermost first
 * @param figures in milliseconds, and how often it was polled, by the names of the JSON
 */
record HeapTask(
    String key,
    boolean isCall,
    long id,
    @Nullable String name,
    String origin,
    @Nullable Place spawned,
    State state,
    @Nullable String thread,
    List<String> stack,
    @Nullable String waitsFor,
    @Nullable String awaits,
    @Nullable String awaitedBy,
    @Nullable String scope,
    List<Place> calls,
    List<Branch> branches,
    Map<String, Long> figures,
    Map<String, String> locals) {
  static final String AGE = "ageMillis";
  static final String IN_STATE = "stateMillis";
  static final String POLLS = "polls";
  static final String BUSY = "busyMillis";

  /** As in the JSON, in small letters. */
  enum State {
    RUNNING,
    QUEUED,
    SUSPENDED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One of several that a call waits for. */
  record Branch(String of, String state, List<Place> calls, List<Branch> branches) {}
}
