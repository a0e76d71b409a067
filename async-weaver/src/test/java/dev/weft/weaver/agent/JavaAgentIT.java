package dev.weft.weaver.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.files.DirectoryWeaver;
import dev.weft.weaver.files.SmallProject;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged agent weaves classes that no build has woven, in a JVM started with it. */
class JavaAgentIT {
  private static final String MAIN =
      """
      package app;

      import static dev.weft.Async.await;

      import dev.weft.Async;
      import java.util.concurrent.CompletableFuture;
      import java.util.concurrent.TimeUnit;

      public class Main {
        static CompletableFuture<String> greet(CompletableFuture<String> name) {
          String greeting = "hello ";
          return Async.done(greeting + await(name));
        }

        public static void main(String[] arguments) throws Exception {
          CompletableFuture<String> name = new CompletableFuture<>();
          CompletableFuture<String> greeting = greet(name);
          System.out.println(greeting.isDone() ? "done" : "suspended");
          name.complete("weft");
          System.out.println(greeting.get(200, TimeUnit.SECONDS));
        }
      }
      """;

  @TempDir Path root;

  private SmallProject project;

  @BeforeEach
  void project() {
    project = new SmallProject(root);
  }

  private ForkedJvm run(String agentOptions, String... more) throws Exception {
    String[] options = java.util.Arrays.copyOf(more, more.length + 1);
    options[more.length] = ForkedJvm.agent(agentOptions);
    return ForkedJvm.runMain(root, project, options);
  }

  @Test
  void aClassThatNoBuildHasWovenSuspendsAndGoesOn() throws Exception {
    project.compile("app/Main", MAIN);

    ForkedJvm jvm = run("", "-Xverify:all");

    assertThat(jvm.out()).containsExactly("suspended", "hello weft");
    assertThat(jvm.errWithoutJvmWarnings()).isEmpty();
    assertThat(jvm.exitCode()).isZero();
  }

  @Test
  void aSuspendedFrameSaysWhereItStands() throws Exception {
    project.compile(
        "app/Main",
        """
        package app;
        import static dev.weft.Async.await;
        import dev.weft.Async;
        import dev.weft.Task;
        import dev.weft.frame.Frame;
        import java.util.concurrent.CompletableFuture;
        public class Main {
          static Task<Integer> sum(CompletableFuture<Integer> a) {
            int sum = 2;
            sum += await(a);
            return Async.done(sum);
          }

          public static void main(String[] arguments) throws Exception {
            var table = Frame.class.getDeclaredMethod("awaitTable");
            table.setAccessible(true);
            System.out.println(table.invoke(sum(new CompletableFuture<>())));
          }
        }
        """);

    ForkedJvm jvm = run("");

    assertThat(jvm.err()).isEmpty();
    assertThat(jvm.out()).containsExactly("app.Main\tsum\tMain.java\t10");
  }

  @Test
  void itHasNothingToSay() throws Exception {
    project.compile("app/Main", MAIN);

    assertThat(run("").err()).isEmpty();
  }

  @Test
  void classesOfOtherLoadersAreWoven() throws Exception {
    SmallProject plugin = new SmallProject(root.resolve("plugin"));
    plugin.compile("app/Main", MAIN);
    project.compile(
        "app/Main",
        """
        package app;
        public class Main {
          public static void main(String[] arguments) throws Exception {
            var url = java.nio.file.Path.of("%s").toUri().toURL();
            var loader = new java.net.URLClassLoader(new java.net.URL[] {url}) {
              @Override
              protected Class<?> loadClass(String name, boolean resolve)
                  throws ClassNotFoundException {
                return name.startsWith("app.") ? findClass(name) : super.loadClass(name, resolve);
              }
            };
            loader.loadClass("app.Main").getMethod("main", String[].class)
                .invoke(null, (Object) arguments);
          }
        }
        """
            .formatted(plugin.classes().toString().replace("\\", "\\\\")));

    ForkedJvm jvm = run("");

    assertThat(jvm.err()).isEmpty();
    assertThat(jvm.out()).containsExactly("suspended", "hello weft");
  }

