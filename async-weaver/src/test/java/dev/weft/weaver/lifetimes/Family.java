package dev.weft.weaver.lifetimes;

import dev.weft.Task;
import dev.weft.TaskCancelledException;
import dev.weft.weaver.lifetimes.Tree.Failure;
import dev.weft.weaver.lifetimes.Tree.Kind;
import dev.weft.weaver.lifetimes.Tree.Shape;
import dev.weft.weaver.lifetimes.Tree.Step;
import dev.weft.weaver.lifetimes.Tree.Wrap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * The children of one call, as it sees them: whether they have ended when they must have, whether
 * what comes of them is what may, and whether each message arrives once.
 */
public final class Family {
  private static final Step JOIN = new Step(Kind.JOIN, Wrap.NONE, null, 0);
  private static final Step SEND = new Step(Kind.SEND, Wrap.NONE, null, 0);
  private static final Step RECEIVE = new Step(Kind.RECEIVE, Wrap.NONE, null, 0);

  /** A message: the number of a child, and of what it has sent before. */
  public record Parcel(Call sender, int number, int value) {}

  private final Call parent;
  private final Ledger ledger;
  private final Shape shape;
  private final List<Step> steps;
  private final List<Call> children = new CopyOnWriteArrayList<>();
  private final List<Task<Integer>> tasks = new ArrayList<>();
  private final List<Task<Integer>> taken = new ArrayList<>();

  /** What was sent: the number of each child's messages of which it knows that they were. */
  private final AtomicIntegerArray sent;

  private final Map<Call, Integer> received = new HashMap<>();

  /** The parent leaves the block, in whatever way. */
  private volatile boolean left;

  /** It has left it. */
  private volatile boolean over;

  Family(Call parent, Ledger ledger) {
    this.parent = parent;
    this.ledger = ledger;
    shape = parent.tree().shape();
    steps = FamilyModel.children(parent.tree());
    sent = new AtomicIntegerArray(steps.size());
  }

  // ---- what the interpreter asks and tells

  public int size() {
    return steps.size();
  }

  /** What the parent itself awaits. */
  public List<Step> own() {
    return FamilyModel.own(parent.tree());
  }

  /** It is about to fork a child. */
  public Call forks(int number) {
    Call child = parent.forks(steps.get(number), this);
    children.add(child);
    return child;
  }

  /** It has. */
  public Task<Integer> forked(Task<Integer> task) {
    children.get(tasks.size()).known(task);
    tasks.add(task);
    return task;
  }

  /** It is about to await the end of children. */
  public <T extends @Nullable Object> Task<T> joins(Task<T> join) {
    parent.awaits(JOIN, null);
    return join;
  }

  /** A join has brought something: they have all ended. */
  public void joined() {
    parent.here();
    for (Call child : children) {
      child.mustHaveEnded(parent);
      boolean must = shape == Shape.FAIL_FAST || shape == Shape.CHANNEL;
      if (must && !child.wasCancelled() && !child.hasBroughtValue()) {
        parent.violation("was not told that " + child + " has failed");
      }
    }
  }

  /** That of the first one has. */
  public void joined(int value) {
    joined();
    for (int i = 0; i < children.size(); i++) {
      Call child = children.get(i);
      boolean ended = child.hasBroughtValue() || child.wasCancelled();
      if (ended && FamilyModel.outcome(steps.get(i)).equals(java.util.OptionalInt.of(value))) {
        return;
      }
    }
    parent.violation("got " + value + ", which no child has brought");
  }

  /** A join has failed; what the parent is to throw. */
  public RuntimeException joinFailed(Throwable error) {
    if (error instanceof TaskCancelledException) {
      parent.failed(error);
    } else {
      parent.here();
      ledger.note(parent, "hears from its children: " + error);
    }
    children.forEach(child -> child.mustHaveEnded(parent));
    boolean told = error instanceof CancellationException || error instanceof TimeoutException;
    if (error instanceof Failure failure) {
      boolean expected = steps.stream().anyMatch(child -> FamilyModel.mayFailWith(child, failure));
      if (steps.stream().noneMatch(child -> FamilyModel.mayHaveWithin(child, failure))) {
        parent.violation("got " + failure + ", which no child can fail with");
      }
      if (expected && (shape != Shape.FIRST || hasNoSuccess())) {
        return FamilyModel.failure(parent.tree());
      }
      // Those that would have brought something have been cancelled.
      told = true;
    }
    if (!told) {
      parent.violation("joins its children and gets " + error);
    }
    boolean last = shape == Shape.FIRST && !parent.mayBeCancelled();
    if (last && children.stream().anyMatch(Call::hasBroughtValue)) {
      parent.violation("gets " + error + " although a child has brought a value");
    }
    throw parent.passing(
        error instanceof Failure ? new CancellationException("of those who matter") : error);
  }

  private boolean hasNoSuccess() {
    return steps.stream().noneMatch(child -> FamilyModel.outcome(child).isPresent());
  }

  /** It is about to await a child that has ended. */
  public CompletableFuture<Integer> result(int number) {
    parent.awaits(steps.get(number), children.get(number));
    return tasks.get(number);
  }

