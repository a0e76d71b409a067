package dev.weft.log;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.MessageFormatter;

/**
 * A log for lines that others can cause, such as a peer by what it sends or a load by its size: one
 * line a second of each kind, and the number of those that were left out. The first line of a kind
 * is written at once and whole; the next one ends in {@code (and 1234 more in the last 5 s)}. If no
 * next one comes, the number is said by itself, a second after that.
 *
 * <p>Any thread may call it, and does not wait: the line is made up on the calling thread, and
 * written on that of a {@link LogQueue}. So it has neither the name nor the MDC nor the place in
 * the code of who has said it; put into the text what of this matters. A line that is left out is
 * not made up: that costs 40 to 100 ns. No method here throws.
 *
 * <p>There are at most {@value #MAX_KINDS} kinds at a time, so that an outsider who can make up
 * kinds cannot fill the memory, or the log, with them. Further ones share one limit, until others
 * have been silent for a minute.
 *
 * <pre>{@code
 * static final LimitedLog LOG = LimitedLog.of(LoggerFactory.getLogger("shop.login"));
 *
 * static void refuse(TcpStream socket, Exception why) {
 *   LOG.warn("refused a login from {}", socket, why); // a line a second, however many try
 *   socket.reset();
 * }
 * }</pre>
 */
public final class LimitedLog {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Guessed: as many lines a second as one can bear, for more causes than go wrong at a time. */
  static final int MAX_KINDS = 32;

  /** When the place of a kind may be taken by another. */
  private static final long SILENT_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** A line is cut here, as part of it may be what a peer has sent. A stack trace comes on top. */
  private static final int MAX_CHARS = 8192;

  /** What is repeated of a line to say of which kind others were left out. */
  private static final int REPEATED_CHARS = 200;

  /**
   * Where the lines go.
   *
   * <pre>{@code
   * LimitedLog.Sink sink = (level, line, error) -> System.err.println(level + " " + line);
   * LimitedLog log = new LimitedLog(LogQueue.shared(), sink);
   * }</pre>
   */
  public interface Sink {
    /**
     * Writes a line; called on the log thread.
     *
     * @param error null if there is none, and for what is said of lines that were left out
     */
    void write(Level level, String line, @Nullable Throwable error);
  }

  private final Sink sink;
  private final LogQueue queue;
  private final LongSupplier nanoTime;
  private final ConcurrentHashMap<String, Kind> kinds = new ConcurrentHashMap<>();
  private final Kind others;

  /** Makes one with limits of its own, which writes through a queue to anywhere. */
  public LimitedLog(LogQueue queue, Sink sink) {
    this(queue, sink, System::nanoTime);
  }

  /** For tests, with a time of their own in place of {@link System#nanoTime}. */
  LimitedLog(LogQueue queue, Sink sink, LongSupplier nanoTime) {
    this.sink = sink;
    this.queue = queue;
    this.nanoTime = nanoTime;
    others = new Kind(nanoTime.getAsLong());
  }

  /** A log with limits of its own, which writes to a logger through {@link LogQueue#shared}. */
  public static LimitedLog of(Logger logger) {
    return new LimitedLog(LogQueue.shared(), to(logger));
  }

  /** As {@link #log}, a warning; of a kind are those of one format and one class of exception. */
  public void warn(String format, @Nullable Object... args) {
    say(Level.WARN, null, format, args);
  }

  /** As {@link #log}, an error; of a kind are those of one format and one class of exception. */
  public void error(String format, @Nullable Object... args) {
    say(Level.ERROR, null, format, args);
  }

  /**
   * Says something, unless something of the same kind was said less than a second ago.
   *
   * @param kind what lines with a limit of their own have in common; one that a peer can make up,
   *     such as its address, is no good kind
   * @param format as SLF4J's
   * @param args what goes into it, and perhaps an exception, last. A {@link Supplier} is asked for
   *     its value only if the line is said. All but the exception become strings on this thread
   */
  public void log(Level level, String kind, String format, @Nullable Object... args) {
    say(level, kind, format, args);
  }

  /** Who calls this goes on after an error, perhaps for want of memory, so this must not throw. */
  private void say(Level level, @Nullable String kind, String format, @Nullable Object[] args) {
    long now = nanoTime.getAsLong();
    Kind limit = others;
    try {
      limit = kind(kind != null ? kind : kindOf(format, args), now);
    } catch (OutOfMemoryError noKind) {
      // then it is one of the others
    }
    long leftOut = limit.pass(now);
    if (leftOut < 0) {
      return;
    }
    try {
      String line = line(format, args);
      String whole = leftOut == 0 ? line : line + " (and " + limit.more(leftOut, now) + ")";
      Throwable error = errorIn(args);
      if (queue.offer(() -> sink.write(level, whole, error))) {
        limit.said(level, line, now);
      } else {
        limit.leftOut.addAndGet(leftOut); // the line itself is among those that the queue counts
      }
    } catch (OutOfMemoryError noLine) {
      limit.leftOut.addAndGet(leftOut + 1);
    }
  }

