package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Native code gets at the memory of a buffer with {@code Unsafe}, without it by what JDK 22 has for
 * that, or through a {@code ByteBuffer}; the same comes and goes.
 */
@EnabledOnOs(OS.LINUX)
class BufferMemoryTest {
  @Test
  void asThisJvmDoes() throws Exception {
    EchoBySizes.run();
  }

  /** In a JVM of its own, the other way. */
  @Test
  void theOtherWay() throws Exception {
    assertThat(OtherJvm.run(EchoBySizes.class, OtherJvm.withOrWithoutUnsafe()))
        .contains("well, with Unsafe: " + !PlatformDependent.hasUnsafe());
  }
}
