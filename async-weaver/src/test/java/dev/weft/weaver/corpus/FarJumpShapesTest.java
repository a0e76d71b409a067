package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Async methods of such a size that their jumps reach the border of 32 KiB, before they are woven
 * or only then, do what they do when their awaits block.
 */
class FarJumpShapesTest {
  private static final BlockingWorld BLOCKING = new BlockingWorld();

  /**
   * 700 statements make 24 KB as compiled and 26 KB woven, 960 make 33 and 37: between them lie the
   * sizes at which weaving alone makes jumps far.
   */
  @ParameterizedTest
  @CsvSource({
    "700, 2, -g",
    "800, 2, -g:none",
    "850, 2, -g",
    "900, 2, -g:none",
    "960, 2, -g",
    "960, 53, -g:none",
    "1200, 53, -g",
    "600, 200, -g:none",
    "500, 300, -g"
  })
  void aLoopAroundATryRunsLikeItsBlockingSelf(int statements, int locals, String debug) {
    Shape shape = new Shape("FarJumps", source(statements, locals, 0));
    Map<String, byte[]> compiled = compiled(shape, debug);
    String ready = BLOCKING.run(shape, compiled, Readiness.READY, 0).outcome();
    String failed = BLOCKING.run(shape, compiled, Readiness.ALTERNATING, 11).outcome();

    for (Engine engine : List.of(Engine.EA, Engine.DIRECT)) {
      if (engine == Engine.EA && locals > 200) {
        continue; // more than its frames hold
      }
      for (FrameMode mode : FrameMode.values()) {
        WovenShape woven = new WovenShape(shape, compiled, mode, engine);
        assertThat(woven.diagnostics()).as("%s %s", engine, mode).isEmpty();
        assertThat(woven.run(Readiness.READY, 0).outcome()).isEqualTo(ready);
        assertThat(woven.run(Readiness.ALTERNATING, 0).outcome()).isEqualTo(ready);
        assertThat(woven.run(Readiness.ALTERNATING, 11).outcome()).isEqualTo(failed);
        assertThat(woven.changedByWeavingAgain()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EA", "DIRECT"})
  void upTo64KiBOfWovenCodeAreWovenAndBeyondThatRefused(Engine engine) {
    int most = 0;
    for (int step = 1024; step > 0; step /= 2) {
      if (withAwaits(most + step, engine).diagnostics().isEmpty()) {
        most += step;
      }
    }

    WovenShape largest = withAwaits(most, engine);
    // What EA Async emits has to fit as well, and is longer than what Weft makes of it.
    int atLeast = engine == Engine.EA ? 60_000 : 65_535 - 300;
    assertThat(largestMethod(largest)).isBetween(atLeast, 65_535);
    Shape shape = new Shape("FarJumps", source(800, 2, most));
    assertThat(largest.run(Readiness.ALTERNATING, 0).outcome())
        .isEqualTo(BLOCKING.run(shape, compiled(shape, "-g:none"), Readiness.READY, 0).outcome());
    assertThat(withAwaits(most + 1, engine).diagnostics())
        .singleElement()
        .asString()
        .contains("[WEFT021]", "method run", "64 KiB that a method may have");
  }

  private static WovenShape withAwaits(int awaits, Engine engine) {
    Shape shape = new Shape("FarJumps", source(800, 2, awaits));
    return new WovenShape(shape, compiled(shape, "-g:none"), FrameMode.CLASS_FILES, engine);
  }

  /** As the warning says of methods that HotSpot would not compile. */
  private static int largestMethod(WovenShape woven) {
    return woven.warnings().stream()
        .map(Pattern.compile("has (\\d+) bytes of code")::matcher)
        .filter(Matcher::find)
        .mapToInt(size -> Integer.parseInt(size.group(1)))
        .max()
        .orElseThrow();
  }

  private static Map<String, byte[]> compiled(Shape shape, String debug) {
    return Objects.requireNonNull(
        InMemoryCompiler.newest(debug).compile(List.of(shape)).get(shape));
  }

  /**
   * A loop around a condition around a try with a finally: its branches span all statements, of
   * which about twenty await; more awaits follow it.
   */
  private static String source(int statements, int locals, int awaits) {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < locals; i++) {
      code.append("int v%d = %d; ".formatted(i, i + 1));
    }
    code.append(
        "int x = 1, y = 2;\nfor (int k = 0; k < 2; k++) { try { if (await(s.of(k)) == 1) {\n");
    for (int i = 0; i < statements; i++) {
      code.append(
          i % Math.max(3, statements / 20) == 0
              ? "x += await(s.of(%1$d)) * %1$d + y; y ^= x; v%2$d += x;\n".formatted(i, i % locals)
              : "x += y * %1$d + (y ^ %2$d); y ^= x + %3$d; if (x == %1$d) y++;\n"
                  .formatted(i, i * 7, i * 131));
    }
    code.append("} else { y += await(s.of(5)); if (y > 100) continue; } y++;\n");
    code.append("} catch (IllegalStateException e) { x++; s.log(\"caught\"); }");
    code.append(" finally { x += k; } }\n");
    code.append("x ^= await(s.of(x + y));\n".repeat(awaits)).append("int sum = 0;\n");
    for (int i = 0; i < locals; i++) {
      code.append("sum += v%d; ".formatted(i));
    }
    return """
        package shapes;
        import static dev.weft.Async.await;
        class FarJumps {
          static java.util.concurrent.CompletableFuture<Object> run(dev.weft.weaver.corpus.Source s) {
            %s
            return s.of((Object) (x + " " + y + " " + sum));
          }
        }
        """
        .formatted(code);
  }
}
