package dev.weft.net.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.OtherJvm;
import org.junit.jupiter.api.Test;

/** A JVM that has less direct memory than the connections may have goes on with what there is. */
class NoMemoryTest {
  @Test
  void whatIsThereIsSharedAndThatIsSaidOnce() throws Exception {
    String output = OtherJvm.run(WithoutDirectMemory.class, "-XX:MaxDirectMemorySize=1m");
    assertThat(output).contains("went on with ");
    assertThat(output.split("The JVM has no more direct memory", -1)).hasSize(2);
    assertThat(output).contains("-XX:MaxDirectMemorySize");
  }
}
