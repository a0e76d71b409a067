package dev.weft.frame;

import dev.weft.AsyncExecutor;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** An executor that counts what is scheduled, and what is detached, and polls nothing. */
final class CountingExecutor {
  final DetachedCalls detached = new DetachedCalls();
  private final AtomicInteger scheduled = new AtomicInteger();

  final AsyncExecutor executor =
      (AsyncExecutor)
          Proxy.newProxyInstance(
              AsyncExecutor.class.getClassLoader(),
              new Class<?>[] {AsyncExecutor.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("contextClassLoader")) {
                  return null;
                }
                Frame<?> frame = (Frame<?>) arguments[0];
                switch (method.getName()) {
                  case "schedule", "scheduleYielded" -> schedule(frame);
                  case "detached" -> detached.add(frame);
                  case "attached" -> detached.remove(frame);
                  default -> throw new UnsupportedOperationException(method.getName());
                }
                return null;
              });

  private void schedule(Frame<?> frame) {
    scheduled.incrementAndGet();
    if (frame instanceof Call call) {
      call.woken();
    }
  }

  int scheduled() {
    return scheduled.get();
  }
}
