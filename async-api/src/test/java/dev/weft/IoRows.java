package dev.weft;

import dev.weft.io.AsyncProcess;
import dev.weft.io.AsyncProcessBuilder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** What is waited for with child processes. */
final class IoRows extends TimeRows {
  IoRows() {
    row(
        "AsyncProcessBuilder.killGrace(Duration)",
        time -> {
          AsyncProcess process =
              with(time, AsyncProcessBuilder::killGrace, "sleep", "1000")
                  .start()
                  .get(60, TimeUnit.SECONDS);
          process.closeAsync().get(60, TimeUnit.SECONDS);
          return process.exit().get(60, TimeUnit.SECONDS) > 128 ? "killed" : "ended";
        },
        each("killed"));
    row(
        "AsyncProcessBuilder.linger(Duration)",
        time ->
            "exit code "
                + with(time, AsyncProcessBuilder::linger, "echo")
                    .run()
                    .get(60, TimeUnit.SECONDS)
                    .exitCode(),
        each("exit code 0"));
  }

  private static AsyncProcessBuilder with(
      Time time,
      BiFunction<AsyncProcessBuilder, Duration, AsyncProcessBuilder> option,
      String... command) {
    return option.apply(AsyncProcess.of(command), time.duration());
  }
}
