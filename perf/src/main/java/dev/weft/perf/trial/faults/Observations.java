package dev.weft.perf.trial.faults;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** What the clients of a trial have seen. From any thread. */
final class Observations {
  private static final int EXAMPLES = 8;

  /** How a connection ended. */
  enum End {
    /** As the client meant it to. */
    WELL,

    /** A byte came back that was not the one sent. */
    WRONG_BYTE,

    /** More came back than was sent. */
    TOO_MANY,

    /** The end of the stream came, in order, before all that was sent had come back. */
    SHORT_END,

    /** All had come back, and then came an end that the client had not begun. */
    EARLY_END,

    /** It was reset. */
    RESET,

    /** It could not be made. */
    REFUSED,

    /** Nothing came for longer than a client waits. */
    HANG
  }

  private final Map<End, Long> ends = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final List<String> examples = new CopyOnWriteArrayList<>();

  void ended(End end, String detail) {
    ends.merge(end, 1L, Long::sum);
    if (end != End.WELL && examples.size() < EXAMPLES) {
      examples.add(end + ": " + detail);
    }
  }

  void echoed(long count) {
    bytes.addAndGet(count);
  }

  long count(End end) {
    return ends.getOrDefault(end, 0L);
  }

  /** Connections that the server has ended. */
  long broken() {
    return count(End.RESET) + count(End.EARLY_END);
  }

  /** A few of those that did not end well. */
  List<String> examples() {
    return examples;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (End end : End.values()) {
      if (end == End.WELL || count(end) > 0) {
        text.append(count(end)).append(' ').append(end).append(", ");
      }
    }
    return text.append(bytes.get() / 1_000_000).append(" MB echoed").toString();
  }
}
