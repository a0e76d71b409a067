package dev.weft.select;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Awaiter;
import dev.weft.frame.Frame;
import dev.weft.frame.Relay;
import dev.weft.frame.Settled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Select} that is run: the call of an async method, as it were, that awaits a {@link Race}
 * and then calls the handler.
 *
 * <h2>Who comes first</h2>
 *
 * is who wins the {@link Claim}: an operation under the lock of its queue, before it has any
 * effect; a stage when it has ended, in {@link Branch#wake}; {@code orElse} when all have been
 * begun; a canceller. From then on it is {@link #chosen} as soon as its task has ended, and the
 * others are let go of.
 *
 * <h2>When it ends</h2>
 *
 * {@link #open} counts the branches that were begun and have not ended, one more for the thread
 * that begins them, and one for a canceller that lets go of them. Whoever counts it down to 0 ends
 * the race. So all have ended, and nothing of a call runs beside the handler.
 *
 * <p>Two may let go of a branch at a time: who has chosen, and who ends it. The later one does
 * nothing, and does not wait; the earlier one may yet have to give a value back. As both are
 * counted, it is back when the select ends: who asks for the next message then must not get it
 * before the one that comes back.
 *
 * <pre>
 *   canceller: has the claim, lets go of a receive     its message comes: it ends, and the receive
 *              that ends now: is to give the message      is let go of once more, to no effect
 *              back, and is held up                    without its count the select would end here
 *              gives it back, counts down: the end
 * </pre>
 *
 * <p>Who begins a branch writes it, then its task, and then looks at the claim; who lets go of the
 * branches has seen or taken the claim and then reads them and their tasks. All volatile: one sees
 * the other.
 */
final class Selection<R extends @Nullable Object> extends Frame<R> {
  private static final VarHandle OPEN;

  static {
    try {
      OPEN = MethodHandles.lookup().findVarHandle(Selection.class, "open", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Claim claim = new Claim();
  private final List<Select.Option<R>> options;
  private final @Nullable Callable<? extends R> orElse;

  /** The branch that was begun last, and in its {@link Branch#before} those before it. */
  private volatile @Nullable Branch last;

  @SuppressWarnings("FieldMayBeFinal") // through OPEN
  private volatile int open = 1;

  /** Null for as long as nothing is to be waited for. Written before this stops being counted. */
  private @Nullable Race race;

  /** Whose handler is called; this object for {@code orElse}, {@link #race} for none. */
  private volatile @Nullable Object chosen;

  Selection(List<Select.Option<R>> options, @Nullable Callable<? extends R> orElse) {
    this.options = options;
    this.orElse = orElse;
  }

  Task<R> begin(boolean fair) {
    int size = options.size();
    int first = fair && size > 1 ? draw(size) : 0;
    int next = 0;
    for (; next < size && claim.winner() == null; next++) {
      begin(options.get((first + next) % size));
    }
    if (orElse != null && claim.win(this)) {
      choose(this);
    }
    for (; next < size; next++) {
      Select.Option<R> leftOut = options.get((first + next) % size);
      if (leftOut.stage() != null) {
        begin(leftOut); // it is under way, and cancelled none the less
      }
    }
    if (open > 1) {
      Race waitsFor = new Race();
      race = waitsFor;
      if ((int) OPEN.getAndAdd(this, -1) > 1) {
        return suspendedOn(waitsFor);
      }
    }
    try {
      return Settled.value(outcome());
    } catch (Throwable error) {
      return Settled.thrown(error);
    }
  }

  private void begin(Select.Option<R> option) {
    Branch branch = new Branch(option, last);
    OPEN.getAndAdd(this, 1);
    last = branch;
    branch.begin();
  }

  @SuppressWarnings("unchecked")
  private Task<R> suspendedOn(Race waitsFor) {
    return (Task<R>) suspendOn(waitsFor, 1, null);
  }

  private static int draw(int bound) {
    AsyncExecutor executor = AsyncExecutor.current();
    return executor == null
        ? ThreadLocalRandom.current().nextInt(bound)
        : (int) Long.remainderUnsigned(executor.nextRandom(), bound);
  }

  @Override
  protected @Nullable Object resume() {
    Await.take(takeAwaited());
    try {
      return Settled.value(outcome());
    } catch (Throwable error) {
      return Settled.failure(error);
    }
  }

  @SuppressWarnings("unchecked")
  private R outcome() throws Exception {
    Object first = Objects.requireNonNull(chosen, "none has come first");
    return first == this ? Objects.requireNonNull(orElse).call() : ((Branch) first).handle();
  }

  /** Makes one the first, if none was. */
  private void choose(Object first) {
    synchronized (this) {
      if (chosen != null) {
        return;
      }
      chosen = first;
    }
    for (Branch branch = last; branch != null; branch = branch.before) {
      branch.letGo();
    }
  }

  /**
   * Counts a canceller that is about to let go of the branches. False if all have ended: with the
   * claim lost, so each has let go of its task itself.
   */
  private boolean countUnlessOver() {
    for (int now; (now = open) > 0; ) {
      if (OPEN.compareAndSet(this, now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  private void countDown() {
    if ((int) OPEN.getAndAdd(this, -1) == 1) {
      Objects.requireNonNull(race, "it is counted itself before").end();
    }
  }

  /** One of the operations. */
  private final class Branch implements Awaiter {
    private final Select.Option<R> option;
    private final @Nullable Branch before;
    private final Claim own = new Claim(claim);
    private volatile @Nullable Task<?> task;

    Branch(Select.Option<R> option, @Nullable Branch before) {
      this.option = option;
      this.before = before;
    }

    void begin() {
      Task<?> started = start();
      task = started;
      if (isBeaten()) {
        letGo();
      }
      if (!register(started, this)) {
        wake();
      }
    }

    private Task<?> start() {
      try {
        if (option.operation() != null) {
          return option.operation().start(own);
        }
        CompletionStage<?> stage = option.call() == null ? option.stage() : option.call().get();
        return Relay.contender(Objects.requireNonNull(stage, "a call of the select returned null"));
      } catch (Throwable error) {
        return Settled.failure(error);
      }
    }

    private boolean isBeaten() {
      return claim.winner() != null && !isWinner();
    }

    private boolean isWinner() {
      Object winner = claim.winner();
      return winner == own || winner == this;
    }

    /** It has ended. */
    @Override
    public void wake() {
      if (isWinner() || claim.win(this)) {
        choose(this);
      } else {
        letGo(); // it has a value perhaps
      }
      countDown();
    }

    void letGo() {
      Task<?> begunTask = task;
      if (begunTask != null && chosen != this && !isWinner()) {
        begunTask.cancel(false);
        abandon(begunTask);
      }
    }

    /** What the first one has brought reaches nobody. */
    void abandonValue() {
      Task<?> ended = task;
      if (ended != null) {
        abandon(ended);
      }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // it was begun
    R handle() throws Exception {
      Object value = Await.take((CompletableFuture<?>) task);
      return ((Select.Handler<Object, R>) option.handler()).apply(value);
    }
  }

  /** What the select waits for: that all have ended. */
  private final class Race extends Task<@Nullable Void> {
    private volatile boolean abandoned;

    /** Guarded by the selection. */
    private boolean givenBack;

    void end() {
      Object first = chosen;
      if (first == null || first == this) {
        completeExceptionally(new CancellationException("the select was cancelled"));
        return;
      }
      complete(null);
      if (abandoned) {
        giveBack();
      }
    }

    /** {@inheritDoc} Unless one of them has come first: then with that. */
    @Override
    protected boolean stop() {
      if (claim.win(this) && countUnlessOver()) {
        try {
          choose(this);
        } finally {
          countDown();
        }
      }
      return true;
    }

    @Override
    protected void onAbandoned() {
      abandoned = true;
      stop();
      if (isDone()) {
        giveBack();
      }
    }

    /**
     * Once: who abandons this and who ends it may each find that the other one was there, and not
     * every task knows that it has given its value back.
     */
    private void giveBack() {
      synchronized (Selection.this) {
        if (givenBack) {
          return;
        }
        givenBack = true;
      }
      if (chosen instanceof Selection<?>.Branch first) {
        first.abandonValue();
      }
    }
  }
}
