package dev.weft.weaver.gradle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Gradle on this machine builds with the plugin: twice, as it starts slowly, with a project for
 * each question. Needs one on the PATH that runs on the machine's JDK.
 */
class GradleBuildIT {
  private static final String TUNED =
      """
      project(':tuned') {
        weft {
          engine = project.findProperty('wovenBy') ?: 'direct'
        }
      }
      """;

  private static final String MAIN =
      """
      package app;

      import static dev.weft.Async.await;

      import dev.weft.Async;
      import dev.weft.WorkStealingExecutor;
      import java.time.Duration;
      import java.util.concurrent.CompletableFuture;

      public class Main {
        static CompletableFuture<String> greet(String name) {
          await(Async.sleep(Duration.ofMillis(1)));
          return CompletableFuture.completedFuture("Hello, " + name);
        }

        public static void main(String[] args) throws Exception {
          try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
            System.out.println(executor.blockOn(() -> greet("Gradle")));
          }
        }
      }
      """;

  /** A class of the tests, which awaits one of the main classes. */
  private static final String CHECK =
      """
      package app;

      import static dev.weft.Async.await;

      import dev.weft.WorkStealingExecutor;
      import java.util.concurrent.CompletableFuture;

      public class Check {
        static CompletableFuture<String> check() {
          return CompletableFuture.completedFuture("checked: " + await(Main.greet("tests")));
        }

        public static void main(String[] args) throws Exception {
          try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
            System.out.println(executor.blockOn(Check::check));
          }
        }
      }
      """;

  /** Refused, for line 6. */
  private static final String LOCKED =
      """
      package app;
      import java.util.concurrent.CompletableFuture;
      public class Locked {
        public static CompletableFuture<String> peek(CompletableFuture<String> item) {
          synchronized (Locked.class) {
            return CompletableFuture.completedFuture(dev.weft.Async.await(item));
          }
        }
      }
      """;

  @TempDir private static Path root;

  private static GradleProject project;
  private static Command first;
  private static String before;
  private static Command second;

  @BeforeAll
  static void buildChangeAndBuildAgain() throws Exception {
    Optional<Path> gradle = Command.onThePath("gradle");
    assumeTrue(gradle.isPresent(), "there is no gradle on the PATH to build with");
    project =
        new GradleProject(
            root, gradle.get(), List.of("steady", "changing", "tuned", "locked"), TUNED);
    project.write("steady", "src/main/java/app/Main.java", MAIN);
    project.write("steady", "src/test/java/app/Check.java", CHECK);
    project.write("changing", "src/main/java/app/Main.java", MAIN);
    project.write("tuned", "src/main/java/app/Main.java", MAIN);
    project.write("locked", "src/main/java/app/Locked.java", LOCKED);
    first = project.compile();
    before = project.java("changing", "app.Main").output();

    project.write(
        "changing",
        "src/main/java/app/Main.java",
        MAIN.replace("Hello, ", "Bye, ").replace("greet(", "part("));
    project.write(
        "locked",
        "src/main/java/app/Locked.java",
        LOCKED.replace("synchronized (Locked.class) ", ""));
    second = project.compile("-PwovenBy=ea");
  }

  private static boolean isUpToDate(String task, Command build) {
    return build.output().lines().anyMatch(line -> line.endsWith(task + " UP-TO-DATE"));
  }

  @Test
  void whatIsCompiledIsWovenAndRuns() throws Exception {
    assertThat(first.output()).contains("wove 1 method (EA Async 1) in 1 class");
    assertThat(project.classes("steady", "main").resolve("app/Main$weft$greet.class")).exists();

    assertThat(project.java("steady", "app.Main"))
        .isEqualTo(new Command(0, "Hello, Gradle" + System.lineSeparator()));
  }

  @Test
  void soAreTheTests() throws Exception {
    assertThat(project.classes("steady", "test").resolve("app/Check$weft$check.class")).exists();

    assertThat(project.java("steady", "app.Check"))
        .isEqualTo(new Command(0, "checked: Hello, tests" + System.lineSeparator()));
  }

  @Test
  void whatHasNotChangedIsUpToDate() {
    assertThat(isUpToDate(":steady:compileJava", first)).as(first.output()).isFalse();

    assertThat(isUpToDate(":steady:compileJava", second)).as(second.output()).isTrue();
    assertThat(isUpToDate(":steady:compileTestJava", second)).as(second.output()).isTrue();
  }

  @Test
  void aChangedSourceIsWovenAnew() throws Exception {
    assertThat(before).startsWith("Hello, Gradle");

    assertThat(isUpToDate(":changing:compileJava", second)).as(second.output()).isFalse();
    assertThat(project.java("changing", "app.Main"))
        .isEqualTo(new Command(0, "Bye, Gradle" + System.lineSeparator()));
    Path classes = project.classes("changing", "main");
    assertThat(classes.resolve("app/Main$weft$part.class")).exists();
    assertThat(classes.resolve("app/Main$weft$greet.class")).doesNotExist();
  }

  @Test
  void anotherOptionWeavesAnew() {
    assertThat(first.output()).contains("wove 1 method (direct 1) in 1 class");

    assertThat(isUpToDate(":tuned:compileJava", second)).as(second.output()).isFalse();
    assertThat(second.output()).doesNotContain("(direct 1)");
  }

  @Test
  void whatCannotBeWovenFailsTheBuildWithFileAndLine() {
    assertThat(first.exitCode()).isNotZero();
    assertThat(first.output())
        .contains("Locked.java:6: error: [WEFT009] ")
        .contains("Execution failed for task ':locked:compileJava'")
        .contains("weaving failed with 1 error in 1 file");
  }

  @Test
  void mendedItIsWoven() {
    assertThat(second.exitCode()).as(second.output()).isZero();
    assertThat(
            Files.exists(project.classes("locked", "main").resolve("app/Locked$weft$peek.class")))
        .isTrue();
  }
}
