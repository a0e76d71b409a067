package dev.weft.select;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Awaiter;
import dev.weft.frame.Frame;
import dev.weft.frame.Relay;
import dev.weft.frame.Settled;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
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
 * {@link #open} counts the branches that were begun and have not ended, and one more for the thread
 * that begins them. Whoever counts it down to 0 ends the race. So all have ended, and nothing of a
 * call runs beside the handler.
 *
 * <p>Who begins a branch writes its task and then looks at the claim; who lets go of the branches
 * has seen or taken the claim and then reads their tasks. All volatile: one sees the other.
 */
final class Selection<R extends @Nullable Object> extends Frame<R> {
  private final Claim claim = new Claim();
  private final List<Branch> branches;
  private final @Nullable Callable<? extends R> orElse;
  private final AtomicInteger open = new AtomicInteger(1);
  private final Race race = new Race();

  /** Whose handler is called; this object for {@code orElse}, {@link #race} for none. */
  private volatile @Nullable Object chosen;

  Selection(List<Select.Option<R>> options, @Nullable Callable<? extends R> orElse) {
    this.branches = options.stream().map(Branch::new).toList();
    this.orElse = orElse;
  }

  Task<R> begin(boolean fair) {
    int size = branches.size();
    int first = fair && size > 1 ? draw(size) : 0;
    for (int i = 0; i < size && claim.winner() == null; i++) {
      branches.get((first + i) % size).begin();
    }
    if (orElse != null && claim.win(this)) {
      choose(this);
    }
    branches.forEach(Branch::leaveOut);
    if (open.decrementAndGet() > 0) {
      return suspended();
    }
    try {
      return Settled.value(outcome());
    } catch (Throwable error) {
      return Settled.thrown(error);
    }
  }

  @SuppressWarnings("unchecked")
  private Task<R> suspended() {
    return (Task<R>) suspendOn(race, 1, null);
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
    branches.forEach(Branch::letGo);
  }

  private void countDown() {
    if (open.decrementAndGet() > 0) {
      return;
    }
    race.end();
  }

  /** One of the operations. */
  private final class Branch implements Awaiter {
    private final Select.Option<R> option;
    private final Claim own = new Claim(claim);
    private boolean begun;
    private volatile @Nullable Task<?> task;

    Branch(Select.Option<R> option) {
      this.option = option;
    }

    void begin() {
      begun = true;
      open.incrementAndGet();
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

    /** Not to be begun. What is under way is cancelled none the less. */
    void leaveOut() {
      if (!begun && option.stage() != null) {
        begin();
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
      if (claim.win(this)) {
        choose(this);
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

    private void giveBack() {
      if (chosen instanceof Selection<?>.Branch first) {
        first.abandonValue();
      }
    }
  }
}
