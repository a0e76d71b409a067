package dev.weft.weaver.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.files.SmallProject;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.tools.ExecFileLoader;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * JaCoCo's agent and the weaver's in one JVM: whichever comes first, the woven class works, and the
 * report on the class as it was compiled has every line that ran and no other.
 */
class CoverageIT {
  /** The comments say what is covered. */
  private static final String MAIN =
      """
      package app;

      import static dev.weft.Async.await;

      import dev.weft.Async;
      import java.util.concurrent.CompletableFuture;
      import java.util.concurrent.TimeUnit;

      public class Main {
        static CompletableFuture<String> greet(CompletableFuture<String> name, boolean loudly) {
          String greeting = "hello "; // runs
          greeting += await(name); // runs
          if (loudly) { // runs
            greeting += await(name); // not
          }
          return Async.done(greeting); // runs
        }

        static CompletableFuture<String> never(CompletableFuture<String> name) {
          String greeting = await(name); // not
          return Async.done(greeting); // not
        }

        public static void main(String[] arguments) throws Exception {
          CompletableFuture<String> name = new CompletableFuture<>(); // runs
          CompletableFuture<String> greeting = greet(name, false); // runs
          System.out.println(greeting.isDone() ? "done" : "suspended"); // runs
          name.complete("weft"); // runs
          System.out.println(greeting.get(200, TimeUnit.SECONDS)); // runs
        } // runs
      }
      """;

  @TempDir Path root;

  @ParameterizedTest
  @CsvSource({"weft, direct", "weft, ea", "jacoco, direct", "jacoco, ea"})
  void coverageIsRecordedWhicheverAgentComesFirst(String first, String engine) throws Exception {
    SmallProject project = new SmallProject(root).compile("app/Main", MAIN);
    Path recorded = root.resolve("jacoco.exec");
    String weft = ForkedJvm.agent("=include=app,engine=" + engine);
    String jacoco = "-javaagent:" + jacocoJar() + "=includes=app.*,destfile=" + recorded;

    ForkedJvm jvm =
        first.equals("weft")
            ? ForkedJvm.runMain(root, project, weft, jacoco, "-Xverify:all")
            : ForkedJvm.runMain(root, project, jacoco, weft, "-Xverify:all");

    assertThat(jvm.out()).containsExactly("suspended", "hello weft");
    assertThat(jvm.errWithoutJvmWarnings()).isEmpty();
    IClassCoverage coverage = coverage(recorded, project.classFile("app/Main"));
    assertThat(coverage.isNoMatch())
        .as("JaCoCo has seen another class than was compiled")
        .isFalse();
    assertThat(linesThatRan(coverage)).isEqualTo(linesMarked("// runs"));
    assertThat(linesThatDidNot(coverage)).containsAll(linesMarked("// not"));
  }

  private static Path jacocoJar() throws URISyntaxException, ClassNotFoundException {
    Class<?> inside = Class.forName("org.jacoco.agent.rt.RT");
    return Path.of(inside.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static IClassCoverage coverage(Path recorded, Path classFile) throws IOException {
    ExecFileLoader data = new ExecFileLoader();
    data.load(recorded.toFile());
    CoverageBuilder builder = new CoverageBuilder();
    new Analyzer(data.getExecutionDataStore(), builder)
        .analyzeClass(Files.readAllBytes(classFile), "app/Main");
    return builder.getClasses().iterator().next();
  }

  private static List<Integer> linesThatRan(IClassCoverage coverage) {
    return lines(coverage, true);
  }

  private static List<Integer> linesThatDidNot(IClassCoverage coverage) {
    return lines(coverage, false);
  }

  private static List<Integer> lines(IClassCoverage coverage, boolean ran) {
    List<Integer> lines = new ArrayList<>();
    for (int line = coverage.getFirstLine(); line <= coverage.getLastLine(); line++) {
      int status = coverage.getLine(line).getStatus();
      if (status != ICounter.EMPTY && (status != ICounter.NOT_COVERED) == ran) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static List<Integer> linesMarked(String comment) {
    List<String> source = MAIN.lines().toList();
    List<Integer> lines = new ArrayList<>();
    for (int i = 0; i < source.size(); i++) {
      if (source.get(i).endsWith(comment)) {
        lines.add(i + 1);
      }
    }
    return lines;
  }
}
