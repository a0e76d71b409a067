package dev.weft.perf.recording;

import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what do the Flight Recorder's events add to a poll, to a suspension with its
 * resumption, and to a task?
 *
 * <p>{@code off} has no recording, and is to be as fast as a build without events, with as many
 * bytes: {@code awaitcost.TaskSwitch.weft} and {@code scheduler.SpawnManyLocal} of the commit
 * before are that. The others record with the settings that ship with the library and nothing of
 * the JDK's own.
 *
 * <p><b>What would change the answer:</b> deep chains of awaits, as each event goes up to its task;
 * stacks of spawns, which a recording for profiling takes: here they are some ten frames deep.
 *
 * <p><b>What it does not show:</b> what it means to a program. These are the shortest polls there
 * are, of some 40 ns, and a server's take microseconds. Nor the disk: a recording writes where the
 * JVM has its temporary files.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class RecordedSwitch {
  static final int SWITCHES = 50_000;
  static final int TASKS = 1_000;

  /** One worker, recorded or not. */
  @State(Scope.Benchmark)
  public static class RecordedWorker {
    @Param({"off", "default", "profile", "trace"})
    @SuppressWarnings("NullAway.Init") // JMH sets it
    String recording;

    final WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().build();

    private @Nullable Recording running;

    /** Starts the recording, if there is to be one. */
    @Setup(Level.Trial)
    public void start() throws IOException, ParseException {
      if (recording.equals("off")) {
        return;
      }
      String file = "/META-INF/weft/weft-" + recording + ".jfc";
      try (InputStream in =
          Objects.requireNonNull(WorkStealingExecutor.class.getResourceAsStream(file), file)) {
        Configuration settings =
            Configuration.create(new InputStreamReader(in, StandardCharsets.UTF_8));
        running = new Recording(settings);
        running.setMaxSize(64 << 20);
        running.start();
      }
    }

    /** Ends both. */
    @TearDown
    public void close() {
      if (running != null) {
        running.close();
      }
      executor.close();
    }
  }

  /** Two tasks wake each other: one operation is one of their suspensions. */
  @Benchmark
  @OperationsPerInvocation(2 * SWITCHES)
  public void switchTasks(RecordedWorker worker) throws Exception {
    worker.executor.blockOn(() -> RecordedTasks.bothSides(SWITCHES));
  }

  /** Tasks that end at once are spawned and awaited. */
  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void spawnTask(RecordedWorker worker) throws Exception {
    worker.executor.blockOn(() -> RecordedTasks.spawns(TASKS));
  }
}
