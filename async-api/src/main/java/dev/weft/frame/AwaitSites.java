package dev.weft.frame;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the awaits of one async method stand: the table that is woven into its frame class, read
 * once. Any thread may ask.
 */
final class AwaitSites {
  /** What is said of a line in a stack trace that no thread stands at: a call waits there. */
  private static final String AWAIT = "await";

  /** A lambda is known by the name of the method around it, which is in its own. */
  private static final String LAMBDA = "lambda$";

  private static final Map<String, String> LAMBDA_AROUND =
      Map.of("<init>", "new", "<clinit>", "static");

  /** Before the lines in a frame's table: class, method, file. */
  private static final int BEFORE_LINES = 3;

  /** By frame class, with which it goes. Filled when somebody first has a frame of that class. */
  private static final ClassValue<Holder> SITES =
      new ClassValue<>() {
        @Override
        protected Holder computeValue(Class<?> frameClass) {
          return new Holder();
        }
      };

  private static final class Holder {
    volatile @Nullable AwaitSites sites;
  }

  private final String[] table;

  /** By state, and for state 0 without a line. Made at once: their fields are not final. */
  private final StackTraceElement[] awaiting;

  /** True for a lambda: what its method is called no table says. */
  private final boolean ofLambda;

  private AwaitSites(String table, boolean ofLambda) {
    this.ofLambda = ofLambda;
    this.table = table.split("\t", -1);
    this.awaiting = new StackTraceElement[Math.max(0, this.table.length - BEFORE_LINES + 1)];
    for (int state = 0; state < awaiting.length; state++) {
      awaiting[state] = marked(AWAIT, state);
    }
  }

  private static AwaitSites of(Frame<?> frame) {
    Holder holder = SITES.get(frame.getClass());
    AwaitSites sites = holder.sites;
    if (sites == null) {
      sites =
          new AwaitSites(
              frame.awaitTable(), frame.getClass().getName().contains(JavaFrame.FRAME_OF_LAMBDA));
      holder.sites = sites;
    }
    return sites;
  }

  /**
   * The await at which a frame is suspended, or was last; null for one that is not woven. Without a
   * line if that is not known.
   */
  static @Nullable StackTraceElement element(Frame<?> frame) {
    return element(frame, frame.state);
  }

  /** The await with that state. */
  static @Nullable StackTraceElement element(Frame<?> frame, int state) {
    AwaitSites sites = of(frame);
    return sites.isWoven() ? sites.marked(null, state) : null;
  }

  /** The same, marked as a line that no thread stands at: {@code at await//shop.Shop.buy(..)}. */
  static @Nullable StackTraceElement awaiting(Frame<?> frame) {
    return awaiting(frame, frame.state);
  }

  /** The same without a line: the method ends, and has said nothing of where. */
  static @Nullable StackTraceElement returning(Frame<?> frame) {
    return awaiting(frame, 0);
  }

  /** True if {@link #awaiting} says of a frame what the Java stack of its body does. */
  static boolean isAtLine(Frame<?> frame) {
    AwaitSites sites = of(frame);
    int state = frame.state;
    return !sites.ofLambda
        && state > 0
        && state < sites.awaiting.length
        && sites.awaiting[state].getLineNumber() > 0;
  }

  private static @Nullable StackTraceElement awaiting(Frame<?> frame, int state) {
    AwaitSites sites = of(frame);
    if (!sites.isWoven()) {
      return null;
    }
    return sites.awaiting[state > 0 && state < sites.awaiting.length ? state : 0];
  }

  /**
   * True if an element of a stack trace is of the method that a frame is a call of. Of one that is
   * not woven nobody knows, and any will do.
   */
  static boolean isOfMethod(Frame<?> frame, StackTraceElement element) {
    AwaitSites sites = of(frame);
    if (!sites.isWoven()) {
      return true;
    }
    String name = element.getMethodName();
    String known = sites.table[1];
    if (!sites.table[0].equals(element.getClassName())) {
      return false;
    }
    return name.equals(known)
        || name.startsWith(LAMBDA + LAMBDA_AROUND.getOrDefault(known, known) + "$");
  }

  /** Marks a line of a method that runs, as one at which it awaits. */
  static StackTraceElement awaiting(StackTraceElement element) {
    return new StackTraceElement(
        AWAIT,
        null,
        null,
        element.getClassName(),
        element.getMethodName(),
        element.getFileName(),
        element.getLineNumber());
  }

  private boolean isWoven() {
    return table.length >= BEFORE_LINES;
  }

  private StackTraceElement marked(@Nullable String mark, int state) {
    int index = BEFORE_LINES + state - 1;
    int line = index >= BEFORE_LINES && index < table.length ? Integer.parseInt(table[index]) : 0;
    return new StackTraceElement(
        mark,
        null,
        null,
        table[0],
        table[1],
        table[2].isEmpty() ? null : table[2],
        line > 0 ? line : -1);
  }
}
