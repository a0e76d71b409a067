package dev.weft.frame;

import dev.weft.AsyncExecutor;
import java.lang.reflect.Proxy;
import java.util.Objects;

/** An executor that polls a frame as soon as it is woken, on the thread that wakes it. */
public final class AtOnce {
  private static final AsyncExecutor EXECUTOR =
      (AsyncExecutor)
          Proxy.newProxyInstance(
              AsyncExecutor.class.getClassLoader(),
              new Class<?>[] {AsyncExecutor.class},
              (proxy, method, arguments) -> {
                switch (method.getName()) {
                  case "schedule", "scheduleYielded" -> ((Frame<?>) arguments[0]).run();
                  case "contextClassLoader", "detached", "attached" -> {}
                  default -> throw new UnsupportedOperationException(method.getName());
                }
                return null;
              });

  private AtOnce() {}

  /** Has a frame that was suspended outside any executor run by this one from now on. */
  public static void adopt(Frame<?> frame) {
    Objects.requireNonNull(frame.executor).attached(frame);
    frame.executor = EXECUTOR;
  }
}
