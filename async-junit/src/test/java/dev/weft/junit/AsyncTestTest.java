package dev.weft.junit;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.Events;

/** A method that returns a future is a test as any other. */
class AsyncTestTest {
  static final List<String> SEEN = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void forget() {
    SEEN.clear();
  }

  // ---- its outcome

  static class Outcomes {
    @AsyncTest
    Task<Void> passes(VirtualClock clock) {
      await(Async.sleep(Duration.ofHours(1)));
      assertThat(clock.elapsed()).isEqualTo(Duration.ofHours(1));
      return done();
    }

    @AsyncTest
    CompletableFuture<String> mayHaveAValue() {
      return CompletableFuture.completedFuture("value");
    }

    @AsyncTest
    CompletionStage<Void> needNotAwait(AsyncExecutor executor) {
      return executor.sleep(Duration.ofSeconds(1));
    }

    @AsyncTest
    void mayReturnNothing() {
      SEEN.add(Thread.currentThread().getName());
    }

    @AsyncTest
    Task<Void> failsBeforeItsFirstAwait() throws IOException {
      if (SEEN != null) {
        throw new IOException("early");
      }
      await(Async.sleep(Duration.ofSeconds(1)));
      return done();
    }

    @AsyncTest
    Task<Void> failsLater() throws IOException {
      await(Async.sleep(Duration.ofSeconds(1)));
      throw new IOException("late");
    }

    @AsyncTest
    Task<Void> returnsNull() {
      return null;
    }

    @AsyncTest
    Task<Void> isAborted() {
      await(Async.sleep(Duration.ofSeconds(1)));
      Assumptions.assumeTrue(SEEN == null, "not today");
      return done();
    }
  }

  @Test
  void passesFailsAndAbortsAsItsFutureDoes() {
    Events tests = Kit.run(Outcomes.class);
    tests.assertStatistics(count -> count.started(8).succeeded(4).failed(3).aborted(1));
    assertThat(Kit.failures(tests))
        .extracting(Throwable::getMessage)
        .containsExactlyInAnyOrder(
            "early", "late", "the test has returned null instead of a future");
    assertThat(SEEN).singleElement().asString().startsWith("async-test");
  }

  // ---- what is around it

  abstract static class Inherited {
    @AsyncTest
    Task<Void> ofTheSuperclass(AsyncExecutor executor) {
      await(executor.sleep(Duration.ofSeconds(1)));
      SEEN.add("superclass");
      return done();
    }
  }

  interface Contract {
    String subject();

    @AsyncTest
    default CompletionStage<Void> ofTheInterface() {
      await(Async.sleep(Duration.ofSeconds(1)));
      SEEN.add("interface of " + subject());
      return done();
    }
  }

  static class Lifecycle extends Inherited implements Contract {
    private AsyncExecutor executor;

    @BeforeEach
    void before(AsyncExecutor executor) throws Exception {
      this.executor = executor;
      executor.blockOn(() -> executor.sleep(Duration.ofSeconds(1)));
    }

    @AfterEach
    void after(VirtualClock clock) {
      SEEN.add("after " + clock.elapsed().toSeconds() + " s");
    }

    @Override
    public String subject() {
      return "this";
    }

    @Nested
    class Inner {
      @AsyncTest
      @Tag("nested")
      @DisplayName("a name of its own")
      Task<Void> seesTheExecutorOfBeforeEach(AsyncExecutor own, TestInfo info) {
        assertThat(own).isSameAs(executor).isSameAs(AsyncExecutor.current());
        await(Async.sleep(Duration.ofSeconds(2)));
        SEEN.add(info.getTags() + " inner");
        return done();
      }
    }
  }

  @Test
  void methodsAroundItClassesWithinItAndAboveItWork() {
    Kit.run(Lifecycle.class).assertStatistics(count -> count.started(3).succeeded(3));
    assertThat(SEEN)
        .containsExactlyInAnyOrder(
            "superclass",
            "after 2 s",
            "interface of this",
            "after 2 s",
            "[nested] inner",
            "after 3 s");
  }

  static class Templates {
    @AsyncTest
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    Task<Void> withArguments(int seconds, VirtualClock clock) {
      await(Async.sleep(Duration.ofSeconds(seconds)));
      SEEN.add(seconds + "=" + clock.elapsed().toSeconds());
      return done();
    }

    @AsyncTest
    @RepeatedTest(2)
    Task<Void> repeated() {
      await(Async.sleep(Duration.ofSeconds(1)));
      SEEN.add("repeated");
      return done();
    }
  }

  @Test
  void otherTemplatesKeepTheirInvocations() {
    Kit.run(Templates.class).assertStatistics(count -> count.started(5).succeeded(5));
    assertThat(SEEN).containsExactlyInAnyOrder("1=1", "2=2", "3=3", "repeated", "repeated");
  }

  static class TooLong {
    @AsyncTest
    @Timeout(value = 100, unit = TimeUnit.MILLISECONDS)
    Task<Void> hangs() {
      try {
        SEEN.add("begun");
        await(new Task<>());
        return done();
      } finally {
        SEEN.add("cancelled");
      }
    }
  }

  @Test
  void junitsTimeoutCancelsIt() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    do {
      assertThat(Kit.failure(TooLong.class)).hasMessageContaining("timed out");
      // On a busy machine the time may be over before the method has begun.
    } while (SEEN.isEmpty() && System.nanoTime() < deadline);
    assertThat(SEEN).containsExactly("begun", "cancelled");
  }

  // ---- what it runs on

  static class Executors {
    @AsyncTest(on = RunOn.NODE)
    Task<Void> node(NodeExecutor executor) {
      await(Async.sleep(Duration.ofMillis(1)));
      assertThat(AsyncExecutor.current()).isSameAs(executor);
      return done();
    }

    @AsyncTest(on = RunOn.WORK_STEALING)
    Task<Void> stealing(WorkStealingExecutor executor) {
      await(Async.sleep(Duration.ofMillis(1)));
      assertThat(AsyncExecutor.current()).isSameAs(executor);
      assertThat(executor.trace()).isEmpty();
      return done();
    }

    @AsyncTest(on = RunOn.VIRTUAL_TIME)
    Task<Void> virtual(WorkStealingExecutor executor, VirtualClock clock) {
      await(Async.sleep(Duration.ofDays(1)));
      assertThat(executor.trace()).isEmpty();
      assertThat(clock.elapsed()).isEqualTo(Duration.ofDays(1));
      return done();
    }

    @AsyncTest
    Task<Void> deterministic(WorkStealingExecutor executor) {
      await(Async.sleep(Duration.ofDays(1)));
      assertThat(executor.trace()).isNotEmpty();
      return done();
    }
  }

  @Test
  void runsOnEachKindOfExecutor() {
    Kit.run(Executors.class).assertStatistics(count -> count.started(4).succeeded(4));
  }

  static class NoSuchParameter {
    @AsyncTest(on = RunOn.NODE)
    Task<Void> nodeHasNoVirtualTime(VirtualClock clock) {
      return done();
    }
  }

  @Test
  void aParameterThatTheExecutorHasNotIsRefused() {
    assertThat(Kit.failure(NoSuchParameter.class))
        .hasMessageContaining("a test on RunOn.NODE has no VirtualClock");
  }
}
