package dev.weft.frame;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The awaits of one async method in words, each put together when it is first asked for: a
 * recording asks for one in each suspension. From any thread.
 */
final class AwaitNames {
  private static final ClassValue<AwaitNames> OF_CLASS =
      new ClassValue<>() {
        @Override
        protected AwaitNames computeValue(Class<?> frameClass) {
          return new AwaitNames();
        }
      };

  /** In place of null, for a frame that does not know its lines. */
  private static final String NONE = "";

  /** By state; grows. One that another thread has written meanwhile may get lost, and is remade. */
  private volatile AtomicReferenceArray<@Nullable String> sites = new AtomicReferenceArray<>(4);

  private AwaitNames() {}

  /**
   * Class, method, file and line of an await, as in a stack trace.
   *
   * @param state the await's; null for one that is none
   */
  static @Nullable String of(Frame<?> frame, int state) {
    if (state <= 0) {
      return null;
    }
    String site = OF_CLASS.get(frame.getClass()).site(frame, state);
    return site.equals(NONE) ? null : site;
  }

  private String site(Frame<?> frame, int state) {
    AtomicReferenceArray<@Nullable String> seen = sites;
    String known = state < seen.length() ? seen.get(state) : null;
    if (known != null) {
      return known;
    }
    StackTraceElement element = AwaitSites.element(frame, state);
    String site = element == null ? NONE : element.toString();
    if (state >= seen.length()) {
      AtomicReferenceArray<@Nullable String> longer = new AtomicReferenceArray<>(state * 2);
      for (int i = 0; i < seen.length(); i++) {
        longer.set(i, seen.get(i));
      }
      seen = longer;
      sites = longer;
    }
    seen.set(state, site);
    return site;
  }
}
