package dev.weft.junit;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where woven test classes hand over what an {@link AsyncTest} has returned. The weaver calls it,
 * people do not. Of a test {@code greets} it makes these two:
 *
 * <pre>{@code
 * @AsyncTest
 * void greets(AsyncExecutor executor) { // for JUnit, which runs no method that returns something
 *   AsyncTestBody.returned(greets$async(executor));
 * }
 *
 * Task<Void> greets$async(AsyncExecutor executor) {
 *   assertThat(await(executor.spawn(() -> done("hello")))).isEqualTo("hello");
 *   return done();
 * }
 * }</pre>
 */
public final class AsyncTestBody {
  private static final ThreadLocal<@Nullable AsyncTestBody> CURRENT = new ThreadLocal<>();

  private @Nullable CompletionStage<?> stage;

  private AsyncTestBody() {}

  /**
   * Called with what the test's body has returned, on the thread that has called it.
   *
   * @throws IllegalStateException if that was not {@link AsyncTest}'s extension
   */
  public static void returned(@Nullable CompletionStage<?> stage) {
    AsyncTestBody body = CURRENT.get();
    if (body == null) {
      throw new IllegalStateException(
          "An @AsyncTest was called by something else than its extension: nobody is there to wait"
              + " for its end. Move what is to be called to a method of its own.");
    }
    if (stage == null) {
      throw new AssertionError("the test has returned null instead of a future");
    }
    body.stage = stage;
  }

  /** What may throw anything, as JUnit's invocations do. */
  interface Call {
    void run() throws Throwable;
  }

  /** Calls a test; what it has returned, or null if it returns nothing. */
  static @Nullable CompletionStage<?> stageOf(Call test) throws Throwable {
    AsyncTestBody body = new AsyncTestBody();
    CURRENT.set(body);
    try {
      test.run();
    } finally {
      CURRENT.remove();
    }
    return body.stage;
  }
}
