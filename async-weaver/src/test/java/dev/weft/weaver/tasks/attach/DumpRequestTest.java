package dev.weft.weaver.tasks.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agent is asked for is what it was sent. */
class DumpRequestTest {
  @Test
  void itIsReadAsItWasWritten() {
    for (DumpFormat format : DumpFormat.values()) {
      for (boolean locals : new boolean[] {true, false}) {
        DumpRequest request = new DumpRequest(format, locals, !locals, Path.of("/tmp/a:b.txt"));
        assertThat(DumpRequest.isOne(request.options())).isTrue();
        assertThat(DumpRequest.parse(request.options())).isEqualTo(request);
      }
    }
  }

  @Test
  void otherOptionsAreForWeaving() {
    assertThat(DumpRequest.isOne(null)).isFalse();
    assertThat(DumpRequest.isOne("engine=direct")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tasks=", "tasks=text", "tasks=text:", "tasks=xml:/a", "tasks=text+all:/a"})
  void whatIsWrongIsSaidWithAnExample(String options) {
    assertThatThrownBy(() -> DumpRequest.parse(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + options + "'")
        .hasMessageContaining("tasks=text+locals:/tmp/tasks.txt");
  }
}
