package dev.weft;

import dev.weft.frame.Await;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What happens at an {@code await} that no weaver has seen. */
final class Unwoven {
  static final boolean MAY_BLOCK = "block".equals(System.getProperty("weft.await.unwoven"));

  private Unwoven() {}

  static IllegalStateException refusal() {
    String caller =
        StackWalker.getInstance()
            .walk(frames -> frames.skip(2).findFirst())
            .map(StackWalker.StackFrame::toStackTraceElement)
            .map(StackTraceElement::toString)
            .orElse("a native caller");
    return new IllegalStateException(
        "await in a method that was not woven: "
            + caller
            + ". Weave the class at build time with async-weaver's Maven plugin (goal weave), or"
            + " run with -javaagent:async-weaver-agent.jar; if one of them did see the class, its"
            + " log says why it refused this method.");
  }

  /** The stage's future, after the calling thread has waited for it. */
  static <T extends @Nullable Object> CompletableFuture<T> joined(CompletionStage<T> stage) {
    CompletableFuture<T> future = Await.future(stage);
    future.handle((value, error) -> null).join();
    return future;
  }
}
