package dev.weft.weaver.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.files.SmallProject;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent weaves the classes of each class loader for itself, and keeps none of them alive. */
class ClassLoadersIT {
  /** What the programs have in common: a class {@code shop.Shop} of some loader is used. */
  private static final String CALLS =
      """
      package app;

      import java.net.URL;
      import java.net.URLClassLoader;
      import java.nio.file.Path;
      import java.util.concurrent.CompletableFuture;
      import java.util.concurrent.TimeUnit;

      public class Calls {
        /** A loader over a directory with classes. */
        public static URLClassLoader over(String classes, ClassLoader parent) throws Exception {
          return new URLClassLoader(new URL[] {Path.of(classes).toUri().toURL()}, parent);
        }

        /** Calls buy, and completes what that awaits once it is suspended. */
        public static String buy(Class<?> shop) throws Exception {
          CompletableFuture<String> item = new CompletableFuture<>();
          CompletableFuture<?> bought =
              (CompletableFuture<?>)
                  shop.getMethod("buy", CompletableFuture.class, CompletableFuture.class)
                      .invoke(null, item, CompletableFuture.completedFuture(3L));
          String before = bought.isDone() ? "done" : "suspended";
          item.complete("tea");
          return before + ", " + bought.get(200, TimeUnit.SECONDS);
        }
      }
      """;

  private static final String MAIN =
      """
      package app;
      import java.lang.ref.WeakReference;
      import java.net.URLClassLoader;
      import java.util.*;
      import java.util.concurrent.*;
      public class Main {
        public static void main(String[] arguments) throws Exception {
          String one = "ONE";
          String two = "TWO";
          BODY
        }
      MORE
      }
      """;

  @TempDir Path root;

  private SmallProject project;
  private SmallProject one;
  private SmallProject two;

  @BeforeEach
  void projects() {
    project = new SmallProject(root).compile("app/Calls", CALLS);
    one = new SmallProject(root.resolve("one")).compile("shop/Shop", SmallProject.SHOP);
    two = new SmallProject(root.resolve("two"));
  }

