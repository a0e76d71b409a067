package dev.weft.weaver.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;

/**
 * Classes that are woven together await each other's methods without a future, and go on to do what
 * they did when one of them is compiled anew.
 */
class CallsBetweenTest {
  private static final String STOCK =
      """
      package shop;

      import static dev.weft.Async.await;

      import dev.weft.Async;
      import dev.weft.Task;
      import java.util.concurrent.CompletableFuture;

      public class Stock {
        public static Task<Integer> count(CompletableFuture<Integer> item) {
          return Async.done(await(item) + 1);
        }
      }
      """;

  private static final String SHOP =
      """
      package shop;

      import static dev.weft.Async.await;

      import dev.weft.Async;
      import java.util.concurrent.CompletableFuture;

      public class Shop {
        public static CompletableFuture<String> buy(CompletableFuture<Integer> item) {
          try {
            return Async.done("one of " + await(Stock.count(item)));
          } catch (IllegalStateException | NullPointerException e) {
            return Async.done(e.getClass().getSimpleName());
          }
        }
      }
      """;

  @TempDir Path root;

  private SmallProject project;

  @BeforeEach
  void project() {
    project = new SmallProject(root);
  }

  private void weave(Engine engine) throws IOException {
    try (ClassPath classes =
        new ClassPath(List.of(project.classes(), Path.of(SmallProject.asyncApi())))) {
      WeaverOptions options = WeaverOptions.DEFAULT.withEngine(engine);
      WeaveSummary summary =
          new DirectoryWeaver(new Weaver(classes, FrameMode.CLASS_FILES, options))
              .weave(project.classes());
      assertThat(summary.diagnostics()).isEmpty();
    }
  }

  private boolean hasEntry() throws IOException {
    return hasEntry("shop/Stock");
  }

  private boolean hasEntry(String type) throws IOException {
    return read(type).methods.stream()
        .anyMatch(
            method ->
                method.name.equals("count")
                    && method.desc.endsWith(")Ljava/lang/Object;")
                    && method.access
                        == (Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_BRIDGE));
  }

  private boolean isLinkedLate() throws IOException {
    return isLinkedLate("shop/Shop");
  }

  private boolean isLinkedLate(String type) throws IOException {
    for (var method : read(type).methods) {
      for (AbstractInsnNode insn : method.instructions) {
        if (insn instanceof InvokeDynamicInsnNode call
            && call.bsm.getOwner().equals("dev/weft/frame/BareLink")) {
          return true;
        }
      }
    }
    return false;
  }

  private ClassNode read(String name) throws IOException {
    ClassNode node = new ClassNode();
    new ClassReader(Files.readAllBytes(project.classFile(name))).accept(node, 0);
    return node;
  }

  /** What the shop answers, when the item is there, comes later, and has failed. */
  private List<String> answers() throws Exception {
    try (URLClassLoader loader = project.load()) {
      CompletableFuture<Integer> later = new CompletableFuture<>();
      CompletableFuture<?> waiting = buy(loader, later);
      assertThat(waiting).isNotDone();
      later.complete(6);
      return List.of(
          answer(buy(loader, CompletableFuture.completedFuture(2))),
          answer(waiting),
          answer(buy(loader, CompletableFuture.failedFuture(new IllegalStateException()))));
    }
  }

  private static CompletableFuture<?> buy(ClassLoader loader, CompletableFuture<Integer> item)
      throws ReflectiveOperationException {
    return buy(loader, "shop.Shop", item);
  }

  private static CompletableFuture<?> buy(
      ClassLoader loader, String shop, CompletableFuture<Integer> item)
      throws ReflectiveOperationException {
    return (CompletableFuture<?>)
        loader.loadClass(shop).getMethod("buy", CompletableFuture.class).invoke(null, item);
  }

  private static String answer(CompletableFuture<?> future) throws Exception {
    return String.valueOf(future.get(60, TimeUnit.SECONDS));
  }

  private static final List<String> ANSWERS =
      List.of("one of 3", "one of 7", "IllegalStateException");

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void theyGoByTheEntry(Engine engine) throws Exception {
    project.compile("shop/Stock", STOCK).compile("shop/Shop", SHOP);

    weave(engine);

    assertThat(hasEntry()).isTrue();
    assertThat(isLinkedLate()).isTrue();
    assertThat(answers()).isEqualTo(ANSWERS);
  }

  @Test
  void aMethodThatNobodyElseAwaitsHasNoEntry() throws Exception {
    project.compile("shop/Stock", STOCK);

    weave(Engine.AUTO);

    assertThat(hasEntry()).isFalse();
  }

  @Test
  void whatIsWovenFirstIsCalledAsItIs() throws Exception {
    project.compile("shop/Stock", STOCK);
    weave(Engine.AUTO);
    project.compile("shop/Shop", SHOP);
    weave(Engine.AUTO);

    assertThat(hasEntry()).isFalse();
    assertThat(isLinkedLate()).as("there is nothing to link to").isFalse();
    assertThat(answers()).isEqualTo(ANSWERS);
  }

