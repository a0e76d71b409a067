package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.NodeExecutor;
import dev.weft.node.host.Uninterrupted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a JVM whose main method has returned goes on, as the process of Node would. */
class JvmLifeTest {
  private static final int DEADLINE_SECONDS = 120;

  @TempDir private Path folder;

  @Test
  void aProgramKeepsTheJvmAliveWhileSomethingReferencedIsLeft() throws Exception {
    assertThat(output(Program.class)).isEqualTo("main has ended, and the timer has fired");
  }

  @Test
  void anExecutorDoesNot() throws Exception {
    assertThat(output(Executor.class)).isEqualTo("main ends");
  }

  @Test
  void norDoesAProgramThatIsToBeADaemon() throws Exception {
    assertThat(output(Daemon.class)).isEqualTo("main ends");
  }

  @Test
  void aWorkerThatIsNotReferencedEndsWithItsProgram() throws Exception {
    assertThat(output(BusyWorker.class)).isEqualTo("the worker is busy");
  }

  /** What a JVM prints until it exits by itself. */
  private String output(Class<?> main) throws Exception {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile()) // where a JVM warns of native code, too
            .start();
    try {
      assertThat(jvm.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("the JVM has ended").isTrue();
      assertThat(jvm.exitValue()).as(Files.readString(errors)).isZero();
    } finally {
      jvm.destroyForcibly();
    }
    return Files.readString(output).strip();
  }

  static final class Program {
    /** For a JVM that does not wait for the loop to be gone before the timer fires. */
    private static final int EXIT_MILLIS = 1000;

    public static void main(String[] args) {
      Thread main = Thread.currentThread();
      NodeExecutor.builder().noDriver().start(() -> waitFor(main));
    }

    private static void waitFor(Thread main) {
      NodeExecutor node = NodeExecutor.current();
      if (main.isAlive()) {
        node.setTimeout(() -> waitFor(main), 1);
      } else {
        node.setTimeout(
            () -> System.out.println("main has ended, and the timer has fired"), EXIT_MILLIS);
      }
    }
  }

  static final class Executor {
    @SuppressWarnings("resource") // the point of the test
    public static void main(String[] args) {
      NodeExecutor node = NodeExecutor.builder().noDriver().build();
      node.execute(() -> node.setInterval(() -> {}, 1000));
      System.out.println("main ends");
    }
  }

  static final class Daemon {
    public static void main(String[] args) {
      NodeExecutor.builder()
          .noDriver()
          .daemon(true)
          .start(() -> NodeExecutor.current().setInterval(() -> {}, 1000));
      System.out.println("main ends");
    }
  }

  static final class BusyWorker {
    public static void main(String[] args) throws InterruptedException {
      CountDownLatch busy = new CountDownLatch(1);
      NodeExecutor.builder()
          .noDriver()
          .run(
              () -> {
                Worker worker =
                    Worker.start(
                        port -> {
                          busy.countDown();
                          Uninterrupted.await(new CountDownLatch(1));
                        });
                worker.unref();
                Uninterrupted.await(busy);
                System.out.println("the worker is busy");
              });
    }
  }
}
