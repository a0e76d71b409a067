package dev.weft.io;

import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import java.util.concurrent.CompletableFuture;

/**
 * A program from its start to its end. A frame, as the weaver would make it of {@code return
 * await(builder.start()).output(input)}.
 */
final class ProcessRun extends Frame<ProcessOutput> {
  private static final int STARTING = 1;

  private final AsyncProcessBuilder builder;
  private final byte[] input;

  ProcessRun(AsyncProcessBuilder builder, byte[] input) {
    this.builder = builder;
    this.input = input;
  }

  @SuppressWarnings("unchecked")
  Task<ProcessOutput> begin() {
    try {
      Object outcome = resume();
      return outcome == SUSPENDED ? this : (Task<ProcessOutput>) outcome;
    } catch (Throwable error) {
      return Settled.thrown(error);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  protected Object resume() {
    CompletableFuture<?> started = state == 0 ? builder.start() : takeAwaited();
    if (state == 0 && !Await.isReady(started)) {
      park(started, STARTING);
      return SUSPENDED;
    }
    return Await.take((CompletableFuture<AsyncProcess>) started).output(input);
  }
}