  /** The same, of one that it was given; checks that each is given once. */
  public CompletableFuture<Integer> result(Task<Integer> task) {
    parent.here();
    int number = tasks.indexOf(task);
    if (number < 0 || taken.contains(task)) {
      parent.violation("gets a task that it has not forked, or not again: " + task);
    }
    taken.add(task);
    return result(number);
  }

  /** What counts for a child that fails; thrown on if it was cancelled. */
  public int instead(Throwable error) {
    parent.failed(error);
    if (error instanceof Failure) {
      return FamilyModel.INSTEAD;
    }
    throw parent.passing(error);
  }

  /** As {@link #instead}, of those which the parent itself has told to end. */
  public void ignored(Throwable error) {
    if (!(error instanceof TaskCancelledException)) {
      parent.failed(error);
    } else if (parent.mayBeCancelled()) {
      throw parent.passing(error);
    } else {
      parent.here(); // the child's own
    }
  }

  /** Nothing is left in the set. */
  public void taken() {
    parent.here();
    if (taken.size() != tasks.size()) {
      parent.violation("has taken out " + taken.size() + " of " + tasks.size());
    }
    joined();
  }

  /** Leaves without having joined: a child that has failed meanwhile is not its own failure. */
  public int left(int value, Throwable error) {
    ledger.note(parent, "has left its children and gets " + error);
    boolean failed =
        error instanceof Failure failure
            && steps.stream().anyMatch(child -> FamilyModel.mayHaveWithin(child, failure));
    if (parent.hasValue() && (failed || error instanceof TimeoutException)) {
      return value;
    }
    throw parent.passing(error);
  }

  // ---- messages

  /** A child is about to send something. */
  public Parcel sends(Call child, int value) {
    Parcel parcel = new Parcel(child, sent.get(children.indexOf(child)), value);
    child.awaits(SEND, null);
    return parcel;
  }

  /** It has. */
  public void sent(Call child) {
    child.here();
    sent.incrementAndGet(children.indexOf(child));
  }

  /** The parent is about to receive. */
  public <T extends @Nullable Object> CompletableFuture<T> receives(CompletableFuture<T> receive) {
    parent.awaits(RECEIVE, null);
    return receive;
  }

  /** It has. */
  public int received(Parcel parcel) {
    parent.here();
    int before = received.merge(parcel.sender(), 1, Integer::sum) - 1;
    if (parcel.number() != before) {
      parent.violation("receives " + parcel + " after " + before);
    }
    return parcel.value();
  }

  /** No child sends any more, and all that was sent is here. */
  public void drained() {
    parent.here();
    for (int i = 0; i < children.size(); i++) {
      int came = received.getOrDefault(children.get(i), 0);
      if (came != sent.get(i)) {
        parent.violation(
            "has received " + came + " of " + sent.get(i) + " that " + children.get(i) + " sent");
      }
    }
  }

  /** Fails if a child was given its outcome from outside, and so has not sent all. */
  public void whole() {
    if (children.stream().anyMatch(Call::wasCancelled)) {
      throw new CancellationException("of a child that sends");
    }
  }

  // ---- the end of the block

  /** Closed before the scope is. */
  public Leaving leaving() {
    return new Leaving();
  }

  /** Closed after the scope was. */
  public Over over() {
    return new Over();
  }

  /** The parent is about to tell all that they are to end. */
  public void leaves() {
    left = true;
  }

  /** Closed when the parent leaves the block. */
  public final class Leaving implements AutoCloseable {
    @Override
    public void close() {
      parent.here();
      ledger.note(parent, "leaves its children");
      leaves();
      parent.awaits(JOIN, null);
    }
  }

  /** Closed when it has left it. */
  public final class Over implements AutoCloseable {
    @Override
    public void close() {
      parent.here();
      over = true;
      children.forEach(child -> child.mustHaveEnded(parent));
    }
  }

  // ---- what children ask

  boolean isLeft() {
    return left;
  }

  boolean isOver() {
    return over;
  }

  /** True if the scope ends a child whatever happens: by another one that needs nobody to end. */
  boolean surelyStops(Call child) {
    for (int i = 0; i < children.size(); i++) {
      Step other = steps.get(i);
      if (children.get(i) != child && FamilyModel.endsByItself(other)) {
        boolean fails = FamilyModel.outcome(other).isEmpty();
        if (shape == Shape.FAIL_FAST ? fails : shape == Shape.ABORTED_SET && isWithoutLocks()) {
          return true;
        }
      }
    }
    return shape == Shape.LEFT && isWithoutLocks();
  }

  /** True if nothing that the parent awaits can wait for a lock that a child has. */
  private boolean isWithoutLocks() {
    return !FamilyModel.contains(parent.tree(), step -> step.kind() == Kind.LOCK);
  }

  /** True if there is a reason why the scope may end a child. */
  boolean mayStop(Call child) {
    if (left) {
      return true;
    }
    for (Call other : children) {
      boolean mayEnd =
          other.wasCancelled()
              ? FamilyModel.mayEndOthers(shape, true) || FamilyModel.mayEndOthers(shape, false)
              : other.hasEnded() && FamilyModel.mayEndOthers(shape, other.hasBroughtValue());
      if (mayEnd && other != child) {
        return true;
      }
    }
    return false;
  }
}