  @Test
  void aClassThatIsDefinedWithoutANameIsWoven() throws Exception {
    SmallProject plugin = new SmallProject(root.resolve("plugin"));
    plugin.compile("plug/Main", MAIN.replace("package app;", "package plug;"));
    project.compile(
        "app/Main",
        """
        package app;
        import java.nio.file.Files;
        import java.nio.file.Path;
        public class Main {
          public static void main(String[] arguments) throws Exception {
            byte[] bytes = Files.readAllBytes(Path.of("%s"));
            Class<?> type = new ClassLoader(Main.class.getClassLoader()) {
              Class<?> define() {
                return defineClass(null, bytes, 0, bytes.length);
              }
            }.define();
            type.getMethod("main", String[].class).invoke(null, (Object) arguments);
          }
        }
        """
            .formatted(plugin.classFile("plug/Main").toString().replace("\\", "\\\\")));

    assertThat(run("", "-Xverify:all").out()).containsExactly("suspended", "hello weft");
    assertThat(run("=include=plug").out()).containsExactly("suspended", "hello weft");
    assertThat(run("=include=app").err()).anyMatch(line -> line.contains("plug.Main.greet"));
  }

  @Test
  void aClassThatTheBuildHasWovenIsLeftAlone() throws Exception {
    project.compile("app/Main", MAIN);
    new DirectoryWeaver(new Weaver(name -> null, FrameMode.CLASS_FILES)).weave(project.classes());

    ForkedJvm jvm = run("");

    assertThat(jvm.err()).isEmpty();
    assertThat(jvm.out()).containsExactly("suspended", "hello weft");
  }

  @Test
  void whatCannotBeWovenIsLoggedAndItsAwaitThrows() throws Exception {
    project.compile("shop/Locked", SmallProject.LOCKED);
    project.compile(
        "app/Main",
        """
        package app;
        public class Main {
          public static void main(String[] arguments) {
            try {
              shop.Locked.peek(new java.util.concurrent.CompletableFuture<>());
            } catch (IllegalStateException e) {
              System.out.println(e.getMessage());
            }
          }
        }
        """);

    ForkedJvm jvm = run("");

    assertThat(jvm.err())
        .anyMatch(line -> line.contains("not woven: Locked.java:6: error: [WEFT009] "));
    assertThat(jvm.out()).singleElement().asString().contains("shop.Locked.peek");
    assertThat(jvm.exitCode()).isZero();
  }

  @Test
  void onlyWhatIsIncludedIsWoven() throws Exception {
    project.compile("app/Main", MAIN);

    assertThat(run("=include=app").out()).containsExactly("suspended", "hello weft");
    assertThat(run("=include=ap").err())
        .anyMatch(
            line -> line.contains("IllegalStateException") && line.contains("app.Main.greet"));
  }

  @Test
  void anOptionThatDoesNotExistEndsTheJvmWithOneLine() throws Exception {
    project.compile("app/Main", MAIN);

    ForkedJvm jvm = run("=fast");

    assertThat(jvm.exitCode()).isEqualTo(2);
    assertThat(jvm.out()).isEmpty();
    assertThat(jvm.err())
        .singleElement()
        .asString()
        .startsWith("weft agent: cannot read the option");
  }

  @Test
  void theApplicationSeesNothingOfWhatTheWeaverIsMadeOf() throws Exception {
    project.compile(
        "app/Main",
        """
        package app;
        public class Main {
          public static void main(String[] arguments) {
            for (String name :
                new String[] {
                  "dev.weft.weaver.agent.WeaverAgent",
                  "org.objectweb.asm.ClassReader",
                  "com.ea.async.instrumentation.Transformer",
                  "picocli.CommandLine"
                }) {
              try {
                Class.forName(name);
                System.out.println("there is " + name);
              } catch (ClassNotFoundException e) {
                System.out.println("no " + name);
              }
            }
          }
        }
        """);

    assertThat(run("").out())
        .containsExactly(
            "there is dev.weft.weaver.agent.WeaverAgent",
            "no org.objectweb.asm.ClassReader",
            "no com.ea.async.instrumentation.Transformer",
            "no picocli.CommandLine");
  }
}
