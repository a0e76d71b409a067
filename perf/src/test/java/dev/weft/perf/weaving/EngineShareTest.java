package dev.weft.perf.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.MethodReport;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The weaver that is left to choose has EA Async split almost all methods that there are to weave:
 * those of its corpus, of the example, and of this module, the last two as the build has woven
 * them.
 */
class EngineShareTest {
  private static final double LEAST_BY_EA = 0.8;

  private final Weaver weaver =
      new Weaver(
          ClassSource.of(EngineShareTest.class.getClassLoader()),
          FrameMode.CLASS_FILES,
          WeaverOptions.DEFAULT);

  /** Maven hands on to the tests what it was told by {@code -D}. */
  @BeforeEach
  void theBuildWasLeftToChoose() {
    String engine = System.getProperty("weft.engine", "auto");
    assumeTrue(engine.equals("auto"), "the build was told to weave by -Dweft.engine=" + engine);
  }

  @Test
  void fourOfFiveMethodsAreSplitByEaAsync() throws IOException {
    Map<String, List<byte[]>> classes = new TreeMap<>();
    classes.put("corpus", ClassFiles.corpus());
    classes.put("echo-server", ClassFiles.named("dev/weft/echo/"));
    classes.put("perf", ClassFiles.named("dev/weft/perf/"));
    List<String> others = new ArrayList<>();
    int all = 0;
    int byEa = 0;
    for (Map.Entry<String, List<byte[]>> set : classes.entrySet()) {
      int methods = 0;
      int ofThese = 0;
      for (byte[] classFile : set.getValue()) {
        WeaveResult result = weaver.explain(classFile);
        for (MethodReport method : result.methods()) {
          methods++;
          if (method.engine() == Engine.EA) {
            ofThese++;
          } else {
            others.add(result.className() + "." + method.name() + ": " + method.reason());
          }
        }
      }
      System.out.printf("%s: %d of %d methods by EA Async%n", set.getKey(), ofThese, methods);
      assertThat(methods).as("methods that await in %s", set.getKey()).isPositive();
      all += methods;
      byEa += ofThese;
    }
    others.forEach(other -> System.out.println("by direct: " + other));
    assertThat(byEa).as("of %d, without %s", all, others).isGreaterThanOrEqualTo(share(all));
  }

  private static int share(int all) {
    return (int) Math.ceil(LEAST_BY_EA * all);
  }

  @Test
  void theEchoServersHandlerIsSplitByEaAsync() throws Exception {
    Process explain =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weft.weaver.cli.Main",
                "explain",
                "dev.weft.echo.EchoHandler",
                "-cp",
                System.getProperty("java.class.path"))
            .redirectErrorStream(true)
            .start();
    String out = new String(explain.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    System.out.print(out);
    assertThat(explain.waitFor()).as(out).isZero();
    assertThat(out.lines())
        .anyMatch(line -> line.matches("CompletableFuture echo\\(TcpStream\\), line \\d+"))
        .contains(
            "  engine: EA Async"
                + " (it splits the method right, and HotSpot compiles what it makes of it)");
  }
}
