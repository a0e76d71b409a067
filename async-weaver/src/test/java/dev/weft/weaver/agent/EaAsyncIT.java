package dev.weft.weaver.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.files.SmallProject;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With EA's jar on the class path, an await of EA's that was not woven throws, as one of Weft's
 * does; EA's own would wait for a future that nobody completes here.
 */
class EaAsyncIT {
  /** A class that cannot be woven: line 5 awaits where no future is returned. */
  private static final String REFUSED =
      """
      package shop;
      import java.util.concurrent.CompletableFuture;
      public class Refused {
        public static String peek(CompletableFuture<String> item) {
          return com.ea.async.Async.await(item);
        }
      }
      """;

  private static final String WOVEN =
      """
      package shop;
      import static com.ea.async.Async.await;
      import java.util.concurrent.CompletableFuture;
      public class Woven {
        public static CompletableFuture<String> peek(CompletableFuture<String> item) {
          return CompletableFuture.completedFuture(await(item) + "!");
        }
      }
      """;

  private static final String MAIN =
      """
      package app;

      import java.util.concurrent.CompletableFuture;
      import java.util.concurrent.TimeUnit;

      public class Main {
        public static void main(String[] arguments) throws Exception {
          ATTACH
          com.ea.async.Async.init();
          CompletableFuture<String> item = new CompletableFuture<>();
          CompletableFuture<String> woven = shop.Woven.peek(item);
          try {
            System.out.println(shop.Refused.peek(item));
          } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
          }
          item.complete("tea");
          System.out.println(woven.get(200, TimeUnit.SECONDS));
        }
      }
      """;

  @TempDir Path root;

  private SmallProject project;

  @BeforeEach
  void project() {
    project = new SmallProject(root);
    project.compile("shop/Refused", REFUSED).compile("shop/Woven", WOVEN);
  }

  private ForkedJvm run(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(options));
    command.add("-Xverify:all");
    command.add("-Xlog:class+load:file=" + root.resolve("loaded.txt").toString());
    command.add("-cp");
    command.add(
        String.join(
            File.pathSeparator,
            project.classes().toString(),
            SmallProject.runtimePath(),
            SmallProject.eaAsync(),
            ForkedJvm.agentJar()));
    command.add("app.Main");
    return ForkedJvm.run(root, command.toArray(String[]::new));
  }

  private void assertThatItThrows(ForkedJvm jvm) throws Exception {
    assertThat(jvm.out()).hasSize(2);
    assertThat(jvm.out().get(0))
        .startsWith("await of com.ea.async in a method that was not woven: shop.Refused.peek(")
        .contains("Refused.java:5");
    assertThat(jvm.out().get(1)).isEqualTo("tea!");
    assertThat(jvm.exitCode()).isZero();
    assertThat(root.resolve("loaded.txt"))
        .content()
        .contains(" com.ea.async.Async ")
        .doesNotContain("com.ea.async.instrumentation");
  }

  @Test
  void aRefusedClassThrowsAtItsAwait() throws Exception {
    project.compile("app/Main", MAIN.replace("ATTACH", ""));

    ForkedJvm jvm = run(ForkedJvm.agent(""));

    assertThatItThrows(jvm);
    assertThat(jvm.err())
        .anyMatch(line -> line.contains("not woven: Refused.java:5: error: [WEFT007] "));
  }

  /** So its call of {@code init} is there still, and does nothing. */
  @Test
  void aClassThatIsLeftOutStartsNoAgentOfEas() throws Exception {
    project.compile("app/Main", MAIN.replace("ATTACH", ""));

    assertThatItThrows(run(ForkedJvm.agent("=include=shop")));
  }

  @Test
  void soDoesOneThatIsLoadedBeforeTheAgentIsAttached() throws Exception {
    project.compile(
        "app/Main",
        MAIN.replace(
            "ATTACH",
            """
            Class.forName("com.ea.async.Async");
            dev.weft.weaver.agent.WeaverAgent.attach();
            """));

    assertThatItThrows(run("-XX:+EnableDynamicAgentLoading"));
  }
}