  private ForkedJvm run(String engine, String body, String more) throws Exception {
    project.compile(
        "app/Main",
        MAIN.replace("BODY", body)
            .replace("MORE", more)
            .replace("ONE", one.classes().toString().replace("\\", "\\\\"))
            .replace("TWO", two.classes().toString().replace("\\", "\\\\")));
    ForkedJvm jvm =
        ForkedJvm.runMain(root, project, "-Xverify:all", ForkedJvm.agent("=engine=" + engine));
    assertThat(jvm.errWithoutJvmWarnings()).isEmpty();
    return jvm;
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void twoLoadersHaveDifferentClassesOfOneName(String engine) throws Exception {
    two.compile(
        "shop/Shop",
        SmallProject.SHOP.replace(
            "String name = await(item);",
            "double tax = 0.5; String name = await(item) + \" and \" + tax + await(item);"));

    ForkedJvm jvm =
        run(
            engine,
            """
            ClassLoader parent = Main.class.getClassLoader();
            Class<?> first = Calls.over(one, parent).loadClass("shop.Shop");
            Class<?> second = Calls.over(two, parent).loadClass("shop.Shop");
            for (int i = 0; i < 2; i++) {
              System.out.println(Calls.buy(first));
              System.out.println(Calls.buy(second));
            }
            """,
            "");

    assertThat(jvm.out())
        .containsExactly(
            "suspended, tea for 3",
            "suspended, tea and 0.5tea for 3",
            "suspended, tea for 3",
            "suspended, tea and 0.5tea for 3");
  }

  /** The parent's types are saved by the child's method, and its method is called by it. */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void aChildAwaitsWhatItsParentDefines(String engine) throws Exception {
    one.compile("shop/Item", "package shop; public record Item(String name) {}");
    two = new SmallProject(root.resolve("one")); // to compile against the parent's classes
    two.compile(
        "child/Shop",
        """
        package child;

        import static dev.weft.Async.await;

        import dev.weft.Async;
        import java.util.concurrent.CompletableFuture;
        import shop.Item;

        public class Shop extends shop.Shop {
          public static CompletableFuture<String> buy(
              CompletableFuture<String> item, CompletableFuture<Long> price) {
            Item cup = new Item("cup");
            String tea = await(shop.Shop.buy(item, price));
            return Async.done(tea + " in a " + cup.name());
          }
        }
        """);

    ForkedJvm jvm =
        run(
            engine,
            """
            URLClassLoader parent = Calls.over(one, Main.class.getClassLoader());
            URLClassLoader child = new URLClassLoader(parent.getURLs(), parent) {
              @Override
              protected Class<?> loadClass(String name, boolean resolve)
                  throws ClassNotFoundException {
                return name.startsWith("child.") ? findClass(name) : super.loadClass(name, resolve);
              }
            };
            System.out.println(Calls.buy(child.loadClass("child.Shop")));
            """,
            "");

    assertThat(jvm.out()).containsExactly("suspended, tea for 3 in a cup");
  }

  /** Neither suspending nor weaving may need a file of the loader any more. */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void aLoaderMayBeClosedBeforeItsClassesSuspend(String engine) throws Exception {
    ForkedJvm jvm =
        run(
            engine,
            """
            URLClassLoader loader = Calls.over(one, Main.class.getClassLoader());
            Class<?> shop = loader.loadClass("shop.Shop");
            loader.close();
            System.out.println(Calls.buy(shop));
            System.out.println(Calls.buy(new Generated(one).loadClass("shop.Shop")));
            """,
            """
              /** Has a class, but no resources. */
              static class Generated extends URLClassLoader {
                private final String classes;
                Generated(String classes) throws Exception {
                  super(new java.net.URL[0], Main.class.getClassLoader());
                  this.classes = classes;
                  close();
                }
                @Override
                protected Class<?> findClass(String name) throws ClassNotFoundException {
                  try {
                    byte[] bytes = java.nio.file.Files.readAllBytes(
                        java.nio.file.Path.of(classes, name.replace('.', '/') + ".class"));
                    return defineClass(name, bytes, 0, bytes.length);
                  } catch (java.io.IOException e) {
                    throw new ClassNotFoundException(name, e);
                  }
                }
              }
            """);

    assertThat(jvm.out()).containsExactly("suspended, tea for 3", "suspended, tea for 3");
  }

  /** Threads load the class and suspend in it at once, so that its frame is defined once. */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void threadsDefineAClassAndItsFrameAtOnce(String engine) throws Exception {
    ForkedJvm jvm =
        run(
            engine,
            """
            int threads = 4;
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            Set<String> results = new TreeSet<>();
            for (int round = 0; round < 50; round++) {
              // one loader for two threads: they race for the class, and with the others for nothing
              List<URLClassLoader> loaders =
                  List.of(
                      Calls.over(one, Main.class.getClassLoader()),
                      Calls.over(one, Main.class.getClassLoader()));
              CyclicBarrier start = new CyclicBarrier(threads);
              List<Future<String>> calls = new ArrayList<>();
              for (int thread = 0; thread < threads; thread++) {
                ClassLoader loader = loaders.get(thread % 2);
                calls.add(
                    pool.submit(
                        () -> {
                          start.await(200, TimeUnit.SECONDS);
                          return Calls.buy(loader.loadClass("shop.Shop"));
                        }));
              }
              for (Future<String> call : calls) {
                results.add(call.get(200, TimeUnit.SECONDS));
              }
            }
            pool.shutdown();
            results.forEach(System.out::println);
            """,
            "");

    assertThat(jvm.out()).containsExactly("suspended, tea for 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "ea"})
  void aLoaderIsCollectableWhenItsCallsHaveEnded(String engine) throws Exception {
    ForkedJvm jvm =
        run(
            engine,
            """
            List<WeakReference<ClassLoader>> used = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
              used.add(use(one));
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(200);
            while (used.stream().anyMatch(loader -> loader.get() != null)
                && System.nanoTime() < deadline) {
              System.gc();
              Thread.onSpinWait();
            }
            System.out.println(
                used.stream().filter(loader -> loader.get() != null).count() + " are kept");
            """,
            """
              static WeakReference<ClassLoader> use(String classes) throws Exception {
                try (URLClassLoader loader = Calls.over(classes, Main.class.getClassLoader())) {
                  System.out.println(Calls.buy(loader.loadClass("shop.Shop")));
                  return new WeakReference<>(loader);
                }
              }
            """);

    assertThat(jvm.out()).hasSize(6).endsWith("0 are kept");
  }
}
