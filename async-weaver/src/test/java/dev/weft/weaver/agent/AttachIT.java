package dev.weft.weaver.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.files.SmallProject;
import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program attaches the weaver to its own JVM. */
class AttachIT {
  private static final String MAIN =
      """
      package app;

      import dev.weft.weaver.agent.WeaverAgent;
      import java.util.concurrent.CompletableFuture;
      import java.util.concurrent.TimeUnit;

      public class Main {
        public static void main(String[] arguments) throws Exception {
          if (arguments.length > 0) {
            Class.forName(arguments[0]);
          }
          try {
            WeaverAgent.attach();
            WeaverAgent.attach();
            CompletableFuture<String> item = new CompletableFuture<>();
            CompletableFuture<String> bought =
                shop.Shop.buy(item, CompletableFuture.completedFuture(3L));
            System.out.println(bought.isDone() ? "done" : "suspended");
            item.complete("tea");
            System.out.println(bought.get(200, TimeUnit.SECONDS));
          } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
          }
        }
      }
      """;

  @TempDir Path root;

  private SmallProject project;

  @BeforeEach
  void project() {
    project = new SmallProject(root);
    project.compile("shop/Shop", SmallProject.SHOP).compile("app/Main", MAIN);
  }

  private ForkedJvm run(String option, String... arguments) throws Exception {
    String path =
        String.join(
            File.pathSeparator,
            project.classes().toString(),
            SmallProject.runtimePath(),
            ForkedJvm.agentJar());
    String[] command =
        java.util.Arrays.copyOf(
            new String[] {option, "-cp", path, "app.Main"}, 4 + arguments.length);
    System.arraycopy(arguments, 0, command, 4, arguments.length);
    return ForkedJvm.run(root, command);
  }

  @Test
  void whatIsLoadedLaterIsWoven() throws Exception {
    ForkedJvm jvm = run("-Xverify:all");

    assertThat(jvm.out()).containsExactly("suspended", "tea for 3");
    assertThat(jvm.errWithoutJvmWarnings()).isEmpty();
  }

  @Test
  void withTheJvmsConsentThereIsNoWarning() throws Exception {
    ForkedJvm jvm = run("-XX:+EnableDynamicAgentLoading");

    assertThat(jvm.out()).containsExactly("suspended", "tea for 3");
    assertThat(jvm.err()).isEmpty();
  }

  @Test
  void whatIsLoadedAlreadyIsLoggedAndItsAwaitThrows() throws Exception {
    ForkedJvm jvm = run("-XX:+EnableDynamicAgentLoading", "shop.Shop");

    assertThat(jvm.err())
        .anyMatch(line -> line.contains("not woven: shop.Shop was loaded before the agent"))
        .noneMatch(line -> line.contains("app.Main"));
    assertThat(jvm.out()).singleElement().asString().contains("shop.Shop.buy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:+DisableAttachMechanism", "-XX:-EnableDynamicAgentLoading"})
  void aJvmThatForbidsItIsToldFromOthers(String option) throws Exception {
    ForkedJvm jvm = run(option);

    assertThat(jvm.out())
        .containsExactly(
            "cannot attach the weaver to this JVM: it runs with "
                + option
                + ". Start it with -javaagent:async-weaver-agent.jar, or weave when building");
    assertThat(jvm.err()).isEmpty();
  }
}
