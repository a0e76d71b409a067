package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What EA Async's users have to add to code that is confined to the completing thread. */
class ConfinedToThreadTest {
  @TempDir private Path folder;

  @Test
  void onBringsItBackToTheEventThread() throws Exception {
    WovenProgram.End run =
        new WovenProgram(ConfinedToThread.class, folder).run(List.of("-Djava.awt.headless=true"));

    assertThat(run.output())
        .contains("anywhere: loaded elsewhere", "on: loaded there", "scoped: loaded there");
    assertThat(run.status()).isZero();
  }
}
