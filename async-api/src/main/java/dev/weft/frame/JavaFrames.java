package dev.weft.frame;

import dev.weft.Task;
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
  /** Between a woven class and the method, in the name of a frame class. */
  private static final String FRAME_INFIX = "$weft$";

  /** Before the name that the method has in the source, in that of its continuation. */
  private static final String CONTINUATION = "lambda$async$";

  private static final String LAMBDA = "lambda$";

  private static final String POLLING = Polling.class.getName();
  private static final String OURS = Polling.class.getPackageName() + ".";
  private static final String RUN_TIME = "dev.weft.";

  /** The rooms of what polls, and of what runs timers and callbacks. */
  private static final String[] EXECUTORS = {
    RUN_TIME + "scheduler.", RUN_TIME + "node.", RUN_TIME + "context.", RUN_TIME + "adapter."
  };

  private static final String TASK = Task.class.getName();
  private static final String POLL = "poll";
  private static final String GO_ON = "goOn";
  private static final String JDK = "java.";

  private JavaFrames() {}

  /** Where the poll begins in which a trace was taken; its length if it was in none. */
  static int endOfPoll(StackTraceElement[] trace) {
    for (int i = 0; i < trace.length; i++) {
      if (trace[i].getMethodName().equals(POLL) && trace[i].getClassName().equals(POLLING)) {
        return i;
      }
    }
    return trace.length;
  }

  /** True if the poll is not that of the frame that runs innermost, but has resumed it. */
  static boolean isInPollOfAnother(StackTraceElement[] trace, int end) {
    for (int i = 0; i < end; i++) {
      if (trace[i].getMethodName().equals(GO_ON) && trace[i].getClassName().equals(POLLING)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The elements of the program.
   *
   * @param end see {@link #endOfPoll}
   */
  static List<StackTraceElement> ofProgram(StackTraceElement[] trace, int end) {
    List<StackTraceElement> kept = new ArrayList<>(end);
    int to = end == trace.length ? withoutThread(trace) : end;
    @Nullable StackTraceElement inner = null;
    for (int i = 0; i < to; i++) {
      StackTraceElement element = trace[i];
      if (!isOfProgram(element) || (inner != null && isStubOf(inner, element))) {
        continue;
      }
      kept.add(named(element));
      inner = element;
    }
    return kept;
  }

  /**
   * Up to where the trace is not just what the JDK and an executor run a thread with: outside of a
   * poll an executor has timers, callbacks, blocking calls.
   */
  private static int withoutThread(StackTraceElement[] trace) {
    int executor = trace.length;
    for (int i = trace.length - 1; i >= 0; i--) {
      String owner = trace[i].getClassName();
      if (isExecutor(owner)) {
        executor = i;
      } else if (!owner.startsWith(JDK)) {
        break;
      }
    }
    return executor;
  }

  private static boolean isOfProgram(StackTraceElement element) {
    String owner = element.getClassName();
    if (owner.startsWith(OURS) || isExecutor(owner)) {
      return false;
    }
    return !(owner.contains(FRAME_INFIX)
        && (element.getMethodName().equals("resume") || element.getMethodName().equals("suspend")));
  }

  /** True for what a program calls to await something else: {@code Async.all} and its kind. */
  static boolean isLibrary(StackTraceElement element) {
    String owner = element.getClassName();
    return owner.startsWith(RUN_TIME) && owner.indexOf('.', RUN_TIME.length()) < 0;
  }

  private static boolean isExecutor(String owner) {
    if (!owner.startsWith(RUN_TIME)) {
      return false;
    }
    if (owner.equals(TASK)) {
      return true; // is completed by them
    }
    for (String room : EXECUTORS) {
      if (owner.startsWith(room)) {
        return true;
      }
    }
    return false;
  }

  /** True for the method under the old name that does no more than call the continuation. */
  private static boolean isStubOf(StackTraceElement inner, StackTraceElement outer) {
    return outer.getLineNumber() < 0
        && inner.getMethodName().startsWith(CONTINUATION)
        && inner.getClassName().equals(outer.getClassName())
        && nameOf(inner).equals(outer.getMethodName());
  }

  /** As it is in the source. */
  private static StackTraceElement named(StackTraceElement element) {
    if (!element.getMethodName().startsWith(CONTINUATION)) {
      return element;
    }
    return new StackTraceElement(
        null,
        element.getModuleName(),
        element.getModuleVersion(),
        element.getClassName(),
        nameOf(element),
        element.getFileName(),
        element.getLineNumber());
  }

  /**
   * The name of the method whose continuation an element is of. The weaver keeps continuations
   * apart: by their class, where another class may have one of the same name, and by a number,
   * where the method is overloaded.
   */
  private static String nameOf(StackTraceElement element) {
    String name = element.getMethodName().substring(CONTINUATION.length());
    String owner = element.getClassName();
    String ofClass = "$" + owner.substring(owner.lastIndexOf('.') + 1);
    if (name.endsWith(ofClass)) {
      name = name.substring(0, name.length() - ofClass.length());
    }
    int dollar = name.lastIndexOf('$');
    boolean numbered =
        dollar > 0
            && dollar + 1 < name.length()
            && !name.startsWith(LAMBDA)
            && name.chars().skip(dollar + 1L).allMatch(Character::isDigit);
    return numbered ? name.substring(0, dollar) : name;
  }
}
