package dev.weft.weaver.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.files.DirectoryWeaver;
import dev.weft.weaver.files.SmallProject;
import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
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
          midway();
          name.complete("weft");
          System.out.println(greeting.get(20, TimeUnit.SECONDS));
        }

        static void midway() throws Exception {}
      }
      """;

  @TempDir Path root;

  private SmallProject project;

  @BeforeEach
  void project() {
    project = new SmallProject(root);
  }

  private ForkedJvm run(String agentOptions, String... more) throws Exception {
    String[] arguments = java.util.Arrays.copyOf(more, more.length + 4);
    arguments[more.length] = "-javaagent:" + ForkedJvm.agentJar() + agentOptions;
    arguments[more.length + 1] = "-cp";
    arguments[more.length + 2] =
        project.classes() + File.pathSeparator + SmallProject.runtimePath();
    arguments[more.length + 3] = "app.Main";
    return ForkedJvm.run(root, arguments);
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

  /** Another agent, a debugger's or a profiler's, retransforms a class while it is suspended. */
  @Test
  void aWovenClassCanBeRetransformed() throws Exception {
    project.compile(
        "other/Agent",
        """
        package other;
        import java.lang.instrument.Instrumentation;
        public class Agent {
          public static Instrumentation instrumentation;
          public static void premain(String options, Instrumentation i) { instrumentation = i; }
        }
        """);
    project.compile(
        "app/Main",
        MAIN.replace(
            "midway() throws Exception {}",
            """
            midway() throws Exception {
              other.Agent.instrumentation.retransformClasses(Main.class);
              System.out.println("retransformed");
            }
            """));

    ForkedJvm jvm = run("", "-javaagent:" + otherAgentJar());

    assertThat(jvm.err()).isEmpty();
    assertThat(jvm.out()).containsExactly("suspended", "retransformed", "hello weft");
  }

  private Path otherAgentJar() throws Exception {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", "other.Agent");
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    Path jar = root.resolve("other.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      out.putNextEntry(new JarEntry("other/Agent.class"));
      out.write(Files.readAllBytes(project.classFile("other/Agent")));
    }
    return jar;
  }
}
