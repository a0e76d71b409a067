package dev.weft.frame;

import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/**
 * What one element of a Java stack trace is: the program's, the executor's, the beginning of a
 * poll. That is told by its names. To look at those takes as long as the JVM takes to make the
 * element, and most exceptions come from where others have come from, so what was found is kept.
 */
final class JavaFrame {
  /** Between a woven class and the method, in the name of a frame class. */
  private static final String FRAME_INFIX = "$weft$";

  /** Before the name that the method has in the source, in that of its continuation. */
  private static final String CONTINUATION = "lambda$async$";

  private static final String LAMBDA = "lambda$";

  /** In the name of a frame class, if the method is a lambda's. */
  static final String FRAME_OF_LAMBDA = FRAME_INFIX + LAMBDA;

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

  /** How many are kept: some 1 MB when all are in use. Guessed. */
  private static final int KEPT_BITS = 12;

  /**
   * By a hash of the element; who comes later takes the place. Elements of exceptions have names
   * and no classes, so nothing is kept from being unloaded. Plain: an entry that another thread has
   * written a moment ago may be missed, and is made again; one that is seen is whole, as its fields
   * are final, and so is what they refer to, which was made before.
   */
  private static final @Nullable JavaFrame[] KEPT = new JavaFrame[1 << KEPT_BITS];

  /** An equal one may be another object, which matters to nobody but for memory. */
  final StackTraceElement element;

  /** With the name that the method has in the source; null if it is none of the program's. */
  final @Nullable StackTraceElement inProgram;

  /** As a line at which the method awaits. */
  final StackTraceElement awaiting;

  final boolean beginsPoll;

  /** Where a frame is resumed in the midst of another one's poll. */
  final boolean goesOn;

  final boolean initializesClass;
  final boolean hasLine;
  final boolean isExecutor;
  final boolean isJdk;

  /** True for what a program calls to await something else: {@code Async.all} and its kind. */
  final boolean isLibrary;

  /** True if the method has another name in the source. */
  final boolean isContinuation;

  private JavaFrame(StackTraceElement element) {
    String owner = element.getClassName();
    String method = element.getMethodName();
    this.element = element;
    isContinuation = method.startsWith(CONTINUATION);
    isExecutor = isExecutor(owner);
    isJdk = owner.startsWith(JDK);
    isLibrary = owner.startsWith(RUN_TIME) && owner.indexOf('.', RUN_TIME.length()) < 0;
    beginsPoll = method.equals(POLL) && owner.equals(POLLING);
    goesOn = method.equals(GO_ON) && owner.equals(POLLING);
    initializesClass = method.equals("<clinit>");
    hasLine = element.getLineNumber() > 0;
    boolean isWoven =
        owner.contains(FRAME_INFIX) && (method.equals("resume") || method.equals("suspend"));
    boolean isOurs = owner.startsWith(OURS) || isExecutor || isWoven;
    inProgram = isOurs ? null : isContinuation ? named(element) : element;
    awaiting = AwaitSites.awaiting(element);
  }

  /**
   * Of one that the JVM has made of another thread's stack: before JDK 21 it refers to the class,
   * which is not to be kept.
   */
  static JavaFrame ofThread(StackTraceElement element) {
    return new JavaFrame(element);
  }

  /** Of an exception's trace. */
  static JavaFrame of(StackTraceElement element) {
    int hash =
        (element.getClassName().hashCode() * 31 + element.getMethodName().hashCode()) * 31
            + element.getLineNumber();
    // Fibonacci hashing: lines of one method differ in the last bits alone.
    int place = hash * 0x9E3779B9 >>> Integer.SIZE - KEPT_BITS;
    JavaFrame known = KEPT[place];
    if (known != null && known.element.equals(element)) {
      return known;
    }
    JavaFrame made = new JavaFrame(element);
    KEPT[place] = made;
    return made;
  }

  /**
   * True for the method under the old name that does no more than call the continuation, or the
   * entry that has the code: it has no line.
   */
  boolean isStubOf(JavaFrame inner) {
    return (inner.isContinuation || inner.hasLine)
        && inner.inProgram != null
        && element.getLineNumber() < 0
        && !element.isNativeMethod()
        && inner.inProgram.getClassName().equals(element.getClassName())
        && inner.inProgram.getMethodName().equals(element.getMethodName());
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

  /** As it is in the source. */
  private static StackTraceElement named(StackTraceElement element) {
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
