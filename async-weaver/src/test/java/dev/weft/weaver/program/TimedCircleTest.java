package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A limit ends a circle of calls, in which what is late is looked for. */
class TimedCircleTest {
  @TempDir private Path folder;

  @Test
  void theLimitIsToldAndEndsIt() throws Exception {
    WovenProgram.End end = new WovenProgram(TimedCircle.class, folder).run(List.of());

    assertThat(end.status()).as(end.output()).isZero();
    assertThat(end.output()).contains("TimeoutException", "TimedCircle.java:");
  }
}
