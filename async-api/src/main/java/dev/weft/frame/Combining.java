package dev.weft.frame;

import dev.weft.Task;
import dev.weft.TaskCancelledException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What {@link dev.weft.Async#all}, {@code any} and {@code race} return: one task before several
 * stages, which it awaits at the same time. Each stands behind a {@link Branch}, which is an origin
 * of a cancellation as a time limit is: when the outcome is decided, the branches that are left are
 * told, and this ends when the last of them has ended.
 *
 * <pre>
 *   undecided -&gt; decided   the branch whose end decides, under the monitor; who did it tells the rest
 *   decided   -&gt; over      the last branch that ends; it publishes the outcome
 * </pre>
 *
 * A cancelled await of this asks it to {@link #stop}, as it does with any operation.
 *
 * <p>A value stays with the stage that brought it, which keeps account of it: this passes claims on
 * to it, and the values that are no part of the result are given back.
 */
final class Combining<T extends @Nullable Object> extends Task<T> implements Awaiter {
  /** The values are about to be the outcome. If they are, this is finished with that. */
  private static final int SETTLING = 1;

  /** An outcome is about to be there, and some of the values to be given back. */
  private static final int DROPPING = 2;

  private static final int OVER = 3;

  /** The same, and the outcome is somebody else's. */
  private static final int OVERRULED = 4;

  private final Until until;
  private final List<Branch> branches;

  // Guarded by this.

  private int running;
  private boolean decided;
  private boolean told;
  private @Nullable Throwable failure;

  /** Whose value this gets; in {@link Until#ALL_HAVE_VALUES} all of them, and this is null. */
  private @Nullable Branch winner;

  /**
   * Not 0 if nothing of the branches runs any more. Written before the outcome, which publishes it;
   * and OVER before the look at who awaits this, when what nobody gets is back: who awaits this may
   * ask for the next one then.
   */
  private volatile int over;

  /** Something may hang on this, and have the value without asking. */
  private volatile boolean observed;

  private Combining(Until until, CompletionStage<?>[] stages) {
    this.until = until;
    this.branches = new ArrayList<>(stages.length);
    for (CompletionStage<?> stage : stages) {
      branches.add(new Branch(this, Await.future(stage)));
    }
    running = branches.size();
  }

  static <T extends @Nullable Object> Task<List<T>> all(
      Collection<? extends CompletionStage<? extends T>> stages) {
    CompletionStage<?>[] all = stages.toArray(new CompletionStage<?>[0]); // it may be a lazy view
    Task<List<T>> ready = AllThere.of(all);
    return ready != null ? ready : new Combining<List<T>>(Until.ALL_HAVE_VALUES, all).start();
  }

  static <T extends @Nullable Object> Task<T> first(
      Until until, Collection<? extends CompletionStage<? extends T>> stages) {
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("there must be a stage to wait for");
    }
    return new Combining<T>(until, stages.toArray(new CompletionStage<?>[0])).start();
  }

  private Combining<T> start() {
    // A branch that ends at once may decide before the others have started. They are told then, and
    // find that when they park: each is started, so each ends.
    for (Branch branch : branches) {
      register(branch, this);
    }
    for (Branch branch : branches) {
      branch.start();
    }
    return this;
  }

  /** The stages, or those that have no outcome yet. From any thread. */
  List<? extends CompletableFuture<?>> stages(boolean pending) {
    return branches.stream().filter(b -> !(pending && b.hasEnded())).map(b -> b.stage).toList();
  }

  /** The stages without each of which it does not end. From any thread. */
  List<? extends CompletableFuture<?>> needed() {
    List<? extends CompletableFuture<?>> left = stages(true);
    return until == Until.ALL_HAVE_VALUES || left.size() == 1 ? left : List.of();
  }

  @Override
  protected String describeWait() {
    return until.words() + " of " + branches.size() + ", not complete: " + stages(true).size();
  }

  /** A branch has ended, and says so by itself. */
  @Override
  public void wake() {}

  private void ended(Branch branch) {
    boolean stops;
    boolean last;
    synchronized (this) {
      boolean before = decided;
      if (branch.isCompletedExceptionally()) {
        noteFailure(Await.failureOf(branch));
        decided |= until != Until.ONE_HAS_A_VALUE;
      } else if (!decided && until != Until.ALL_HAVE_VALUES) {
        winner = branch;
        decided = true;
      }
      stops = decided && !before;
      last = --running == 0;
    }
    if (last) {
      conclude();
    } else if (stops) {
      tellBranches();
    }
  }

  /** The first one counts; a failure of one that was told, only if it is more than having heard. */
  private void noteFailure(Throwable outcome) {
    Throwable cause =
        (told || decided) && outcome instanceof TaskCancelledException ? outcome.getCause() : null;
    Throwable error = cause != null ? cause : outcome; // that is how clean-up fails further in
    boolean heard = (told || decided) && error instanceof CancellationException;
    if (failure == null) {
      failure = winner == null ? error : null;
    } else if (told && failure instanceof CancellationException && !heard) {
      failure = error;
    } else if (!heard) {
      FailureGraph.add(failure, error);
    }
  }

  private void tellBranches() {
    for (Branch branch : branches) {
      branch.request();
    }
  }

  private void tellAll() {
    synchronized (this) {
      told = true;
    }
    tellBranches();
  }

  // ---- the end

  @SuppressWarnings("unchecked")
  private void conclude() {
    Throwable error;
    synchronized (this) {
      error = winner == null ? failure : null;
    }
    boolean claimed = error == null && observed;
    if (claimed && !claimWinners()) {
      claimed = false;
      error = givenBack();
    }
    Object value = null;
    if (error == null) {
      try {
        value = value();
      } catch (CancellationException other) { // given back, by another one who had it
        error = other;
      }
    }
    boolean returnsSome = error != null || until != Until.ALL_HAVE_VALUES;
    over = returnsSome ? DROPPING : SETTLING;
    boolean first = false;
    try {
      first = error == null ? settle((T) value, claimed) : decideExceptionally(error);
      if (returnsSome) {
        forgetAll(error == null ? winner() : null);
      }
    } finally {
      over = first ? OVER : OVERRULED;
      wakeAwaiters();
    }
  }

  /** Ends with the values; false if somebody has given this another outcome. */
  private boolean settle(@Nullable T value, boolean claimed) {
    if (decide(value)) {
      if (!claimed && observed) {
        onClaimed();
      }
      return true;
    }
    if (claimed) {
      unclaimWinners();
    } else {
      forgetAll(null);
    }
    return false;
  }

  private @Nullable Object value() {
    Branch one = winner();
    if (one != null) {
      return one.value();
    }
    List<@Nullable Object> values = new ArrayList<>(branches.size());
    for (Branch branch : branches) {
      values.add(branch.value());
    }
    return Collections.unmodifiableList(values);
  }

  private synchronized @Nullable Branch winner() {
    return winner;
  }

  /** Gives back the values that nobody gets. */
  private void forgetAll(@Nullable Branch but) {
    for (Branch branch : branches) {
      if (branch != but) {
        abandon(branch);
      }
    }
  }

  @Override
  public boolean isFinished() {
    int now = over;
    boolean settled = now == SETTLING && !super.isCompletedExceptionally();
    return isDone() && (settled || now == OVER || now == OVERRULED);
  }

  // ---- whose value it is

  private List<Branch> winners() {
    Branch one = winner();
    return one == null ? branches : List.of(one);
  }

  private boolean claimWinners() {
    List<Branch> winners = winners();
    for (int i = 0; i < winners.size(); i++) {
      if (!claim(winners.get(i))) {
        winners.subList(0, i).forEach(AwaitedFuture::unclaim);
        return false;
      }
    }
    return true;
  }

  private void unclaimWinners() {
    winners().forEach(AwaitedFuture::unclaim);
  }

  private boolean hasValue() {
    int now = over;
    return now != 0 && now != OVERRULED && super.isDone() && !super.isCompletedExceptionally();
  }

  @Override
  protected boolean onClaimed() {
    if (!hasValue() || claimWinners()) {
      return true;
    }
    obtrudeException(givenBack());
    return false;
  }

  @Override
  protected void onUnclaimed() {
    if (hasValue()) {
      unclaimWinners();
      seeWhatIsLeft();
    }
  }

  @Override
  protected void onAbandoned() {
    if (!cancel(false) && hasValue()) {
      forgetAll(null);
      seeWhatIsLeft();
    }
  }

  private void seeWhatIsLeft() {
    for (Branch branch : winners()) {
      if (branch.stage.isCompletedExceptionally()) {
        obtrudeException(givenBack()); // for those who come later
        return;
      }
    }
  }

  private void observe() {
    observed = true;
    if (hasValue()) {
      onClaimed();
    }
  }

  private T claimed(T value) {
    if (!onClaimed()) {
      throw givenBack();
    }
    return value;
  }

  @Override
  public T join() {
    return claimed(super.join());
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    return claimed(super.get());
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return claimed(super.get(timeout, unit));
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    observe();
    return super.newIncompleteFuture();
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    observe();
    return super.toCompletableFuture();
  }

  @Override
  public CompletionStage<T> minimalCompletionStage() {
    observe();
    return super.minimalCompletionStage();
  }

  // ---- cancelling

  @Override
  protected boolean stop() {
    tellAll();
    return true;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (!isDone() && super.cancel(mayInterruptIfRunning)) {
      tellAll();
    }
    return isCancelled();
  }

  @Override
  public boolean complete(@Nullable T value) {
    return completed(super.complete(value));
  }

  @Override
  public boolean completeExceptionally(Throwable error) {
    return completed(super.completeExceptionally(error));
  }

  private boolean completed(boolean first) {
    if (first) {
      tellAll();
    }
    return first;
  }

  /**
   * One of the stages. Whoever combines them is who awaits it, and what a canceller finds there.
   */
  private static final class Branch extends Relay<@Nullable Object> {
    private final Combining<?> owner;
    private boolean reported;

    Branch(Combining<?> owner, CompletableFuture<?> stage) {
      super(stage);
      this.owner = owner;
    }

    /** Claims nothing. */
    @SuppressWarnings("NullAway") // what getNow() is given is not used: it is complete
    @Nullable Object value() {
      return getNow(null);
    }

    @Override
    void succeed(CompletableFuture<?> outcome) {
      try {
        super.succeed(outcome); // or fails, if the value was given back
      } finally {
        report();
      }
    }

    @Override
    void fail(Throwable error) {
      super.fail(error);
      report();
    }

    private void report() {
      if (!reported) {
        reported = true;
        owner.ended(this);
      }
    }
  }
}
