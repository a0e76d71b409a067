package dev.weft.frame;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a Java stack trace has of the program: without the executor that polls, without what weaving
 * has put between a method and its caller, and with the names that the methods have in the source.
 *
 * <pre>
 *   shop.Shop.lambda$async$buy(Shop.java:31)     -&gt;  shop.Shop.buy(Shop.java:31)
 *   shop.Shop$weft$buy.resume(Unknown Source)    -&gt;  nothing
 *   dev.weft.frame.Polling.poll(Polling.java:90) -&gt;  the end, and all that is below it too
 * </pre>
 */
final class JavaFrames {
  /** Room for those who are added, so that the list need not grow. Guessed. */
  private static final int CALLERS = 16;

  /** The innermost first. Whoever reads the trace may change it. */
  final List<StackTraceElement> program;

  /** True if it was taken in a poll. */
  final boolean inPoll;

  /** True if the poll is not that of the frame that runs innermost, but has resumed it. */
  final boolean inPollOfAnother;

  /** True for one without a trace, and for one that was not made for who throws it. */
  final boolean isConstant;

  /** Reads an exception's trace. */
  JavaFrames(StackTraceElement[] trace) {
    this(trace, false);
  }

  /**
   * Reads a trace.
   *
   * @param ofThread true for one that {@link Thread#getStackTrace} has made
   */
  JavaFrames(StackTraceElement[] trace, boolean ofThread) {
    List<StackTraceElement> kept = new ArrayList<>(trace.length + CALLERS);
    boolean poll = false;
    boolean another = false;
    boolean initializes = false;
    boolean hasLine = false;
    int beforeExecutor = -1; // how many there were, if all that has come since runs a thread
    @Nullable JavaFrame inner = null;
    for (StackTraceElement element : trace) {
      JavaFrame frame = ofThread ? JavaFrame.ofThread(element) : JavaFrame.of(element);
      if (frame.beginsPoll) {
        poll = true;
        break;
      }
      another |= frame.goesOn;
      initializes |= frame.initializesClass;
      hasLine |= frame.hasLine;
      if (!frame.isExecutor && !frame.isJdk) {
        beforeExecutor = -1;
      } else if (frame.isExecutor && beforeExecutor < 0) {
        beforeExecutor = kept.size();
      }
      StackTraceElement named = frame.inProgram;
      if (named != null && !(inner != null && frame.isStubOf(inner))) {
        kept.add(frame.isContinuation ? named : element);
        inner = frame;
      }
    }
    // Outside of a poll an executor has timers, callbacks, blocking calls: what it and the JDK run
    // a thread with goes too.
    if (!poll && beforeExecutor >= 0) {
      kept.subList(beforeExecutor, kept.size()).clear();
    }
    program = kept;
    inPoll = poll;
    inPollOfAnother = another;
    isConstant = initializes || !hasLine;
  }

  /** True if the method that a frame is a call of is the outermost one. */
  boolean isMadeIn(Frame<?> frame) {
    return !program.isEmpty() && AwaitSites.isOfMethod(frame, program.get(program.size() - 1));
  }

  /**
   * The same trace, of elements that are kept anyway; the array too, if it is like the last one
   * that was asked for.
   */
  @SuppressWarnings("ReferenceEquality") // equal ones that are kept are mostly the same
  static StackTraceElement[] kept(StackTraceElement[] trace) {
    StackTraceElement[] kept = new StackTraceElement[trace.length];
    Last last = Last.kept;
    boolean same = last != null && last.trace.length == trace.length;
    for (int i = 0; i < trace.length; i++) {
      kept[i] = JavaFrame.of(trace[i]).element;
      same = same && last != null && last.trace[i] == kept[i];
    }
    if (last != null && same) {
      return last.trace;
    }
    Last.kept = new Last(kept);
    return kept;
  }

  /** Nobody writes to it. */
  private static final class Last {
    /** Plain: a thread that misses another one's makes its own; one that is seen is whole. */
    private static @Nullable Last kept;

    private final StackTraceElement[] trace;

    Last(StackTraceElement[] trace) {
      this.trace = trace;
    }
  }
}
