package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.hprof.HeapClass;
import dev.weft.weaver.tasks.hprof.HeapDump;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What calls wait for, in words: those of {@code AwaitedFuture.describeWait}, as far as fields say
 * it. A dump has no clock, so how much of a sleep is left is not said.
 */
final class Waits {
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("dev.weft.scheduler.time.Sleep", "a sleep"),
          Map.entry("dev.weft.node.timer.SleepTask", "a sleep"),
          Map.entry(Types.JOINING, "the tasks of a TaskScope"),
          Map.entry("dev.weft.scope.JoinSet$Next", "the next task of a JoinSet to end"),
          Map.entry(
              "dev.weft.sync.AsyncCountDownLatch$Opened",
              "the count of an AsyncCountDownLatch to come to zero"),
          Map.entry("dev.weft.sync.Inlet$Receiving", "a message of a channel"),
          Map.entry("dev.weft.sync.Inlet$SelectedReceiving", "a message of a channel"),
          Map.entry("dev.weft.sync.MpscCore$Offer", "room in a channel that is full"),
          Map.entry("dev.weft.sync.AsyncBarrier$Arrived", "the others at an AsyncBarrier"),
          Map.entry("dev.weft.resilience.RateLimiter$Acquire", "its turn at a RateLimiter"),
          Map.entry(
              "dev.weft.sync.AsyncCondition$Signalled",
              "the signal of an AsyncCondition, or the lock after it"));

  /** By what a taker takes from. */
  private static final Map<String, String> TAKEN =
      Map.ofEntries(
          Map.entry("dev.weft.net.Inbox", "a read from a stream"),
          Map.entry("dev.weft.net.DatagramInbox", "a datagram at a UdpSocket"),
          Map.entry("dev.weft.net.TcpListener", "a connection at a TcpListener"),
          Map.entry("dev.weft.net.UnixListener", "a connection at a UnixListener"),
          Map.entry("dev.weft.io.BlockingStream", "an element of a blocking stream"),
          Map.entry("dev.weft.io.FileWatch", "a change of a watched file"));

  /** The order of {@code Combining.Until}. */
  private static final String[] UNTIL = {"all", "any", "the first"};

  /** Of {@code AsyncRwLock}. */
  static final int MOST_READERS = Integer.MAX_VALUE >> 2;

  private final HeapDump dump;
  private final Kinds kinds;
  private final Labels labels;
  private final Sites sites;

  Waits(HeapDump dump, Kinds kinds, Labels labels, Sites sites) {
    this.dump = dump;
    this.kinds = kinds;
    this.labels = labels;
    this.sites = sites;
  }

  /** The names of classes that it knows, for the test that looks for them. */
  static List<String> typesWithWords() {
    return Stream.concat(WORDS.keySet().stream(), TAKEN.keySet().stream()).toList();
  }

  /** For what a future stands, for people. */
  String describe(int future) throws IOException {
    if (kinds.is(future, Kinds.SPAWN)) {
      return labels.describe(future);
    }
    if (kinds.is(future, Kinds.FRAME)) {
      Place place = sites.of(future);
      return "a call of "
          + (place == null ? dump.type(future).name() : place.type() + "." + place.method());
    }
    for (HeapClass at = dump.type(future); at != null; at = at.superclass()) {
      String words = words(future, at.name());
      if (words != null) {
        return words;
      }
    }
    return byName(dump.type(future));
  }

  private @Nullable String words(int future, String type) throws IOException {
    return switch (type) {
      case Types.WANTING -> "its turn at " + lock(dump.follow(future, Fields.PERMITS));
      case Types.PENDING_WRITE ->
          dump.byteValue(future, Fields.UNTIL_SENT) != 0
              ? "a write to be sent"
              : "room for a write";
      case Types.BLOCKING_CALL -> blockingCall(future);
      case Types.TAKER -> taken(future);
      default -> WORDS.get(type);
    };
  }

  /** A lock or the like, by whose permits it is. */
  String lock(int permits) throws IOException {
    int owner = permits < 0 ? Chains.NONE : dump.follow(permits, Fields.PERMITS_OWNER);
    if (owner < 0) {
      return "a lock";
    }
    String name = simpleName(dump.type(owner));
    int free = (int) (dump.longValue(permits, Fields.PERMITS_STATE) >>> 1);
    String state =
        switch (dump.type(owner).name()) {
          case Types.MUTEX -> free == 0 ? "[locked]" : "[free]";
          case Types.SEMAPHORE -> "[" + free + " permits]";
          case Types.RW_LOCK ->
              free == 0
                  ? "[written]"
                  : free == MOST_READERS ? "[free]" : "[" + (MOST_READERS - free) + " reading]";
          default -> "";
        };
    return name + state + "@" + HeapDump.hex(dump.id(owner));
  }

  private String blockingCall(int call) throws IOException {
    int thread = dump.follow(call, Fields.RUNNER);
    String name = thread < 0 ? null : dump.text(dump.reference(thread, Fields.THREAD_NAME));
    return thread < 0
        ? "a blocking call that waits for a thread"
        : "a blocking call on the thread " + name;
  }

  private @Nullable String taken(int taker) throws IOException {
    int source = dump.follow(taker, Fields.TAKER_SOURCE);
    for (HeapClass at = source < 0 ? null : dump.type(source); at != null; at = at.superclass()) {
      String outer = at.name().replaceFirst("\\$.*", ""); // the queue of a listener is within it
      String words = TAKEN.get(outer);
      if (words != null) {
        return words;
      }
    }
    return null;
  }

  /**
   * Several futures.
   *
   * @param of how many
   * @param pending how many of them are not complete
   */
  String combining(int combining, int of, int pending) throws IOException {
    return until(combining) + " of " + of + ", not complete: " + pending;
  }

  private String until(int combining) throws IOException {
    int until = dump.follow(combining, Fields.UNTIL);
    int ordinal = until < 0 ? -1 : dump.intValue(until, Fields.ORDINAL);
    return ordinal >= 0 && ordinal < UNTIL.length ? UNTIL[ordinal] : "some";
  }

  /** True if all of what it combines has to end before it does. */
  boolean needsAll(int combining) throws IOException {
    return until(combining).equals(UNTIL[0]);
  }

  /** As {@code Whereabouts.describe} has it. */
  private static String byName(HeapClass type) {
    String name = simpleName(type);
    boolean readable = type.isA(Types.TASK) && !type.name().equals(Types.TASK) && !name.isEmpty();
    return readable
        ? "a " + name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT)
        : "a " + type.name();
  }

  /** Empty for an anonymous class. */
  private static String simpleName(HeapClass type) {
    String name = type.name();
    String last = name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    return last.replaceFirst("^[0-9]+", "");
  }
}
