package dev.weft.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** A test that Jupiter would pass over fails, and says why. */
class UnwovenTestsTest {
  private static final String SOURCE =
      """
      import dev.weft.Async;
      import dev.weft.Task;
      import dev.weft.junit.AsyncTest;
      import java.util.concurrent.CompletableFuture;
      import org.junit.jupiter.api.Nested;

      class Shop {
        @AsyncTest
        CompletableFuture<String> sells(dev.weft.AsyncExecutor executor) {
          return CompletableFuture.completedFuture(Async.await(executor.spawn(() -> Async.done(""))));
        }

        @AsyncTest
        String wrong() {
          return "";
        }

        @AsyncTest
        static void common() {}

        @AsyncTest
        void runs() {}

        @Nested
        class Inner {
          @AsyncTest
          Task<Void> counts() {
            return Async.done();
          }
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void allOfAClassAreNamed() throws Exception {
    try (URLClassLoader loader = compiled()) {
      Events tests = run(selectClass(loader.loadClass("Shop")));
      assertThat(Kit.failures(tests))
          .extracting(Throwable::getMessage)
          .satisfiesExactlyInAnyOrder(
              message ->
                  assertThat(message)
                      .startsWith("@AsyncTest Shop.sells was not woven")
                      .contains("weave-tests", "Gradle", "-javaagent"),
              message ->
                  assertThat(message).startsWith("@AsyncTest Shop$Inner.counts was not woven"),
              message ->
                  assertThat(message).startsWith("@AsyncTest Shop.wrong returns java.lang.String"),
              message ->
                  assertThat(message).startsWith("@AsyncTest Shop.common is private or static"));
    }
  }

  @Test
  void oneMethodIsSelectedAndSelectedAgain() throws Exception {
    try (URLClassLoader loader = compiled()) {
      Class<?> shop = loader.loadClass("Shop");
      Events tests = run(selectMethod(shop, "wrong"));
      tests.assertStatistics(count -> count.started(1).failed(1));
      assertThat(run(selectMethod(shop, "runs")).count()).isZero();

      String id = tests.started().list().get(0).getTestDescriptor().getUniqueId().toString();
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(loader);
      try {
        run(selectUniqueId(id)).assertStatistics(count -> count.started(1).failed(1));
      } finally {
        thread.setContextClassLoader(before);
      }
    }
  }

  @Test
  void wovenClassesHaveNone() {
    for (Class<?> tests : List.of(AsyncTestTest.Outcomes.class, AsyncTestTest.Lifecycle.class)) {
      assertThat(run(selectClass(tests)).count()).isZero();
    }
  }

  private static Events run(DiscoverySelector selector) {
    return EngineTestKit.engine("weft-unwoven").selectors(selector).execute().testEvents();
  }

  private URLClassLoader compiled() throws Exception {
    Path source = Files.writeString(folder.resolve("Shop.java"), SOURCE);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(status).isZero();
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
  }
}
