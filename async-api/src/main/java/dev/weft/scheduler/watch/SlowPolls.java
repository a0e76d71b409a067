package dev.weft.scheduler.watch;

import dev.weft.SlowPoll;
import dev.weft.log.LogQueue;
import dev.weft.time.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slow polls of one executor: counted, the last ones kept, and told in the log. There the first
 * of a site is a warning with the thread's stack; those that follow are counted, and their number
 * is said once a minute. A site is an await, or the class of a task that has not awaited anything,
 * and the innermost line of the application in the poll. There are at most {@value #MAX_SITES} of
 * them; further ones share a place, whose first report in a minute is a whole one. What takes long
 * because it loads classes is no warning: it is true, and there is nothing to be repaired.
 *
 * <p>Nobody waits for the log here: it is written by the {@link LogQueue}.
 *
 * <p>Written by the monitor's thread, read by any.
 */
public final class SlowPolls {
  private static final Logger log = LoggerFactory.getLogger(SlowPolls.class);

  /** Guessed: more places than anybody repairs at a time. */
  static final int MAX_SITES = 64;

  /** How many of the last ones are kept. Guessed: some tens of KB with their stacks. */
  static final int KEPT = 32;

  /** How often it is said of a site how many there were. */
  static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String executor;
  private final long thresholdNanos;
  private final boolean eventLoop;

  /** All below guarded by this. */
  private final Map<String, Site> sites = new HashMap<>();

  private final Site others = new Site();
  private final List<SlowPoll> recent = new ArrayList<>(KEPT + 1);
  private long count;
  private boolean looked;
  private long lastLook;

  /**
   * None yet.
   *
   * @param executor its name
   * @param threshold how long a poll may take; zero for as long as it likes
   * @param eventLoop whether its one thread is an event loop
   */
  public SlowPolls(String executor, Duration threshold, boolean eventLoop) {
    this.executor = executor;
    this.thresholdNanos = Nanos.of(threshold);
    this.eventLoop = eventLoop;
  }

  /** Nobody looks for any. */
  public static SlowPolls none(String executor) {
    return new SlowPolls(executor, Duration.ZERO, false);
  }

  /** True if they are to be looked for. */
  public boolean isOn() {
    return thresholdNanos > 0;
  }

  long thresholdNanos() {
    return thresholdNanos;
  }

  String executor() {
    return executor;
  }

  boolean isEventLoop() {
    return eventLoop;
  }

  /** How many there were. */
  public synchronized long count() {
    return count;
  }

  /** The last {@value #KEPT}, the newest last. */
  public synchronized List<SlowPoll> recent() {
    return List.copyOf(recent);
  }

  // ---- by the monitor

  /**
   * One was found, and goes on.
   *
   * @param poll without its number
   * @param type the class of what is polled, for one without an await
   * @return the same with its number
   */
  synchronized SlowPoll found(SlowPoll poll, String type, long now) {
    count++;
    Object await = poll.resumedAt();
    Site site = site((await == null ? type : await) + " " + poll.place());
    site.number++;
    SlowPoll numbered = with(poll, poll.duration(), false, site.number);
    keep(numbered, null);
    if (!site.said || (site == others && now - site.saidAt >= REPEAT_NANOS)) {
      site.said = true;
      site.saidAt = now;
      say(numbered.firstUse(), numbered + " The stack:" + stack(numbered));
    } else {
      site.add(numbered);
    }
    return numbered;
  }

  /** One that was {@link #found} has come to its end. */
  synchronized void over(SlowPoll poll, Duration whole) {
    keep(with(poll, whole, true, poll.ofSite()), poll);
  }

  /**
   * Each passes by here twice: when it is found, and when it has come to its end, with its whole
   * duration. One that never ends comes once.
   *
   * @param before the same when it was found; null if that is now
   */
  private void keep(SlowPoll poll, @Nullable SlowPoll before) {
    int at = before == null ? -1 : recent.indexOf(before);
    if (at >= 0) {
      recent.set(at, poll);
    } else if (before == null) {
      recent.add(poll);
      if (recent.size() > KEPT) {
        recent.remove(0);
      }
    }
  }

  private static SlowPoll with(SlowPoll poll, Duration duration, boolean over, long ofSite) {
    return new SlowPoll(
        poll.time(),
        poll.executor(),
        poll.thread(),
        poll.eventLoop(),
        poll.task(),
        poll.resumedAt(),
        poll.blocker(),
        poll.firstUse(),
        poll.place(),
        poll.advice(),
        poll.stack(),
        duration,
        over,
        poll.takeover(),
        ofSite);
  }

  private Site site(String name) {
    Site known = sites.get(name);
    if (known != null) {
      return known;
    }
    if (sites.size() >= MAX_SITES) {
      return others;
    }
    Site made = new Site();
    sites.put(name, made);
    return made;
  }

  /** Says how many were not told of, if it is time to. */
  synchronized void tellRest(long now) {
    if (looked && now - lastLook < TimeUnit.SECONDS.toNanos(1)) {
      return;
    }
    looked = true;
    lastLook = now;
    for (Site site : all()) {
      if (site.untold > 0 && now - site.saidAt >= REPEAT_NANOS) {
        site.saidAt = now;
        site.tellRest();
      }
    }
  }

  /** The same, whether it is time or not: there will be no more. */
  synchronized void close() {
    all().forEach(Site::tellRest);
  }

  private List<Site> all() {
    List<Site> all = new ArrayList<>(sites.values());
    all.add(others);
    return all;
  }

  private static String stack(SlowPoll poll) {
    StringBuilder text = new StringBuilder();
    for (StackTraceElement frame : poll.stack()) {
      text.append("\n    at ").append(frame);
    }
    return text.toString();
  }

  private static void say(boolean once, String text) {
    LogQueue.shared()
        .offer(
            () -> {
              if (once) {
                log.info("{}", text);
              } else {
                log.warn("{}", text);
              }
            });
  }

  /** Where polls are slow. */
  private final class Site {
    /** All, and those of them that were not told of. */
    long number;

    long untold;

    private @Nullable SlowPoll last;
    boolean said;
    long saidAt;

    void add(SlowPoll poll) {
      untold++;
      last = poll;
    }

    void tellRest() {
      SlowPoll newest = last;
      if (untold > 0 && newest != null) {
        say(
            newest.firstUse(),
            untold
                + (untold == 1 ? " more slow poll" : " more slow polls")
                + " of the executor "
                + executor
                + (this == others ? ", at places that are not counted by themselves" : "")
                + ", "
                + number
                + " so far, the last one: "
                + newest);
        untold = 0;
        last = null;
      }
    }
  }
}
