package dev.weft.weaver.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.files.SmallProject;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another agent, a debugger's or a profiler's, retransforms or redefines a woven class while one of
 * its methods is suspended.
 */
class RedefinitionIT {
  private static final String SHOP =
      """
      package app;

      import static dev.weft.Async.await;

      import dev.weft.Async;
      import java.util.concurrent.CompletableFuture;

      public class Shop {
        static CompletableFuture<String> buy(CompletableFuture<String> item, String customer) {
          String greeting = "hello ";
          String name = await(item);
          return Async.done(greeting + name);
        }
      }
      """;

  /** Suspends, does what is given, goes on, and calls the method once more. */
  private static final String MAIN =
      """
      package app;

      import java.util.concurrent.CompletableFuture;
      import java.util.concurrent.ExecutionException;
      import java.util.concurrent.TimeUnit;

      public class Main {
        public static void main(String[] arguments) throws Exception {
          CompletableFuture<String> item = new CompletableFuture<>();
          CompletableFuture<String> bought = Shop.buy(item, "Ann");
          System.out.println(bought.isDone() ? "done" : "suspended");
          try {
            MIDWAY;
            System.out.println("changed");
          } catch (UnsupportedOperationException e) {
            System.out.println("refused");
          }
          print(item, bought);
          item = new CompletableFuture<>();
          print(item, Shop.buy(item, "Ben"));
        }

        static void print(CompletableFuture<String> item, CompletableFuture<String> bought)
            throws Exception {
          item.complete("tea");
          try {
            System.out.println(bought.get(200, TimeUnit.SECONDS));
          } catch (ExecutionException e) {
            System.out.println(e.getCause().getClass().getSimpleName());
          }
        }
      }
      """;

  @TempDir Path root;

  private SmallProject project;
  private SmallProject changed;

  @BeforeEach
  void projects() {
    project = new SmallProject(root).compile("app/Shop", SHOP);
    changed = new SmallProject(root.resolve("changed"));
  }

  private ForkedJvm run(String engine, String midway) throws Exception {
    String other = OtherAgent.option(root, project);
    project.compile("app/Main", MAIN.replace("MIDWAY", midway));
    return ForkedJvm.runMain(
        root, project, "-Xverify:all", ForkedJvm.agent("=engine=" + engine), other);
  }

  private ForkedJvm hotSwap(String engine, String source) throws Exception {
    String file = changed.compile("app/Shop", source).classFile("app/Shop").toString();
    return run(engine, "other.Agent.redefine(Shop.class, \"" + file.replace("\\", "\\\\") + "\")");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void aClassIsRetransformed(String engine) throws Exception {
    ForkedJvm jvm = run(engine, "other.Agent.instrumentation.retransformClasses(Shop.class)");

    assertThat(jvm.err()).isEmpty();
    assertThat(jvm.out()).containsExactly("suspended", "changed", "hello tea", "hello tea");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void aBodyThatKeepsTheSameIsReplacedForSuspendedCallsToo(String engine) throws Exception {
    ForkedJvm jvm =
        hotSwap(
            engine,
            SHOP.replace("\"hello \"", "\"welcome \"")
                .replace("greeting + name", "greeting + name + '!'"));

    assertThat(jvm.errWithoutJvmWarnings()).isEmpty();
    assertThat(jvm.out()).containsExactly("suspended", "changed", "hello tea!", "welcome tea!");
  }

  /** The frame of the suspended call is parked once more, by the new body. */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void aBodyWhoseLinesHaveMovedIsReplacedForSuspendedCallsToo(String engine) throws Exception {
    String twice = SHOP.replace("await(item);", "await(item); await(Async.yieldNow());");
    project.compile("app/Shop", twice);

    ForkedJvm jvm = hotSwap(engine, twice.replace("  static", "\n\n  static"));

    assertThat(jvm.errWithoutJvmWarnings()).isEmpty();
    assertThat(jvm.out()).containsExactly("suspended", "changed", "hello tea", "hello tea");
  }

  /** The customer is a parameter anyway, so the methods keep their descriptors. */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void aBodyThatKeepsAnotherParameterIsReplacedForNewCalls(String engine) throws Exception {
    ForkedJvm jvm =
        hotSwap(engine, SHOP.replace("greeting + name", "greeting + name + \" for \" + customer"));

    assertThat(jvm.errWithoutJvmWarnings()).isEmpty();
    assertThat(jvm.out())
        .containsExactly("suspended", "changed", "hello tea for null", "hello tea for Ben");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void aBodyThatKeepsAnotherLocalIsRefusedAndTheOldOneStays(String engine) throws Exception {
    ForkedJvm jvm =
        hotSwap(
            engine,
            SHOP.replace("String name", "long cents = customer.length(); String name")
                .replace("greeting + name", "greeting + name + cents"));

    assertThat(jvm.errWithoutJvmWarnings()).isEmpty();
    assertThat(jvm.out()).containsExactly("suspended", "refused", "hello tea", "hello tea");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void aBodyWithoutAwaitsIsRefusedAndTheOldOneStays(String engine) throws Exception {
    ForkedJvm jvm = hotSwap(engine, SHOP.replace("await(item)", "item.getNow(\"nothing\")"));

    assertThat(jvm.errWithoutJvmWarnings()).isEmpty();
    assertThat(jvm.out()).containsExactly("suspended", "refused", "hello tea", "hello tea");
  }

  // ---- second entries: the class keeps those that it has, and gets no others

  private static final String CALLS =
      SHOP.replace("= await(item);", "= await(CALLED);")
          .replace(
              "  static",
              """
                private static CompletableFuture<String> trimmed(CompletableFuture<String> item) {
                  return Async.done(await(item).trim());
                }

                private static CompletableFuture<String> plain(CompletableFuture<String> item) {
                  return item;
                }

                static""");

  private static final String BY_ENTRY = CALLS.replace("CALLED", "trimmed(item)");

  private static final String BY_FUTURE = CALLS.replace("CALLED", "plain(item)");

  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void aBodyThatAwaitsAnotherMethodIsReplaced(String engine) throws Exception {
    project.compile("app/Shop", BY_FUTURE);

    ForkedJvm jvm = hotSwap(engine, BY_ENTRY.replace("trim()", "toUpperCase()"));

    assertThat(jvm.errWithoutJvmWarnings()).isEmpty();
    assertThat(jvm.out()).containsExactly("suspended", "changed", "hello tea", "hello TEA");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void oneThatAwaitsNoMethodAnyMoreIsReplaced(String engine) throws Exception {
    project.compile("app/Shop", BY_ENTRY);

    ForkedJvm jvm = hotSwap(engine, BY_FUTURE.replace("\"hello \"", "\"welcome \""));

    assertThat(jvm.errWithoutJvmWarnings()).isEmpty();
    assertThat(jvm.out()).containsExactly("suspended", "changed", "hello tea", "welcome tea");
  }

  /** Compiled like that it would have no entry, as it would return nothing by it. */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void oneThatReturnsItsValueInAnotherWayIsReplaced(String engine) throws Exception {
    ForkedJvm jvm =
        hotSwap(
            engine,
            SHOP.replace("Async.done(greeting + name)", "FUTURE.cast(Async.done(greeting + name))")
                .replace("FUTURE", "CompletableFuture.class")
                .replace("\"hello \"", "\"welcome \""));

    assertThat(jvm.errWithoutJvmWarnings()).isEmpty();
    assertThat(jvm.out()).containsExactly("suspended", "changed", "hello tea", "welcome tea");
  }
}
