package dev.weft.io;

import static dev.weft.io.Machine.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.stream.AsyncStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that run: what goes in, what comes out, and how they end, on each executor. */
@Timeout(300)
@ParameterizedClass
@EnumSource
class AsyncProcessTest {
  @TempDir Path directory;
  private final AsyncExecutor executor;
  private final int pipes = Machine.descriptors("pipe:").size();

  AsyncProcessTest(Machine machine) {
    executor = machine.executor();
  }

  @AfterEach
  void nothingIsLeft() {
    executor.close();
    Machine.until("children", () -> ProcessHandle.current().children().findAny().isEmpty());
    Machine.until("pipes", () -> Machine.descriptors("pipe:").size() <= pipes);
  }

  private static AsyncProcessBuilder shell(String script) {
    return AsyncProcess.of("sh", "-c", script);
  }

  @Test
  void whatItWritesAndExitsWithIsThere() throws Exception {
    ProcessOutput output = run(executor, () -> shell("echo out; echo err >&2; exit 3").run());
    assertThat(output.exitCode()).isEqualTo(3);
    assertThat(output.stdoutText()).isEqualTo("out\n");
    assertThat(output.stderrText()).isEqualTo("err\n");
    assertThatThrownBy(output::requireSuccess)
        .isInstanceOf(IOException.class)
        .hasMessage("sh has exited with 3: err");
    assertThat(run(executor, () -> AsyncProcess.run("true")).requireSuccess().exitCode()).isZero();
  }

  @Test
  void bothStreamsAreReadAtOnce() throws Exception {
    String script = "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; echo end";
    ProcessOutput output = run(executor, () -> shell(script).run());
    assertThat(output.stdout()).hasSize(1_000_004);
    assertThat(output.stderr()).hasSize(1_000_000);
  }

  @Test
  void inputGoesThroughWhileOutputIsRead() throws Exception {
    byte[] bytes = new byte[1_000_000];
    new Random(2).nextBytes(bytes);
    assertThat(run(executor, () -> AsyncProcess.of("cat").run(bytes)).stdout()).isEqualTo(bytes);
    ProcessOutput unread = run(executor, () -> AsyncProcess.of("true").run(bytes));
    assertThat(unread.exitCode()).as("of one that does not read it").isZero();
  }

