package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not used after an await can be collected during it. */
class DeadBufferTest {
  @TempDir private Path folder;

  @Test
  void aDeadBufferIsCollectedDuringTheAwait() throws Exception {
    WovenProgram.End end = new WovenProgram(DeadBuffer.class, folder).run(List.of("-Xmx64m"));

    assertThat(end.output())
        .isEqualTo(
            """
            first: collected
            second: collected
            third: collected
            the call ended with 30000006\
            """);
  }
}
