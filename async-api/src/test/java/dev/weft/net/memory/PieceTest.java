package dev.weft.net.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.OtherJvm;
import io.netty.util.internal.PlatformDependent;
import org.junit.jupiter.api.Test;

/** A receive buffer is as any other of Netty's, and its memory comes back. */
class PieceTest {
  @Test
  void ofTheKindThatThisJvmHas() throws Exception {
    PieceChecks.all();
  }

  /** In a JVM of its own, of the kind that this one has not. */
  @Test
  void ofTheOtherKind() throws Exception {
    assertThat(OtherJvm.run(PieceChecks.class, OtherJvm.withOrWithoutUnsafe()))
        .contains("well, with Unsafe: " + !PlatformDependent.hasUnsafe());
  }
}