  @Test
  void aLineIsAnsweredBeforeTheNextIsWritten() throws Exception {
    int number = 8; // more than node mode has threads
    List<AsyncProcess> all = new ArrayList<>();
    List<AsyncStream<String>> answers = new ArrayList<>();
    List<Task<String>> waiting = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      AsyncProcess cat = run(executor, () -> AsyncProcess.start("cat"));
      all.add(cat);
      answers.add(cat.stdoutLines());
      waiting.add(executor.spawn(answers.get(i)::next));
    }
    for (int i = number - 1; i >= 0; i--) {
      String line = "line \u00e4 " + i;
      AsyncProcess cat = all.get(i);
      run(executor, () -> cat.stdin().write(line + "\n"));
      assertThat(Machine.get(waiting.get(i))).isEqualTo(line);
    }
    for (int i = 0; i < number; i++) {
      AsyncProcess cat = all.get(i);
      run(executor, () -> cat.stdin().write(ByteBuffer.wrap(new byte[] {'z'})));
      run(executor, cat.stdin()::closeAsync);
      assertThat(run(executor, answers.get(i)::next)).isEqualTo("z");
      assertThat(run(executor, answers.get(i)::next)).isNull();
      assertThat(run(executor, cat::exit)).isZero();
      assertThat(cat.isAlive()).isFalse();
      run(executor, cat::closeAsync);
    }
  }

  @Test
  void tooMuchOutputIsAFailureAndTheEndOfIt() throws Exception {
    assertThatThrownBy(() -> run(executor, () -> AsyncProcess.of("yes").outputLimit(100_000).run()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "yes's standard output has more than 100000 bytes, so it was killed: raise"
                + " outputLimit, or read the stream as it comes");
    assertThat(
            run(executor, () -> shell("head -c 1000 /dev/zero").outputLimit(1000).run()).stdout())
        .hasSize(1000);
  }

  @Test
  void aProgramThatCannotBeRunSaysWhy() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    cannotRun(AsyncProcess.of("no-such-program"), "no such program in the directories of PATH");
    cannotRun(AsyncProcess.of("/no/such"), "no such file: give the path");
    cannotRun(AsyncProcess.of(file.toString()), "may not be executed: chmod +x");
    cannotRun(AsyncProcess.of(directory.toString()), "it is a directory");
    cannotRun(AsyncProcess.of(), "the command is empty");
    cannotRun(
        AsyncProcess.of(new ProcessBuilder("true").directory(file.toFile())),
        "its directory " + file + " is not there");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    Files.writeString(file, "#!/no/such/interpreter\n");
    cannotRun(AsyncProcess.of(file.toString()), "Is it a program for this machine, or a script");
  }

  private void cannotRun(AsyncProcessBuilder builder, String why) {
    assertThatThrownBy(() -> run(executor, builder::start))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot run ")
        .hasMessageContaining(why);
  }

  @Test
  void inputThatNobodyReadsFails() throws Exception {
    AsyncProcess sleeper = run(executor, () -> AsyncProcess.of("sleep", "1000").start());
    Task<Void> stuck = Machine.started(executor, () -> sleeper.stdin().write(new byte[1_000_000]));
    Task<Void> behind = Machine.started(executor, () -> sleeper.stdin().write("x"));
    run(executor, sleeper::closeAsync);
    for (Task<Void> write : List.of(stuck, behind)) {
      assertThatThrownBy(() -> Machine.get(write))
          .hasCauseInstanceOf(IOException.class)
          .hasMessageContaining("process sleep (" + sleeper.pid() + ") does not read its input");
    }
    assertThatThrownBy(() -> run(executor, () -> sleeper.stdin().write("x")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is closed");
    run(executor, sleeper.stdin()::closeAsync);
  }

  @Test
  void aPipeThatSomebodyElseKeepsOpenIsNoReasonToHang() throws Exception {
    AsyncProcessBuilder leaving =
        shell("sleep 1000 & echo $!").linger(Duration.ofSeconds(2)); // for the number to come
    ProcessOutput output = run(executor, leaving::run);
    String pid = output.stdoutText().strip();
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
    assertThat(output.exitCode()).isZero();
    AsyncProcess process = run(executor, leaving::start);
    List<String> lines = run(executor, () -> process.stdoutLines().collect(Collectors.toList()));
    ProcessHandle.of(Long.parseLong(lines.get(0))).orElseThrow().destroyForcibly();
  }

  @Test
  void redirectedStreamsAreEmptyAndUnreadOnesAreThere() throws Exception {
    Path file = directory.resolve("out");
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", "pwd; echo err >&2; echo $COLOR");
    builder.directory(directory.toFile()).redirectOutput(file.toFile());
    builder.environment().put("COLOR", "green");
    AsyncProcess process = run(executor, () -> AsyncProcess.of(builder).start());
    assertThat(run(executor, process::exit)).isZero();
    assertThat(run(executor, () -> process.stdout().count())).isZero();
    assertThat(run(executor, () -> process.stderrLines().first())).isEqualTo("err");
    assertThat(file).hasContent(directory.toRealPath() + "\ngreen\n");
  }

  @Test
  void oneStreamHasOneConsumer() throws Exception {
    AsyncProcess process = run(executor, () -> AsyncProcess.start("true"));
    process.stdout();
    assertThatThrownBy(process::stdoutLines)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("stdout of a process has one consumer");
    assertThatThrownBy(process::output).isInstanceOf(IllegalStateException.class);
    run(executor, process::closeAsync);
    run(executor, process::closeAsync);
  }

  @Test
  void aTimeLimitWithAShieldLetsItRunOn() throws Exception {
    AsyncProcess process = run(executor, () -> AsyncProcess.start("cat"));
    Task<Integer> exit = process.exit();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () -> run(executor, () -> Async.timeout(Duration.ofMillis(1), Async.shield(exit))))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
    }
    assertThat(process.isAlive()).isTrue();
    run(executor, process.stdin()::closeAsync);
    assertThat(Machine.get(exit)).isZero();
    run(executor, process::closeAsync);
  }

  @Test
  void bytesThatAreNoTextAreReplaced() throws Exception {
    AsyncProcess process = run(executor, () -> shell("printf 'a\\377\\n'").start());
    assertThat(run(executor, () -> process.stdoutLines().first())).isEqualTo("a\ufffd");
    assertThat(run(executor, () -> process.stderrLines(StandardCharsets.UTF_16).count())).isZero();
    run(executor, process::closeAsync);
  }
}
