package dev.weft.io;

import static dev.weft.io.Machine.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.TaskCancelledException;
import dev.weft.frame.Await;
import dev.weft.frame.Awaits;
import dev.weft.frame.HandWritten;
import dev.weft.stream.AsyncStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that are ended: by whom, how, and that nothing of them is left. */
@Timeout(600)
@ParameterizedClass
@EnumSource
class ProcessKillTest {
  private static final Duration FOREVER = Duration.ofDays(1);
  private final AsyncExecutor executor;
  private final int pipes = Machine.descriptors("pipe:").size();

  ProcessKillTest(Machine machine) {
    executor = machine.executor();
  }

  @AfterEach
  void nothingIsLeft() {
    executor.close();
    nobodyRuns();
    Machine.until("pipes", () -> Machine.descriptors("pipe:").size() <= pipes);
  }

  private static void nobodyRuns() {
    Machine.until("children", () -> ProcessHandle.current().children().findAny().isEmpty());
  }

  private AsyncProcess shell(AsyncProcessBuilder builder) throws Exception {
    return run(executor, builder::start);
  }

  private static AsyncProcessBuilder script(String script) {
    return AsyncProcess.of("sh", "-c", script);
  }

  @Test
  void whoAwaitsItsExitAndIsCancelledGoesOnWhenItIsGone() throws Exception {
    AsyncProcess process = shell(AsyncProcess.of("sleep", "1000").killGrace(FOREVER));
    Task<Object> method =
        Machine.method(
            executor,
            (self, state, awaited) -> {
              if (state == 0) {
                return self.await(process.exit(), 1);
              }
              assertThat(process.isAlive()).isFalse();
              return Async.done(Await.take(awaited));
            });
    method.cancel(true);
    Machine.finished(method);
    assertThat(run(executor, process::exit)).as("by TERM").isEqualTo(128 + 15);
  }

