package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.log.LogQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log thread keeps neither a JVM alive nor an application in one, and writes to the end. */
@Timeout(240)
class LogThreadLifeTest {
  @TempDir private Path folder;

  // ---- the JVM

  @Test
  void whatWasSaidBeforeTheEndOfTheJvmIsWritten() throws Exception {
    assertThat(output(Talkative.class)).hasLineCount(1000).endsWith("line 999");
  }

  @Test
  void whatFailedLastIsSaid() throws Exception {
    assertThat(output(Failing.class)).contains("Uncaught exception on node", "the last one");
  }

  @Test
  void soIsWhatACommandHasThrownAsByAnyOtherExecutor() throws Exception {
    assertThat(output(Throwing.class))
        .startsWith(
            "Exception in thread \"weft-worker-0\" java.lang.IllegalStateException: of a command\n"
                + "\tat dev.weft.LogThreadLifeTest$Throwing.lambda$main$0(LogThreadLifeTest.java:");
  }

  @Test
  void aLogThatIsStuckDoesNotKeepTheJvm() throws Exception {
    assertThat(output(Stuck.class)).isEqualTo("main ends");
  }

  private String output(Class<?> main) throws Exception {
    Path output = folder.resolve("output");
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName())
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    try {
      assertThat(jvm.waitFor(120, TimeUnit.SECONDS)).as("the JVM has ended").isTrue();
    } finally {
      jvm.destroyForcibly();
    }
    return Files.readString(output).strip();
  }

  static final class Talkative {
    public static void main(String[] args) {
      for (int i = 0; i < 1000; i++) {
        int number = i;
        LogQueue.shared().offer(() -> System.out.println("line " + number));
      }
    }
  }

  static final class Failing {
    public static void main(String[] args) throws InterruptedException {
      NodeExecutor.builder()
          .noDriver()
          .run(
              () -> {
                throw new IllegalStateException("the last one");
              });
    }
  }

  static final class Throwing {
    public static void main(String[] args) throws InterruptedException {
      System.setErr(System.out);
      WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).noDriver().build();
      executor.execute(
          () -> {
            throw new IllegalStateException("of a command");
          });
      executor.shutdown();
      assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  static final class Stuck {
    public static void main(String[] args) throws Exception {
      CountDownLatch stuck = new CountDownLatch(1);
      CountDownLatch never = new CountDownLatch(1);
      LogQueue.shared()
          .offer(
              () -> {
                stuck.countDown();
                while (true) {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    // as a write to a pipe takes no notice of it
                  }
                }
              });
      stuck.await();
      System.out.println("main ends");
    }
  }

  // ---- an application in a server

  @Test
  void anApplicationThatHasLoggedThroughAWeftOfItsOwnIsGarbageAfterAWhile() throws Exception {
    assertThat(runAndForget().comes()).isTrue();
  }

  private static OwnClasses.Gone runAndForget() throws Exception {
    OwnClasses weft = OwnClasses.withWeft("application that logs");
    weft.run(Application.class);
    return new OwnClasses.Gone(weft);
  }

  /** Has a failure logged by default. */
  public static final class Application implements Runnable {
    @Override
    public void run() {
      try (WorkStealingExecutor executor =
          WorkStealingExecutor.builder().workers(1).noDriver().build()) {
        executor.spawn(
            () -> {
              throw new IllegalStateException("of an application");
            });
      }
    }
  }
}
