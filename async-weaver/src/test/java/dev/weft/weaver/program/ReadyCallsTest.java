package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Awaits of calls that have their value need no future, and are awaits in all else. */
class ReadyCallsTest {
  /** Woven with it, a class has no bare entries. */
  private static final WeaverOptions WITHOUT = WeaverOptions.DEFAULT.withDebug(true);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void allocateNothing(Engine engine) throws Exception {
    long bytes = Long.parseLong(run(engine, "bytes"));

    // What the outermost method returns, and no more; with room for other object headers.
    assertThat(bytes).isBetween(16L, 48L);
  }

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void letOthersRun(Engine engine) throws Exception {
    assertThat(run(engine, "turns")).isEqualTo("had its turn\nstopped\n2");
  }

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void suspendInNodeModeAsOthersDo(Engine engine) throws Exception {
    String order = run(engine, "node");

    assertThat(order).startsWith("a: value 1\nb: value 1\n").contains("failed true");
    assertThat(order).isEqualTo(run(WITHOUT, "node"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void goOnElsewhere(Engine engine) throws Exception {
    String order = run(engine, "stealing");

    assertThat(order).contains("a: value 1\na: nothing\n").contains("failed true");
    assertThat(order).isEqualTo(run(WITHOUT, "stealing"));
  }

  private String run(Engine engine, String what) throws Exception {
    return run(WeaverOptions.DEFAULT.withEngine(engine), what);
  }

  private String run(WeaverOptions options, String what) throws Exception {
    WovenProgram.End end =
        new WovenProgram(ReadyCalls.class, folder, options).run(List.of("-Xint"), what);
    assertThat(end.status()).as(end.output()).isZero();
    return end.output();
  }
}