  @Test
  void theTaskOfTheExitIsFinishedWhenItIsGone() throws Exception {
    AsyncProcess process = shell(AsyncProcess.of("sleep", "1000"));
    Task<Integer> exit = process.exit();
    Task<Integer> other = process.exit();
    exit.cancel(true);
    assertThat(exit.isCancelled()).isTrue();
    Machine.finished(exit);
    assertThat(process.isAlive()).isFalse();
    assertThat(Machine.get(other)).isEqualTo(128 + 15);
    assertThatThrownBy(() -> exit.get(1, TimeUnit.MINUTES))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void aTimeLimitKills() throws Exception {
    AsyncProcess process = shell(AsyncProcess.of("sleep", "1000"));
    assertThatThrownBy(
            () -> run(executor, () -> Async.timeout(Duration.ofMillis(1), process.exit())))
        .isInstanceOf(java.util.concurrent.TimeoutException.class);
    assertThat(process.isAlive()).isFalse();
    Task<Integer> late =
        (Task<Integer>)
            shell(AsyncProcess.of("sleep", "1000")).exit().orTimeout(1, TimeUnit.MILLISECONDS);
    Machine.finished(late);
  }

  /** KILL for what the shell has just forked: it loses a TERM until it has given its traps up. */
  @Test
  void itMayCleanUpAndWhatItWritesThenIsRead() throws Exception {
    AsyncProcess process =
        shell(
            script("trap 'echo bye; kill -9 $!; exit 7' TERM; sleep 1000 & echo ready; wait")
                .killGrace(FOREVER));
    AsyncStream<String> lines = process.stdoutLines();
    assertThat(run(executor, lines::next)).isEqualTo("ready");
    Task<Integer> exit = process.exit();
    exit.cancel(true);
    assertThat(run(executor, () -> lines.collect(Collectors.toList()))).containsExactly("bye");
    assertThat(run(executor, process::exit)).isEqualTo(7);
  }

  @Test
  void oneThatDoesNotEndIsKilled() throws Exception {
    AsyncProcess process =
        shell(
            script("trap '' TERM; echo ready; while :; do sleep 0.01; done")
                .killGrace(Duration.ofMillis(1)));
    AsyncStream<String> lines = process.stdoutLines();
    assertThat(run(executor, lines::next)).isEqualTo("ready");
    run(executor, process::closeAsync);
    assertThat(run(executor, process::exit)).isEqualTo(128 + 9);
  }

  @Test
  void noGraceIsKilledAtOnce() throws Exception {
    AsyncProcess process =
        shell(script("trap 'exit 7' TERM; echo ready; read x").killGrace(Duration.ZERO));
    AsyncStream<String> lines = process.stdoutLines();
    assertThat(run(executor, lines::next)).isEqualTo("ready");
    run(executor, process::closeAsync);
    assertThat(run(executor, process::exit)).isEqualTo(128 + 9);
  }

  @Test
  void descendantsAreKilledIfThatIsSaid() throws Exception {
    AsyncProcess process =
        shell(
            script("sleep 1000 & echo $!; (trap '' TERM; sleep 1000) & echo $!; wait")
                .killDescendants(true)
                .killGrace(Duration.ofMillis(1)));
    AsyncStream<String> lines = process.stdoutLines();
    String first = run(executor, lines::next);
    String second = run(executor, lines::next);
    run(executor, process::closeAsync);
    for (String pid : new String[] {first, second}) {
      Machine.until("the end of " + pid, () -> isGone(pid));
    }
  }

  /** Nothing there, or a zombie, which is its init's. */
  private static boolean isGone(String pid) {
    try {
      String stat = Files.readString(Path.of("/proc", pid, "stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
    } catch (IOException gone) {
      return true;
    }
  }

  @Test
  void aCancelledStartLeavesNoProcess() throws Exception {
    for (int i = 0; i < 20; i++) {
      Task<AsyncProcess> starting =
          Machine.started(executor, () -> AsyncProcess.start("sleep", "1000"));
      for (int spin = i * i * 1000; spin > 0; spin--) {
        Thread.onSpinWait();
      }
      if (!starting.cancel(true)) { // it has a value, which is ours
        run(executor, Machine.get(starting)::closeAsync);
      }
    }
    nobodyRuns();
  }

  @Test
  void aCancelledRunLeavesNoProcess() throws Exception {
    for (int i = 0; i < 20; i++) {
      Task<ProcessOutput> running = executor.spawn(() -> AsyncProcess.of("sleep", "1000").run());
      if (i % 2 == 0) {
        Machine.until("a child", () -> ProcessHandle.current().children().count() > 0);
      }
      running.cancel(true);
      Machine.finished(running);
      nobodyRuns();
    }
  }

  @Test
  void aWriteThatIsStuckIsLetGoOf() throws Exception {
    AsyncProcess process = shell(AsyncProcess.of("sleep", "1000"));
    Task<Object> method =
        Machine.method(
            executor,
            (self, state, awaited) ->
                state == 0
                    ? self.await(process.stdin().write(new byte[1_000_000]), 1)
                    : Async.done(Await.take(awaited)));
    method.cancel(true);
    Machine.finished(method);
    assertThat(process.isAlive()).isTrue();
    run(executor, process::closeAsync);
  }

  @Test
  void anExecutorThatEndsEndsThem() throws Exception {
    Task<Integer> exit = executor.spawn(() -> shellNow().exit());
    Machine.until("a child", () -> ProcessHandle.current().children().count() > 0);
    executor.close();
    nobodyRuns();
    assertThat(exit.isDone()).isTrue();
  }

  private static AsyncProcess shellNow() throws IOException {
    return new AsyncProcess(
        new ProcessBuilder("sleep", "1000").start(),
        new AsyncProcessBuilder.Options("sleep", FOREVER, false, FOREVER, 100));
  }

  /**
   * {@code try (p = start) { lines = p.stdoutLines(); write(a); next(); write(b); next(); close
   * stdin; next(); exit() }}, cancelled at each of its awaits.
   */
  @Test
  void atEveryAwait() throws Exception {
    int at = 1;
    while (true) {
      Awaits awaits = new Awaits(at);
      Talk talk = new Talk(awaits);
      Task<Object> method = Machine.started(executor, () -> talk.begin(awaits));
      Machine.finished(method);
      nobodyRuns();
      Machine.until("pipes", () -> Machine.descriptors("pipe:").size() <= pipes);
      if (awaits.isOver()) {
        assertThat(talk.exitCode).as("of the one that nobody cancelled").isEqualTo(0);
        break;
      }
      assertThat(talk.error == null || talk.error instanceof TaskCancelledException)
          .as("at await %s: %s", at, talk.error)
          .isTrue();
      at++;
    }
    assertThat(at).isGreaterThan(7);
  }

  private final class Talk implements HandWritten.Body<Object> {
    private final Awaits awaits;
    private @Nullable AsyncProcess process;
    private @Nullable AsyncStream<String> lines;
    private @Nullable Throwable error;
    private @Nullable Object exitCode;

    Talk(Awaits awaits) {
      this.awaits = awaits;
    }

    Task<Object> begin(Awaits counted) {
      HandWritten<Object> frame = new HandWritten<>(executor, this);
      counted.cancelsBy(() -> executor.execute(() -> frame.cancel(true)));
      frame.run();
      return frame;
    }

    @Override
    public Object resume(
        HandWritten<Object> self, int state, @Nullable CompletableFuture<?> awaited) {
      try {
        Object came = awaited == null ? null : Await.take(awaited);
        switch (state) {
          case 0:
            return awaits.await(self, AsyncProcess.of("cat").killGrace(FOREVER).start(), 1);
          case 1:
            process = (AsyncProcess) came;
            lines = process.stdoutLines();
            return awaits.await(self, process.stdin().write("a\n"), 2);
          case 2:
            return awaits.await(self, lines.next(), 3);
          case 3:
            assertThat(came).isEqualTo("a");
            return awaits.await(self, process.stdin().write("b\n"), 4);
          case 4:
            return awaits.await(self, lines.next(), 5);
          case 5:
            assertThat(came).isEqualTo("b");
            return awaits.await(self, process.stdin().closeAsync(), 6);
          case 6:
            return awaits.await(self, lines.next(), 7);
          case 7:
            assertThat(came).isNull();
            return awaits.await(self, process.exit(), 8);
          case 8:
            exitCode = came;
            break;
          default:
            break;
        }
      } catch (Throwable thrown) {
        error = error == null ? thrown : error;
      }
      if (state < 9 && process != null) {
        return awaits.await(self, process.closeAsync(), 9);
      }
      return Async.done();
    }
  }
}