  private static String kindOf(String format, @Nullable Object[] args) {
    Throwable error = errorIn(args);
    return error == null ? format : format + error.getClass().getName();
  }

  private Kind kind(String name, long now) {
    Kind known = kinds.get(name);
    if (known != null) {
      return known;
    }
    if (kinds.size() >= MAX_KINDS) {
      kinds.values().removeIf(kind -> kind.isSilent(now));
    }
    return kinds.size() < MAX_KINDS // or some more, if many threads are here
        ? kinds.computeIfAbsent(name, absent -> new Kind(now))
        : others;
  }

  private static @Nullable Throwable errorIn(@Nullable Object[] args) {
    return args.length > 0 && args[args.length - 1] instanceof Throwable error ? error : null;
  }

  private static String line(String format, @Nullable Object[] args) {
    String[] texts = new String[args.length - (errorIn(args) == null ? 0 : 1)];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = text(args[i]);
    }
    return cut(MessageFormatter.arrayFormat(format, texts, null).getMessage(), MAX_CHARS);
  }

  /** Not left to SLF4J, which says on System.err, and waits there, if {@code toString} fails. */
  private static String text(@Nullable Object arg) {
    try {
      return String.valueOf(arg instanceof Supplier<?> supplier ? supplier.get() : arg);
    } catch (Throwable failed) {
      return "(no text: " + failed.getClass().getName() + ")";
    }
  }

  private static String cut(String text, int length) {
    return text.length() <= length
        ? text
        : text.substring(0, length) + "... " + (text.length() - length) + " more characters";
  }

  /** With the methods that SLF4J has had all along, whatever version the application brings. */
  static Sink to(Logger logger) {
    return (level, line, error) -> {
      switch (level) {
        case ERROR -> logger.error(line, error);
        case WARN -> logger.warn(line, error);
        case INFO -> logger.info(line, error);
        case DEBUG -> logger.debug(line, error);
        case TRACE -> logger.trace(line, error);
      }
    };
  }

  /** One limit. Lock-free, as many workers may come at once. */
  private final class Kind implements LogQueue.Rest {
    /** Until when nothing is said; who moves it on may say something. */
    private final AtomicLong until;

    final AtomicLong leftOut = new AtomicLong();

    /** True while the queue has this on its list. */
    private final AtomicBoolean listed = new AtomicBoolean();

    /** When something was last said. */
    private volatile long since;

    private volatile Level level = Level.WARN;
    private volatile String last = "";

    Kind(long now) {
      until = new AtomicLong(now);
      since = now;
    }

    /** How many were left out before this one, which may be said; or -1 to leave it out. */
    long pass(long now) {
      long end = until.get();
      if (now - end >= 0 && until.compareAndSet(end, now + PERIOD_NANOS)) {
        return leftOut.getAndSet(0);
      }
      leftOut.incrementAndGet();
      list();
      return -1;
    }

    private void list() {
      if (!listed.get() && listed.compareAndSet(false, true)) {
        try {
          queue.remind(this);
        } catch (OutOfMemoryError noRoom) {
          listed.set(false);
        }
      }
    }

    void said(Level at, String line, long now) {
      since = now;
      level = at;
      last = cut(line, REPEATED_CHARS);
    }

    String more(long number, long now) {
      long seconds = (now - since + PERIOD_NANOS / 2) / PERIOD_NANOS;
      return number + " more in the last " + Math.max(1, seconds) + " s";
    }

    boolean isSilent(long now) {
      return now - until.get() > SILENT_NANOS && leftOut.get() == 0;
    }

    @Override
    public boolean say(boolean atOnce) {
      if (leftOut.get() == 0) {
        listed.set(false);
        // Who leaves one out counts it and then looks whether this is listed.
        return leftOut.get() == 0 || !listed.compareAndSet(false, true);
      }
      long now = nanoTime.getAsLong();
      long end = until.get();
      boolean due = now - end >= PERIOD_NANOS && until.compareAndSet(end, now + PERIOD_NANOS);
      if (due || atOnce) {
        sayRest(now);
      }
      return false;
    }

    private void sayRest(long now) {
      long number = leftOut.getAndSet(0);
      try {
        if (number > 0) {
          String more = more(number, now);
          since = now;
          sink.write(level, more + " like: " + last, null);
        }
      } catch (Throwable failed) { // in the logging library; it is tried again
        leftOut.addAndGet(number);
      }
    }
  }
}
