package dev.weft.net.address;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.handoff.Acquiring;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connects to that of a name's addresses which answers first: RFC 8305, "Happy Eyeballs Version 2".
 *
 * <p>The addresses are tried in the order of section 4 ({@link #interleave}). Each attempt has a
 * head start of {@link #ATTEMPT_DELAY} on the next one and goes on after that; if it fails, the
 * next one begins at once. The first that succeeds ends the others (section 5). What the RFC says
 * of asking for both families at once (section 3) is left to the platform's resolver, which answers
 * when it has both; it also decides which family comes first: see {@code
 * java.net.preferIPv6Addresses}.
 *
 * <p>An attempt that fails other than by an {@link IOException} has not found anything out about
 * its address (the executor is closed, for example), and ends it all.
 *
 * <p>Attempts end and the delay runs out on whatever thread; the state is guarded by this object's
 * monitor, and nothing is started, cancelled or completed under it. An attempt may fail while it is
 * being started, so who starts one starts all that are due ({@link #starting}): however many
 * addresses there are, no call nests in the call before.
 *
 * @param <T> the type of a connection
 */
public final class HappyEyeballs<T> extends Acquiring<T> {
  /** The Connection Attempt Delay that section 8 recommends, as long as no round trip is known. */
  static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);

  private final AsyncExecutor executor;
  private final String name;
  private final Function<InetSocketAddress, Task<T>> connector;
  private final Consumer<? super T> discarder;

  // Guarded by this.
  private List<InetSocketAddress> addresses = List.of();
  private Throwable[] failures = {};

  /** The look-up, or the attempts, ended ones too. */
  private final List<Future<?>> begun = new ArrayList<>();

  private @Nullable Task<?> delay;
  private int next;
  private int failed;
  private int due;
  private boolean starting;
  private boolean over;

  /**
   * @param executor by whose clock the delay goes
   * @param name what to connect to, for failures
   * @param connector tries one address; its tasks close what they have when they are cancelled
   * @param discarder closes a connection that comes too late
   */
  public HappyEyeballs(
      AsyncExecutor executor,
      String name,
      Function<InetSocketAddress, Task<T>> connector,
      Consumer<? super T> discarder) {
    this.executor = executor;
    this.name = name;
    this.connector = connector;
    this.discarder = discarder;
  }

  /** Begins when the addresses are known. Called once. */
  public Task<T> start(CompletableFuture<List<InetSocketAddress>> lookup) {
    synchronized (this) {
      begun.add(lookup);
    }
    lookup.whenComplete(
        (found, failure) -> {
          if (failure != null) {
            completeExceptionally(causeOf(failure));
          } else {
            begin(interleave(found));
          }
        });
    return this;
  }

  /**
   * The order of RFC 8305, section 4: the families by turns, beginning with that of the first
   * address; within a family as they come.
   */
  static List<InetSocketAddress> interleave(List<InetSocketAddress> resolved) {
    Queue<InetSocketAddress> turn = new ArrayDeque<>();
    Queue<InetSocketAddress> other = new ArrayDeque<>();
    for (InetSocketAddress address : resolved) {
      (isSixth(address) == isSixth(resolved.get(0)) ? turn : other).add(address);
    }
    List<InetSocketAddress> order = new ArrayList<>(resolved.size());
    while (!turn.isEmpty()) {
      order.add(turn.remove());
      if (!other.isEmpty()) {
        Queue<InetSocketAddress> waited = other;
        other = turn;
        turn = waited;
      }
    }
    return order;
  }

  private static boolean isSixth(InetSocketAddress address) {
    return address.getAddress() instanceof Inet6Address;
  }

  private void begin(List<InetSocketAddress> order) {
    synchronized (this) {
      begun.clear();
      addresses = order;
      failures = new Throwable[order.size()];
    }
    startAnother();
  }

  /** Starts the next attempt, if there is one left. */
  private void startAnother() {
    synchronized (this) {
      due++;
      if (starting) {
        return;
      }
      starting = true;
    }
    for (int index; (index = takeDue()) >= 0; ) {
      cancelHeadStart();
      try {
        attempt(index);
      } catch (Throwable refused) { // by an executor that is closed
        completeExceptionally(refused);
      }
    }
  }

  /** The address to be tried now; negative if none is. */
  private synchronized int takeDue() {
    if (over || due == 0 || next == addresses.size()) {
      due = 0;
      starting = false;
      return -1;
    }
    due--;
    return next++;
  }

  private void attempt(int index) {
    Task<T> attempt = connector.apply(addresses.get(index));
    boolean late;
    synchronized (this) {
      late = over;
      if (!late) {
        begun.add(attempt);
      }
    }
    if (late) {
      attempt.cancel(false);
    }
    attempt.whenComplete(
        (connected, failure) -> {
          if (failure == null) {
            succeeded(connected);
          } else {
            failed(index, failure);
          }
        });
    if (!attempt.isDone()) {
      awaitHeadStart(index);
    }
  }

  private void awaitHeadStart(int index) {
    if (!isFollowed(index)) {
      return;
    }
    Task<?> headStart = executor.sleep(ATTEMPT_DELAY);
    boolean awaited;
    synchronized (this) {
      awaited = isFollowed(index) && due == 0; // else it has failed or succeeded meanwhile
      if (awaited) {
        delay = headStart;
      }
    }
    if (!awaited) {
      headStart.cancel(false);
      return;
    }
    headStart.whenComplete(
        (nothing, cancelled) -> {
          if (cancelled == null && isOver(headStart)) {
            startAnother();
          }
        });
  }

  /** True while the address that was tried last is followed by one that is to be tried. */
  private synchronized boolean isFollowed(int last) {
    return !over && last == next - 1 && next < addresses.size();
  }

  /** False if another attempt has begun before it was. */
  private synchronized boolean isOver(Task<?> headStart) {
    boolean current = delay == headStart;
    if (current) {
      delay = null;
    }
    return current;
  }

  private void cancelHeadStart() {
    Task<?> headStart;
    synchronized (this) {
      headStart = delay;
      delay = null;
    }
    if (headStart != null) {
      headStart.cancel(false);
    }
  }

  private void succeeded(T connected) {
    if (end()) {
      deliver(connected);
    } else {
      discard(connected);
    }
  }

  private void failed(int index, Throwable failure) {
    boolean last;
    synchronized (this) {
      if (over) {
        return; // and this is why it has failed
      }
      failures[index] = failure;
      failed++;
      last = failed == addresses.size();
    }
    if (!(failure instanceof IOException)) {
      completeExceptionally(failure);
    } else if (last) {
      completeExceptionally(SocketErrors.noneConnected(name, failures));
    } else {
      cancelHeadStart();
      startAnother();
    }
  }

  @Override
  protected void giveUp() {
    end();
  }

  @Override
  protected void discard(T connected) {
    discarder.accept(connected);
  }

  /** Cancels all that is under way. False if that was done before. */
  private boolean end() {
    List<Future<?>> cancelled;
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      cancelled = new ArrayList<>(begun);
      if (delay != null) {
        cancelled.add(delay);
      }
      begun.clear();
    }
    cancelled.forEach(each -> each.cancel(true));
    return true;
  }
}
