package dev.weft.weaver.modules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.agent.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A module that exports and opens nothing is woven, and runs: its frame classes are in its own
 * package, and what they call is exported. Of async-api it sees what is for it and no more.
 */
class ModulePathIT {
  private static final String MODULE =
      """
      module app {
        requires dev.weft;
      }
      """;

  /** Suspends on a worker, resumes there, and says in which modules it and its frame are. */
  private static final String MAIN =
      """
      package app;

      import static dev.weft.Async.await;

      import dev.weft.Async;
      import dev.weft.Task;
      import dev.weft.WorkStealingExecutor;
      import java.time.Duration;

      public class Main {
        static Task<String> greet(String name) {
          String greeting = "Hello, ";
          await(Async.sleep(Duration.ofMillis(1)));
          return Async.done(greeting + name);
        }

        public static void main(String[] arguments) throws Exception {
          try (var executor = WorkStealingExecutor.builder().workers(2).build()) {
            System.out.println(executor.blockOn(() -> greet("modules")));
          }
          System.out.println(Main.class.getModule() + " " + Async.class.getModule());
        }
      }
      """;

  private static final String ADAPTED_MODULE =
      """
      module app {
        requires dev.weft;

        uses dev.weft.FutureAdapter;

        provides dev.weft.FutureAdapter with
            app.PromiseAdapter;
      }
      """;

  private static final String ADAPTER =
      """
      package app;

      import dev.weft.FutureAdapter;
      import java.util.concurrent.CompletableFuture;

      public class PromiseAdapter implements FutureAdapter {
        public abstract static class Promise<T> extends CompletableFuture<T> {}

        @Override
        public Class<?> type() {
          return Promise.class;
        }

        @Override
        public <T> Promise<T> adapt(CompletableFuture<T> future) {
          Promise<T> made = new Promise<>() {};
          future.whenComplete(
              (value, error) -> {
                if (error == null) {
                  made.complete(value);
                } else {
                  made.completeExceptionally(error);
                }
              });
          return made;
        }
      }
      """;

  private static final String ADAPTED_MAIN =
      """
      package app;

      import static dev.weft.Async.await;

      import java.util.concurrent.CompletableFuture;

      public class Main {
        static PromiseAdapter.Promise<String> twice(CompletableFuture<String> word) {
          return new PromiseAdapter().adapt(CompletableFuture.completedFuture(await(word) + await(word)));
        }

        public static void main(String[] arguments) throws Exception {
          CompletableFuture<String> word = new CompletableFuture<>();
          CompletableFuture<String> both = twice(word);
          word.complete("bye");
          System.out.println(both.get());
        }
      }
      """;

  @TempDir Path root;

  private ModularProject project() throws IOException {
    return ModularProject.compile(root, Map.of("module-info.java", MODULE, "app/Main.java", MAIN));
  }

  private static void greets(ForkedJvm jvm) {
    assertThat(jvm.err()).isEmpty();
    assertThat(jvm.out()).containsExactly("Hello, modules", "module app module dev.weft");
    assertThat(jvm.exitCode()).isZero();
  }

  @Test
  void wovenWhenItIsBuilt() throws Exception {
    ModularProject project = project();
    byte[] descriptor = Files.readAllBytes(project.classes().resolve("module-info.class"));

    ForkedJvm weaving = project.weave();
    assertThat(weaving.err()).isEmpty();
    assertThat(weaving.exitCode()).isZero();

    assertThat(project.classes().resolve("module-info.class")).hasBinaryContent(descriptor);
    try (Stream<Path> files = Files.list(project.classes().resolve("app"))) {
      assertThat(files).as("Main and its frame").hasSizeGreaterThan(1);
    }
    greets(project.run());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void wovenByTheAgentWithHiddenFrames(Engine engine) throws Exception {
    greets(project().run(ForkedJvm.agent("=engine=" + engine)));
  }

  /** The message is the one for a missing agent: the module itself is all right. */
  @Test
  void notWovenItSaysSo() throws Exception {
    ForkedJvm jvm = project().run();

    assertThat(jvm.exitCode()).isOne();
    assertThat(String.join("\n", jvm.err())).contains("app.Main.greet").contains("not woven");
  }

  @Test
  void anAdapterThatTheModuleProvidesIsFound() throws Exception {
    ModularProject project =
        ModularProject.compile(
            root,
            Map.of(
                "module-info.java",
                ADAPTED_MODULE,
                "app/PromiseAdapter.java",
                ADAPTER,
                "app/Main.java",
                ADAPTED_MAIN));

    ForkedJvm weaving = project.weave();
    assertThat(weaving.err()).as("no warning of a missing adapter").isEmpty();
    ForkedJvm jvm = project.run();

    assertThat(jvm.err()).isEmpty();
    assertThat(jvm.out()).containsExactly("byebye");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev.weft.scheduler.Scheduler",
        "dev.weft.scheduler.task.OwnedTask",
        "dev.weft.net.poll.Turns"
      })
  void whatIsNotForItIsNotThere(String hidden) throws Exception {
    String main = "package app; public class Main { Class<?> hidden = " + hidden + ".class; }";

    String errors =
        ModularProject.errors(root, Map.of("module-info.java", MODULE, "app/Main.java", main));

    assertThat(errors).contains("Main.java").containsAnyOf("not.def.access", "does.not.exist");
  }
}