  @Test
  void aClassThatIsCompiledAnewMayHaveNoEntry() throws Exception {
    project.compile("shop/Stock", STOCK).compile("shop/Shop", SHOP);
    weave(Engine.AUTO);

    project.compile("shop/Stock", STOCK.replace("await(item) + 1", "item.getNow(9) + 1"));

    assertThat(hasEntry()).isFalse();
    assertThat(isLinkedLate()).isTrue();
    try (URLClassLoader loader = project.load()) {
      assertThat(answer(buy(loader, CompletableFuture.completedFuture(2)))).isEqualTo("one of 3");
    }
  }

  @Test
  void oneThatReturnsNullThenFailsTheAwait() throws Exception {
    project.compile("shop/Stock", STOCK).compile("shop/Shop", SHOP);
    weave(Engine.AUTO);

    project.compile("shop/Stock", STOCK.replace("Async.done(await(item) + 1)", "null"));

    try (URLClassLoader loader = project.load()) {
      assertThat(answer(buy(loader, CompletableFuture.completedFuture(2))))
          .isEqualTo("NullPointerException");
    }
  }

  @Test
  void oneThatIsGoneIsMissedAsEver() throws Exception {
    project.compile("shop/Stock", STOCK).compile("shop/Shop", SHOP);
    weave(Engine.AUTO);

    project.compile("shop/Stock", STOCK.replace("count(", "number("));

    try (URLClassLoader loader = project.load()) {
      assertThat(buy(loader, CompletableFuture.completedFuture(2)))
          .failsWithin(60, TimeUnit.SECONDS)
          .withThrowableThat()
          .withCauseInstanceOf(NoSuchMethodError.class);
    }
  }

  /** The calls of the class that stays are seen in what has become of them. */
  @Test
  void oneThatIsCompiledAnewHasItsEntryAgain() throws Exception {
    project.compile("shop/Stock", STOCK).compile("shop/Shop", SHOP);
    weave(Engine.AUTO);

    project.compile("shop/Stock", STOCK.replace("+ 1", "+ 2"));
    assertThat(hasEntry()).isFalse();
    weave(Engine.AUTO);

    assertThat(hasEntry()).isTrue();
    assertThat(answers()).containsExactly("one of 4", "one of 8", "IllegalStateException");
  }

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void privateMethodsHaveOneForTheClassesOfTheirNest(Engine engine) throws Exception {
    String stock = STOCK.replace("public static Task", "private static Task");
    String nested =
        SHOP.substring(SHOP.indexOf("public class Shop"))
            .replace("public class", "public static class")
            .replace("Stock.count", "count");
    project.compile(
        "shop/Stock", stock.substring(0, stock.lastIndexOf('}')) + nested.indent(2) + "}\n");

    weave(engine);

    assertThat(hasEntry()).isTrue();
    assertThat(isLinkedLate("shop/Stock$Shop")).isTrue();
    try (URLClassLoader loader = project.load()) {
      CompletableFuture<Integer> two = CompletableFuture.completedFuture(2);
      assertThat(answer(buy(loader, "shop.Stock$Shop", two))).isEqualTo("one of 3");
    }
  }

  /** In a nest the JVM finds the private methods of superclasses too. */
  private static final String HIDING =
      """
      package shop;

      import static dev.weft.Async.await;

      import dev.weft.Async;
      import dev.weft.Task;
      import java.util.concurrent.CompletableFuture;

      public class Stock {
        static class Base {
          static Task<Integer> count(CompletableFuture<Integer> item) {
            return Async.done(await(item) + 100);
          }
        }

        static class Made extends Base {
          static Task<Integer> count(CompletableFuture<Integer> item) {
            return Async.done(await(item) + 1);
          }
        }
      }
      """;

  private static final String OF_BOTH =
      SHOP.replace(
          "await(Stock.count(item))",
          "(await(Stock.Made.count(item)) + 0 * await(Stock.Base.count(item)))");

  @Test
  void oneThatHidesAnotherIsCalledThoughItHasNoEntryAnyMore() throws Exception {
    project.compile("shop/Stock", HIDING).compile("shop/Shop", OF_BOTH);
    weave(Engine.AUTO);
    assertThat(hasEntry("shop/Stock$Base")).isTrue();
    assertThat(hasEntry("shop/Stock$Made")).isTrue();
    assertThat(answers()).isEqualTo(ANSWERS);

    project.compile("shop/Stock", HIDING.replace("await(item) + 1)", "item.join() + 1)"));
    weave(Engine.AUTO);

    assertThat(hasEntry("shop/Stock$Base")).isTrue();
    assertThat(hasEntry("shop/Stock$Made")).isFalse();
    try (URLClassLoader loader = project.load()) {
      assertThat(answer(buy(loader, CompletableFuture.completedFuture(2)))).isEqualTo("one of 3");
    }
  }
}
