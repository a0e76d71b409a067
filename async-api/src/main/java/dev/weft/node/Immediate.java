package dev.weft.node;

/**
 * What {@code setImmediate} returns. All methods are for the loop's thread, and throw {@link
 * IllegalStateException} elsewhere.
 *
 * <pre>{@code
 * NodeExecutor node = NodeExecutor.current();
 * Immediate repaint = node.setImmediate(() -> System.out.println("painted"));
 * node.clearImmediate(repaint); // nothing is painted
 * }</pre>
 */
public interface Immediate {
  /** Lets it keep the loop alive, and from waiting, which it does from the start. */
  Immediate ref();

  /** Lets the loop wait, or end, although this immediate has not run. */
  Immediate unref();

  /** Whether it keeps the loop alive. */
  boolean hasRef();

  /** Sees to it that the callback does not run. Does nothing if it did or does. */
  void clear();
}
