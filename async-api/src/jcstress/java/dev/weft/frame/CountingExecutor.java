package dev.weft.frame;

import dev.weft.AsyncExecutor;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** An executor that counts what is scheduled and polls nothing. */
final class CountingExecutor {
  private final AtomicInteger scheduled = new AtomicInteger();

  final AsyncExecutor executor =
      (AsyncExecutor)
          Proxy.newProxyInstance(
              AsyncExecutor.class.getClassLoader(),
              new Class<?>[] {AsyncExecutor.class},
              (proxy, method, arguments) -> {
                if (!method.getName().startsWith("schedule")) {
                  throw new UnsupportedOperationException(method.getName());
                }
                scheduled.incrementAndGet();
                return null;
              });

  int scheduled() {
    return scheduled.get();
  }
}
