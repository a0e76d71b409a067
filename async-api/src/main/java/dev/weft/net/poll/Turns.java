package dev.weft.net.poll;

import dev.weft.net.memory.ConnectionMemory;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * In which order a loop handles what has happened on its connections.
 *
 * <p>Thousands of connections that send as fast as they can are all ready in every poll. To take in
 * what they have and to answer it takes a loop tens of milliseconds a round, for which a connection
 * that sends a line now and then would wait. So those that have received much of late or hold much,
 * go on sending more than is taken in, or have failed, the heavy ones, come after the others and
 * share a part of a millisecond of each poll; the next poll then finds the light ones that have
 * become ready meanwhile. A few heavy connections alone notice nothing: they are through before.
 *
 * <p>And no more light ones are handled at a time than leave what belongs to them in the cache
 * until their tasks have run; as long as that many are waiting, the kernel is not asked for more.
 * Nor is it while more than half as many wait as were handled in the last round, if those were
 * some: it would tell of all of them again.
 *
 * <p>Of the light ones, those that have had a turn within the last second or so come first, the
 * recent ones. Thousands may come at once, or after a long silence leave at once, and each costs
 * more than a message does; nothing tells before that they do. Those who are in a conversation do
 * not wait for that. The rare ones have their own part of each poll.
 *
 * <p>An event that is put off is kept, and told when its turn comes. That must not be left out:
 * what waits is not told a second time, or keeps the kernel from telling (see {@link
 * GuardedHandle}).
 *
 * <p>Confined to the loop, but for {@link Turn#isAhead}.
 */
public final class Turns {
  /**
   * As {@code now >> 28}: 0.27 s, after which what was received counts half. Guessed: longer than a
   * heavy connection waits among thousands, which would make it light.
   */
  private static final int WINDOW_SHIFT = 28;

  /** Received in about two windows, it makes a connection heavy, at the next read. Guessed. */
  private static final int HEAVY_BYTES = 32 * 1024;

  /**
   * Received without a pause, the kernel having more each time: that one sends faster than it is
   * read from, however little that is when thousands share a core. And so much that whoever had to
   * wait for a while, and sends on meanwhile, catches up before. Guessed.
   */
  private static final int HEAVY_BEHIND = 4 * 1024;

  /**
   * More comes, and so much is still there: that one is ahead of whoever reads from it. More than a
   * message that is being sent and another that has come meanwhile, in small buffers. Guessed.
   */
  private static final int HEAVY_HELD = 8 * 1024;

  /** Windows since its last turn, up to which one is recent: from 0.8 s to 1.3 s. Guessed. */
  private static final int RECENT_WINDOWS = 4;

  /** Handled in a round, so many are not slow, and whoever is not told of has not long to wait. */
  private static final int SOME = 16;

  /** How many of the rare ones are handled at once, as they are told. Guessed. */
  private static final int RARE_AT_ONCE = 16;

  /** What was accepted and is not handled yet. */
  private record Accepted(GuardedHandle handle, IoRegistration registration, IoEvent event) {}

  /** One connection's place. */
  public static final class Turn {
    private final ConnectionMemory memory;
    private final @Nullable DirectInput input;
    private long window;
    private long lastTurn;
    private boolean hadTurn;
    private int received;

    /** Of a receive buffer that the kernel has to fill; it counts as held. */
    private int lent;

    /** Received since the kernel last had no more: all that filled the buffer there was. */
    private int behind;

    /** Whether the input is to end after what the kernel has: see {@link GuardedHandle}. */
    private boolean cut;

    // While an event is put off.
    private @Nullable GuardedHandle handle;
    private @Nullable IoRegistration registration;
    @Nullable IoEvent event;

    /** What was told after that one, if it is told once. */
    private @Nullable ArrayDeque<IoEvent> later;

    /**
     * The place of a connection.
     *
     * @param memory of which it is looked at without the lock how much is held: one that is wrong
     *     for a moment has its turn later or earlier, and no more than that
     */
    public Turn(ConnectionMemory memory) {
      this(memory, null);
    }

    /**
     * The same.
     *
     * @param input takes what comes if it can
     */
    public Turn(ConnectionMemory memory, @Nullable DirectInput input) {
      this.memory = memory;
      this.input = input;
    }

    @Nullable DirectInput input() {
      return input;
    }

    /** There is a receive buffer now, with nothing in it. */
    public void lent(int bytes) {
      lent = bytes;
    }

    /** The connection has received something into it, or nothing. */
    public void received(int bytes) {
      behind = lent > 0 && bytes >= lent ? Math.min(behind, 1 << 30) + bytes : 0;
      lent = 0;
      received = Math.min(received, 1 << 30) + bytes;
    }

    /** That is all that there was, though the buffer was filled. */
    void tookAll() {
      behind = 0;
    }

    /** This side has shut the connection's input down. */
    public void cut() {
      cut = true;
    }

    boolean isCut() {
      return cut;
    }

    /** Whether it is the others' turn after what was just received. */
    public boolean isOver() {
      return received >= HEAVY_BYTES;
    }

    /**
     * Whether it sends more than is taken in, or did when something last happened on it. By any
     * thread, without a lock: who sees what was so before that waits, or does not wait, once.
     */
    public boolean isAhead() {
      return behind >= HEAVY_BEHIND || received >= HEAVY_BYTES;
    }

    /** Something more has happened that is not told again. */
    void keep(IoEvent more) {
      ArrayDeque<IoEvent> events = later;
      if (events == null) {
        events = new ArrayDeque<>(2);
        later = events;
      }
      events.add(more);
    }

    private boolean isRecent(long now) {
      return hadTurn && now - lastTurn <= RECENT_WINDOWS;
    }

    private void hasTurn(long now) {
      hadTurn = true;
      lastTurn = now;
    }

    private boolean isHeavy(long now) {
      if (window != now) {
        long passed = now - window;
        received = passed > 30 ? 0 : received >> passed;
        window = now;
      }
      return behind >= HEAVY_BEHIND
          || received >= HEAVY_BYTES
          || memory.shared() - lent >= HEAVY_HELD;
    }
  }

  private final LongSupplier clock;
  private final int lightRound;
  private final long heavyNanos;
  private final ArrayDeque<Turn> recent = new ArrayDeque<>();
  private final ArrayDeque<Turn> rare = new ArrayDeque<>();
  private final ArrayDeque<Turn> heavy = new ArrayDeque<>();
  private final ArrayDeque<Accepted> accepted = new ArrayDeque<>(0);
  private final LightShare light;
  private long window;
  private int rareAtOnce;

  /** How many light ones were handled in the last round in which recent ones had waited. */
  private int handledBefore;

  /** Whether one was handled in this poll, at once. */
  private boolean hasAccepted;

  private boolean polling;

  /** Whether the round has begun: with the first event, as the poll may have waited for it. */
  private boolean begun;

  /**
   * Has nothing yet.
   *
   * @param lightRound how many light connections are handled at a time
   * @param heavyNanos for how long the heavy ones are handled in a poll, at least one of them
   */
  public Turns(int lightRound, long heavyNanos) {
    this(lightRound, heavyNanos, System::nanoTime);
  }

  /** With another clock. For tests. */
  Turns(int lightRound, long heavyNanos, LongSupplier clock) {
    this.lightRound = lightRound;
    this.heavyNanos = heavyNanos;
    this.clock = clock;
    this.light = new LightShare(clock, lightRound);
  }

  /** Whether some wait, so that nobody must block. */
  public boolean areWaiting() {
    return !recent.isEmpty() || !rare.isEmpty() || !heavy.isEmpty() || !accepted.isEmpty();
  }

  /** Whether there is enough to do without asking the kernel for more. */
  public boolean areEnough() {
    return recent.size() >= lightRound
        || (handledBefore >= SOME && recent.size() > handledBefore / 2);
  }

  /** The kernel is about to be asked. */
  public void beginPoll() {
    polling = true;
  }

  /** It has told all that it had. */
  public void endPoll() {
    polling = false;
  }

  /**
   * Something has happened on a connection. Room for output waits with the heavy ones only; with
   * NIO, as input does.
   *
   * @return true if its turn comes later
   */
  boolean putOff(Turn turn, GuardedHandle handle, IoRegistration registration, IoEvent event) {
    if (turn.handle != null) {
      handle.toldAgain(registration, turn, event);
      return true;
    }
    if (!polling) {
      return false;
    }
    begin();
    if (handle.isFailure(event) || turn.isHeavy(window)) {
      heavy.add(turn);
    } else if (!handle.isInput(event)) {
      return false;
    } else if (turn.isRecent(window)) {
      if (recent.isEmpty() && light.takeOne()) {
        turn.hasTurn(window);
        return false;
      }
      recent.add(turn);
    } else {
      if (rare.isEmpty() && rareAtOnce < RARE_AT_ONCE && light.takeOne()) {
        rareAtOnce++;
        turn.hasTurn(window);
        return false;
      }
      rare.add(turn);
    }
    turn.handle = handle;
    turn.registration = registration;
    turn.event = handle.kept(event);
    return true;
  }

  /**
   * A listening socket has accepted, by itself. With io_uring that is as many as have come, each
   * with an event that is told once; so they are put off here.
   *
   * @return true if its turn comes later
   */
  boolean putOffAccepted(GuardedHandle handle, IoRegistration registration, IoEvent event) {
    if (accepted.isEmpty()) {
      if (!polling) {
        return false;
      }
      begin();
      if (!hasAccepted) {
        hasAccepted = true;
        return false;
      }
    }
    accepted.add(new Accepted(handle, registration, event));
    return true;
  }

  /** Handles all that was accepted. For a listener that is about to end. */
  public void runAccepted() {
    for (Accepted one; (one = accepted.poll()) != null; ) {
      one.handle.handleNow(one.registration, one.event);
    }
  }

  /**
   * Handles those whose turn it is.
   *
   * @return how many
   */
  public int run() {
    begin();
    int done = 0;
    if (!recent.isEmpty()) {
      // Rare ones are not to use up what is the others', nor is what does not wait at all.
      if (rareAtOnce > 0 || light.handled() == 0) {
        light.begin(clock.getAsLong());
      }
      done = runLight(recent);
      handledBefore = light.handled();
    }
    if (!rare.isEmpty()) {
      light.begin(clock.getAsLong());
      done += runLight(rare);
    }
    if (!accepted.isEmpty()) {
      done += runSomeAccepted();
    }
    int left = heavy.size();
    for (long start = clock.getAsLong(); left > 0; left--) {
      Turn turn = heavy.remove();
      turn.hasTurn(window);
      handle(turn);
      done++;
      if (clock.getAsLong() - start >= heavyNanos) {
        break;
      }
    }
    return done;
  }

  private int runLight(ArrayDeque<Turn> sort) {
    int done = 0;
    for (; !sort.isEmpty() && light.takeOne(); done++) {
      Turn turn = sort.remove();
      turn.hasTurn(window);
      handle(turn);
    }
    return done;
  }

  private int runSomeAccepted() {
    int done = 0;
    long start = clock.getAsLong();
    for (Accepted one; done < AcceptPace.MOST && (one = accepted.poll()) != null; done++) {
      one.handle.handleNow(one.registration, one.event);
      if (clock.getAsLong() - start >= AcceptPace.NANOS) {
        return done + 1;
      }
    }
    return done;
  }

  private void begin() {
    if (!begun) {
      begun = true;
      long now = clock.getAsLong();
      window = now >> WINDOW_SHIFT;
      light.begin(now);
      rareAtOnce = 0;
      hasAccepted = false;
    }
  }

  /** The round is over, with all that was told in the poll. */
  public void end() {
    begun = false;
  }

  /** Handles all. For the end. */
  public void runAll() {
    while (areWaiting()) {
      run();
      end();
    }
  }

  private static void handle(Turn turn) {
    GuardedHandle handle = turn.handle;
    IoRegistration registration = turn.registration;
    IoEvent event = turn.event;
    turn.handle = null; // what comes meanwhile is not put off, as nobody polls now
    turn.registration = null;
    turn.event = null;
    if (handle != null && registration != null && event != null) {
      do {
        handle.handleNow(registration, event);
        event = turn.later == null ? null : turn.later.poll();
      } while (event != null);
    }
  }
}
