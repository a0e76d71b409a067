package dev.weft.weaver.agent;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Attaching says what is wrong when the class does not come from the self-contained jar. */
class SelfAttachTest {
  @Test
  void theUnshadedWeaverIsRefused() {
    assertThatThrownBy(WeaverAgent::attach)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("cannot attach the weaver to this JVM: ")
        .hasMessageContaining("is not async-weaver-agent.jar")
        .hasMessageEndingWith(
            "Start it with -javaagent:async-weaver-agent.jar, or weave when building");
  }
}
