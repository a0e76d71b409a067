package dev.weft.frame;

import dev.weft.Task;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Completes the stack trace of an exception by the calls that await the one which has failed. A
 * thread's own stack ends where the executor polls; who waits for what is in the slots of the
 * frames, and in which line each stands is woven into them. So all of it is found when something
 * fails, and nothing is noted while all goes well.
 *
 * <pre>
 *   java.lang.IllegalStateException: sold out
 *     at shop.Stock.take(Stock.java:21)                 the Java stack, up to the poll
 *     at await//shop.Shop.reserve(Shop.java:34)         who awaits that, at which line
 *     at await//shop.Shop.order(Shop.java:52)
 *     at task 7 "order"//shop.Main.main(Main.java:12)   where the task was spawned
 * </pre>
 *
 * <p>It is done once, however many awaits an exception passes: when it leaves the first body that
 * was suspended before, or, if it comes from what is no call (a time limit, a plain future), when
 * an await throws it. A chain ends at its task, or at a call that nobody awaits yet; who comes to
 * await that later is added then. Kotlin copies the exception for this, which not every class of
 * exceptions allows, and after which it is not the one that was thrown; Python and .NET write at
 * each await, so that what many await grows without end.
 *
 * <h2>What is left alone</h2>
 *
 * <ul>
 *   <li>What has no stack trace, because its class wants none or HotSpot has left it out.
 *   <li>What looks like a constant: made while a class was initialized, or without a line; and what
 *       a body throws that was made somewhere else.
 *   <li>What several await. Whether others will come to await the same future cannot be known when
 *       the first does. So the trace of before is kept, and is put back when a second one comes.
 * </ul>
 *
 * <p>Any thread. What is known of an exception is in {@link #SEEN}, weakly; who changes that, or
 * the exception's trace, holds its monitor.
 */
final class AsyncTraces {
  /** {@code -Ddev.weft.asyncTraces=false} turns it off. */
  private static final boolean ON = !"false".equals(System.getProperty("dev.weft.asyncTraces"));

  private static final WeakIdentityMap<Throwable, Trace> SEEN = new WeakIdentityMap<>();

  /** What is known of an exception. Guarded by its monitor. */
  private static final class Trace {
    /** True when its calls are there, or it is to be left alone. */
    private boolean whole;

    /** The task at which the chain has ended; null if nobody is to be added. Weakly, see source. */
    private @Nullable WeakReference<Task<?>> end;

    /** How it was before what one of those who await a future has added. */
    private StackTraceElement @Nullable [] before;

    /** That future. Weakly: it holds the exception, by which this is found. */
    private @Nullable WeakReference<CompletableFuture<?>> source;

    /** True if an await is further out than all that is there: the end is over, or garbage. */
    private boolean isBehindEnd() {
      Task<?> task = end == null ? null : end.get();
      return end != null && (task == null || task.isFinished());
    }
  }

  private AsyncTraces() {}

  /** A frame ends with an exception that its body has thrown. By its owner, before the outcome. */
  static void leaves(Frame<?> frame, Throwable error) {
    if (ON && SEEN.get(error) == null) {
      Trace trace = traceOf(error);
      synchronized (trace) {
        if (!trace.whole) {
          trace.whole = true;
          change(error, () -> left(frame, error, trace));
        }
      }
    }
  }

  /** A frame ends as a stage has ended that its body has returned. */
  static void returned(Frame<?> frame, CompletableFuture<?> stage, Throwable error) {
    if (ON && !hasItOnTheStack(stage, error)) {
      handedOn(stage, error, frame);
    }
  }

  /** An await throws what a stage has failed with, on the stack of who awaits it. */
  static void thrown(CompletableFuture<?> stage, Throwable error) {
    if (ON && !hasItOnTheStack(stage, error)) {
      handedOn(stage, error, null);
    }
  }

  /** A call that was never suspended has failed: who awaits it is on the exception's own stack. */
  private static boolean hasItOnTheStack(CompletableFuture<?> stage, Throwable error) {
    return stage instanceof Settled.Thrown && SEEN.get(error) == null;
  }

  /**
   * A frame is about to be told something that was made for it, where it awaits. The stack has
   * nothing of the program then but the method itself, and not the line.
   */
  static void told(Frame<?> frame, Throwable error) {
    if (ON) {
      Trace trace = traceOf(error);
      synchronized (trace) {
        trace.whole = true;
        change(error, () -> finish(frame, error, new ArrayList<>(siteOf(frame)), trace));
      }
    }
  }

  private static Trace traceOf(Throwable error) {
    Trace known = SEEN.get(error);
    if (known != null) {
      return known;
    }
    SEEN.expunge();
    return SEEN.putIfAbsent(SEEN.handle(error), new Trace());
  }

  /** An exception's methods may be overridden; and its trace is worth no failure. */
  private static void change(Throwable error, Runnable change) {
    try {
      change.run();
    } catch (RuntimeException unusual) {
      traceOf(error).end = null;
    }
  }

  // ---- thrown by a body

  private static void left(Frame<?> frame, Throwable error, Trace trace) {
    StackTraceElement[] java = error.getStackTrace();
    int end = JavaFrames.endOfPoll(java);
    if (end == java.length || isConstant(java)) {
      return;
    }
    Frame<?> polled = JavaFrames.isInPollOfAnother(java, end) ? polledOr(frame) : frame;
    List<StackTraceElement> program = JavaFrames.ofProgram(java, end);
    if (program.isEmpty()) { // made by the executor, which has not called the body
      program.addAll(siteOf(frame));
    }
    // Who stood below the method when the exception was made has been suspended since, perhaps, as
    // each await does it in node mode: those are among the callers.
    int depth = program.size();
    while (depth > 0 && !AwaitSites.isOfMethod(polled, program.get(depth - 1))) {
      depth--;
    }
    if (depth > 0) { // else it was made elsewhere
      finish(polled, error, new ArrayList<>(program.subList(0, depth)), trace);
    }
  }

  private static Frame<?> polledOr(Frame<?> frame) {
    Carrier carrier = Carrier.current();
    Frame<?> polled = carrier == null ? null : carrier.polledFrame();
    return polled == null ? frame : polled;
  }

  private static List<StackTraceElement> siteOf(Frame<?> frame) {
    StackTraceElement site = frame instanceof Spawn ? null : AwaitSites.awaiting(frame);
    return site == null ? List.of() : List.of(site);
  }

  /** Adds who awaits a frame, and makes all of it the exception's trace. */
  private static void finish(
      @Nullable Frame<?> frame, Throwable error, List<StackTraceElement> elements, Trace trace) {
    Task<?> end = frame == null ? null : Callers.add(frame, elements);
    trace.end = end == null ? null : new WeakReference<>(end);
    if (!elements.isEmpty()) {
      error.setStackTrace(elements.toArray(new StackTraceElement[0]));
    }
  }

  /** True for one without a trace, and for one that was not made for who throws it. */
  private static boolean isConstant(StackTraceElement[] trace) {
    boolean hasLine = false;
    for (StackTraceElement element : trace) {
      if (element.getMethodName().equals("<clinit>")) {
        return true;
      }
      hasLine |= element.getLineNumber() > 0;
    }
    return !hasLine;
  }

  // ---- handed on by a stage

  /**
   * @param frame what ends with the stage; null if it is awaited, on the calling thread's stack
   */
  private static void handedOn(
      CompletableFuture<?> stage, Throwable error, @Nullable Frame<?> frame) {
    Trace trace = traceOf(error);
    synchronized (trace) {
      if (!trace.whole) {
        trace.whole = true;
        change(error, () -> begin(stage, error, frame, trace));
      } else if (trace.before != null && trace.source != null && trace.source.refersTo(stage)) {
        putBack(error, trace);
      } else if (trace.isBehindEnd() && !mayBeAnybodys(stage)) {
        change(error, () -> goOn(stage, error, frame, trace));
      }
    }
  }

  /** True for a future of the program's own, in which an exception may be put at any time. */
  private static boolean mayBeAnybodys(CompletableFuture<?> stage) {
    return !(stage instanceof Task) || stage.getClass() == Task.class;
  }

  private static void begin(
      CompletableFuture<?> stage, Throwable error, @Nullable Frame<?> frame, Trace trace) {
    StackTraceElement[] before = error.getStackTrace();
    if (isConstant(before)) {
      return;
    }
    trace.before = before;
    trace.source = new WeakReference<>(stage);
    int end = JavaFrames.endOfPoll(before);
    boolean isLate = stage instanceof TimeLimit<?> limit && limit.isReason(error);
    List<StackTraceElement> elements =
        isLate ? new ArrayList<>() : JavaFrames.ofProgram(before, end);
    if (frame == null || !isMadeBy(frame, elements, end < before.length)) {
      addHere(frame, elements);
    }
    finish(frame != null ? frame : polled(), error, elements, trace);
  }

  /** True if a method has made what it returns, or called who has: its line is there. */
  private static boolean isMadeBy(Frame<?> frame, List<StackTraceElement> program, boolean inPoll) {
    return inPoll
        && !program.isEmpty()
        && AwaitSites.isOfMethod(frame, program.get(program.size() - 1));
  }

  private static void goOn(
      CompletableFuture<?> stage, Throwable error, @Nullable Frame<?> frame, Trace trace) {
    StackTraceElement[] before = error.getStackTrace();
    trace.before = before;
    trace.source = new WeakReference<>(stage);
    List<StackTraceElement> elements = new ArrayList<>(List.of(before));
    addHere(frame, elements);
    finish(frame != null ? frame : polled(), error, elements, trace);
  }

  private static void putBack(Throwable error, Trace trace) {
    StackTraceElement[] before = trace.before;
    trace.before = null;
    trace.end = null;
    if (before != null) {
      change(error, () -> error.setStackTrace(before));
    }
  }

  private static @Nullable Frame<?> polled() {
    Carrier carrier = Carrier.current();
    return carrier == null ? null : carrier.polledFrame();
  }

  /** Adds where it is handed on: the line of the await, and who has called that method. */
  private static void addHere(@Nullable Frame<?> frame, List<StackTraceElement> to) {
    if (frame != null) {
      StackTraceElement site = frame instanceof Spawn ? null : AwaitSites.returning(frame);
      if (site != null) {
        to.add(site);
      }
      return;
    }
    StackTraceElement[] java = new Throwable().getStackTrace();
    List<StackTraceElement> here = JavaFrames.ofProgram(java, JavaFrames.endOfPoll(java));
    while (here.size() > 1 && JavaFrames.isLibrary(here.get(0))) {
      here.remove(0);
    }
    // What is the same was running already when the exception was made, in this very poll.
    for (int i = here.size() - 1; i > 0 && isLast(here.get(i), to); i--) {
      to.remove(to.size() - 1);
    }
    for (int i = 0; i < here.size(); i++) {
      to.add(i == 0 ? AwaitSites.awaiting(here.get(i)) : here.get(i));
    }
  }

  private static boolean isLast(StackTraceElement element, List<StackTraceElement> of) {
    return !of.isEmpty() && of.get(of.size() - 1).equals(element);
  }
}
