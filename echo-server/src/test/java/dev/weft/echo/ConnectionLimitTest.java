package dev.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A place is given to who waits for it, and never to two. */
class ConnectionLimitTest {
  @Test
  void aReleasedPlaceGoesToTheOneThatWaits() {
    ConnectionLimit limit = new ConnectionLimit(1);
    assertThat(limit.acquire()).isCompleted();
    Task<@Nullable Void> second = limit.acquire();
    assertThat(second).isNotDone();
    limit.release();
    assertThat(second).isCompleted();
    limit.release();
    assertThat(limit.acquire()).isCompleted();
    assertThat(limit.acquire()).isNotDone();
  }
}
