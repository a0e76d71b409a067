package dev.weft.frame;

import dev.weft.Task;
import dev.weft.TaskCancelledException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one exception whose stack trace {@link AsyncTraces} completes. It refers to
 * nothing that holds the exception, but weakly, since it is found by that; nor to the elements of
 * its trace, but to {@linkplain JavaFrame some that are kept anyway}: until it is noticed that an
 * exception is gone, what is known of it survives, and the collector copies all of that. Guarded by
 * its monitor, in which of the program's code only {@code getStackTrace}, {@code setStackTrace} and
 * {@code getCause} are called; {@link #hash} and {@link #next} are the table's.
 *
 * <h2>What is left alone</h2>
 *
 * <ul>
 *   <li>What has no stack trace, because its class wants none or HotSpot has left it out.
 *   <li>What looks like a constant: made while a class was initialized, or without a line; and what
 *       a body throws that was made somewhere else.
 *   <li>What is shared. Whether others will come to await the same future cannot be known when the
 *       first does. So what those who await add is taken back when a second one comes, by the same
 *       future or by another that holds the same exception, and nothing is added from then on.
 * </ul>
 *
 * <h2>Who is further out, and who is another</h2>
 *
 * While the chain's end, its task, has not ended, calls of the chain hand the exception on to each
 * other. When it has, who awaits it goes on the chain, be it through a time limit or a combinator;
 * and so does, once, who gets the exception in another way: by a stage that was derived from the
 * call, a scope, a future that the program has completed with it. Two of those are two who share
 * it.
 */
final class AsyncTrace extends WeakReference<Throwable> {
  /** What an exception may have of callers whose cause has its own: that says the rest. */
  private static final int MOST_OF_WRAPPER = 64;

  /** How far it is looked for what stands between a call and who awaits it. */
  private static final int MOST_BETWEEN = 16;

  private static final int MOST_BRANCHES = 64;

  /** How many of those who wait are looked for on the stack. */
  private static final int MOST_BELOW = 128;

  /** Its identity's, by which {@link TracedExceptions} finds it. */
  final int hash;

  /** Another one in the same place. */
  @Nullable AsyncTrace next;

  private boolean whole;
  private boolean shared;

  /** Where the chain ends; null if nobody is to be added. */
  private @Nullable WeakReference<Task<?>> end;

  /** True if it is a call on which something hung that is no await, and who waits for that. */
  private boolean endIsObserved;

  /** True when somebody was added who had the exception in a way that nobody can follow. */
  private boolean guessed;

  /** How it was before an await took it out of a future, if that is where it came from. */
  private StackTraceElement @Nullable [] original;

  /** From which futures those who await were added, the last one first. */
  private @Nullable Added added;

  /** How long the trace was before that. */
  private int lengthBefore;

  /** Of the trace as it was written last, with those who were added. */
  private int fingerprint;

  AsyncTrace(Throwable error, int hash) {
    super(error);
    this.hash = hash;
  }

  private static final class Added extends WeakReference<CompletableFuture<?>> {
    final @Nullable Added before;

    Added(CompletableFuture<?> from, @Nullable Added before) {
      super(from);
      this.before = before;
    }
  }

  // ---- the first time

  /** A body has thrown it. */
  synchronized void left(Frame<?> frame, Throwable error) {
    if (whole) {
      return;
    }
    whole = true;
    JavaFrames java = new JavaFrames(error.getStackTrace());
    if (!java.inPoll || java.isConstant) {
      return;
    }
    Frame<?> polled = java.inPollOfAnother ? polledOr(frame) : frame;
    if (java.isMadeIn(polled)) { // else it was made elsewhere
      finish(polled, error, java.program);
    }
  }

  /** It was thrown by a call before that suspended, and the frame had to suspend to get it. */
  synchronized void resumed(Frame<?> frame, Throwable error) {
    if (whole) {
      return;
    }
    whole = true;
    JavaFrames java = new JavaFrames(error.getStackTrace());
    if (java.isConstant) {
      return;
    }
    List<StackTraceElement> program = java.program;
    List<StackTraceElement> callers = new ArrayList<>(siteOf(frame));
    Task<?> last = Callers.add(frame, callers, mostCallers(error));
    List<StackTraceElement> elements = new ArrayList<>(program.subList(0, below(program, callers)));
    elements.addAll(callers);
    write(error, elements);
    endAt(last);
  }

  /**
   * Where on a Java stack the method stands that is the first of those who wait now. The outermost
   * on the stack is one of them; between that and the first are the others in between, and what
   * they have called that is no async method.
   */
  private static int below(List<StackTraceElement> stack, List<StackTraceElement> waiting) {
    for (int outermost = Math.min(waiting.size(), MOST_BELOW) - 1; outermost >= 0; outermost--) {
      int at = stack.size() - 1;
      int next = outermost;
      if (at < 0 || !isSameMethod(stack.get(at), waiting.get(next))) {
        continue;
      }
      while (next >= 0 && at >= 0) {
        if (isSameMethod(stack.get(at), waiting.get(next))) {
          next--;
        }
        at--;
      }
      if (next < 0) {
        return at + 1;
      }
    }
    return stack.size();
  }

  private static boolean isSameMethod(StackTraceElement a, StackTraceElement b) {
    return a.getClassName().equals(b.getClassName())
        && (a.getMethodName().equals(b.getMethodName())
            || a.getMethodName().startsWith("lambda$" + b.getMethodName() + "$"));
  }

  /** It was made for a frame, by who has resumed it. */
  synchronized void told(Frame<?> frame, Throwable error) {
    if (!whole) {
      whole = true;
      finish(frame, error, new ArrayList<>(siteOf(frame)));
    }
  }

  /** It was made for who awaits on the calling thread. */
  synchronized void madeHere(Throwable error) {
    if (!whole) {
      whole = true;
      List<StackTraceElement> elements = new ArrayList<>();
      addStack(elements);
      finish(polled(), error, elements);
    }
  }

  // ---- handed on by a stage

  /**
   * @param frame what ends with the stage, or is resumed by it and has it in its poll; null if that
   *     is not known: the calling thread's stack says it
   * @param awaits true if the stage is awaited, false if the frame ends with it
   */
  synchronized void handedOn(
      CompletableFuture<?> stage, Throwable error, @Nullable Frame<?> frame, boolean awaits) {
    if (!whole) {
      whole = true;
      begin(stage, error, frame, awaits);
    } else if (shared) {
      return;
    } else if (isTakenAgain(stage)) {
      share(error);
    } else if (end != null) {
      goOnOrShare(stage, error, frame, awaits);
    }
  }

  private void begin(
      CompletableFuture<?> stage, Throwable error, @Nullable Frame<?> frame, boolean awaits) {
    StackTraceElement[] before = error.getStackTrace();
    JavaFrames java = new JavaFrames(before);
    if (java.isConstant) {
      return;
    }
    original = JavaFrames.kept(before);
    guessed = true;
    // A canceller's or a timer's stack says nothing of who has waited.
    boolean isOurs =
        error instanceof TaskCancelledException
            || (stage instanceof TimeLimit<?> limit && limit.isReason(error));
    List<StackTraceElement> elements = isOurs ? new ArrayList<>() : java.program;
    added = new Added(stage, null);
    // A method that returns what it has made, or called who has: its line is there.
    boolean isThere = frame != null && !awaits && java.inPoll && !isOurs && java.isMadeIn(frame);
    if (!isThere) {
      addHere(frame, awaits, elements);
    }
    finish(frame != null ? frame : polled(), error, elements);
  }

  private void goOnOrShare(
      CompletableFuture<?> stage, Throwable error, @Nullable Frame<?> frame, boolean awaits) {
    Task<?> last = end == null ? null : end.get();
    boolean leadsToEnd = last != null && leadsTo(stage, last, MOST_BETWEEN);
    boolean over = last == null || isOver(last);
    if (!leadsToEnd && !over) {
      boolean isOfChain =
          stage instanceof Link || stage instanceof Combining || stage instanceof Settled.Thrown<?>;
      if (!isOfChain) {
        share(error); // no call of the chain hands it on in such a way
      }
      return;
    }
    if (!leadsToEnd && !endIsObserved) {
      if (guessed) {
        share(error);
        return;
      }
      guessed = true;
    }
    StackTraceElement[] before = error.getStackTrace();
    if (added == null) {
      lengthBefore = before.length;
    }
    added = new Added(leadsToEnd && last != null ? last : stage, added);
    List<StackTraceElement> elements = new ArrayList<>(Arrays.asList(before));
    addHere(frame, awaits, elements);
    finish(frame != null ? frame : polled(), error, elements);
  }

  /** Not {@code isDone()}, which would have a relay that rests begin again. */
  private static boolean isOver(Task<?> task) {
    return task instanceof Link<?> link ? link.hasEnded() : task.isFinished();
  }

  /** True if a second one takes it out of where one has taken it before. */
  private boolean isTakenAgain(CompletableFuture<?> stage) {
    for (Added one = added; one != null; one = one.before) {
      CompletableFuture<?> from = one.get();
      if (from != null && leadsTo(stage, from, MOST_BETWEEN)) {
        return true;
      }
    }
    return false;
  }

  /** True if a stage has the outcome of another, or of several of which that is one. */
  private static boolean leadsTo(CompletableFuture<?> stage, CompletableFuture<?> to, int steps) {
    CompletableFuture<?> at = stage;
    for (int left = steps; left > 0; left--) {
      if (at == to) {
        return true;
      }
      if (at instanceof Combining<?> combining) {
        int within = left - 1;
        return combining.stages(false).stream()
            .limit(MOST_BRANCHES)
            .anyMatch(branch -> leadsTo(branch, to, within));
      }
      if (!(at instanceof Relay<?> relay)) {
        return false;
      }
      at = relay.stage;
    }
    return false;
  }

  /** Several have it: what was added of one is not the others'. */
  private void share(Throwable error) {
    shared = true;
    end = null;
    if (added == null) {
      return; // nothing to take back
    }
    StackTraceElement[] last = error.getStackTrace();
    if (fingerprint(last) != fingerprint || last.length < lengthBefore) {
      return; // the program has written another one
    }
    error.setStackTrace(original != null ? original : Arrays.copyOf(last, lengthBefore));
  }

  // ---- the lines

  private static Frame<?> polledOr(Frame<?> frame) {
    Frame<?> polled = polled();
    return polled == null ? frame : polled;
  }

  private static @Nullable Frame<?> polled() {
    Carrier carrier = Carrier.current();
    return carrier == null ? null : carrier.polledFrame();
  }

  private static List<StackTraceElement> siteOf(Frame<?> frame) {
    StackTraceElement site = frame instanceof Spawn ? null : AwaitSites.awaiting(frame);
    return site == null ? List.of() : List.of(site);
  }

  /** Adds who awaits a frame, and makes all of it the exception's trace. */
  private void finish(@Nullable Frame<?> frame, Throwable error, List<StackTraceElement> elements) {
    Task<?> last =
        frame == null
            ? null
            : Callers.add(
                frame, elements, Math.min(Callers.MOST, elements.size() + mostCallers(error)));
    if (!elements.isEmpty()) {
      write(error, elements);
    }
    endAt(last);
  }

  /**
   * Fewer for one whose cause has its own: a chain in which each call wraps what the next inner one
   * has thrown would have as many lines as the square of its length.
   */
  private static int mostCallers(Throwable error) {
    Throwable cause = error.getCause();
    return cause != null && cause != error && AsyncTraces.isSeen(cause)
        ? MOST_OF_WRAPPER
        : Callers.MOST;
  }

  private void write(Throwable error, List<StackTraceElement> elements) {
    StackTraceElement[] trace = elements.toArray(new StackTraceElement[0]);
    error.setStackTrace(trace);
    if (added != null) {
      fingerprint = fingerprint(trace);
    }
  }

  /** By which a trace is known again, without being kept. */
  private static int fingerprint(StackTraceElement[] trace) {
    int hash = trace.length;
    for (StackTraceElement element : trace) {
      hash = hash * 31 + element.getClassName().hashCode();
      hash = hash * 31 + element.getMethodName().hashCode();
      hash = hash * 31 + element.getLineNumber();
    }
    return hash;
  }

  private void endAt(@Nullable Task<?> last) {
    end = last == null ? null : new WeakReference<>(last);
    endIsObserved = last != null && !(last instanceof Spawn) && last.getNumberOfDependents() > 0;
  }

  /** Adds where it is handed on: the line of the await, and who has called that method. */
  private static void addHere(
      @Nullable Frame<?> frame, boolean awaits, List<StackTraceElement> to) {
    if (frame == null) {
      addStack(to);
      return;
    }
    StackTraceElement site =
        frame instanceof Spawn
            ? null
            : awaits ? AwaitSites.awaiting(frame) : AwaitSites.returning(frame);
    if (site != null) {
      to.add(site);
    }
  }

  /**
   * Adds the same from the calling thread's stack. All of that is read, though it ends at the poll
   * for us: a {@code StackWalker} could stop there, but takes 1 us to begin and for each frame more
   * than this (0.13 and 0.12 us, and 0.29 with its line; JDK 17).
   */
  private static void addStack(List<StackTraceElement> to) {
    List<StackTraceElement> program = new JavaFrames(new Throwable().getStackTrace()).program;
    int first = 0;
    while (first < program.size() - 1 && JavaFrame.of(program.get(first)).isLibrary) {
      first++;
    }
    List<StackTraceElement> here = program.subList(first, program.size());
    // What is the same was running already when the exception was made, in this very poll.
    for (int i = here.size() - 1; i > 0 && isLast(here.get(i), to); i--) {
      to.remove(to.size() - 1);
    }
    if (!here.isEmpty()) {
      here.set(0, JavaFrame.of(here.get(0)).awaiting);
      to.addAll(here);
    }
  }

  private static boolean isLast(StackTraceElement element, List<StackTraceElement> of) {
    return !of.isEmpty() && of.get(of.size() - 1).equals(element);
  }
}
