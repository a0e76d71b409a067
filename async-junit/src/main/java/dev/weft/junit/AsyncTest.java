package dev.weft.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that awaits: a method of a JUnit Jupiter test class that returns a {@code
 * CompletionStage}, a {@code CompletableFuture} or a {@link dev.weft.Task}. It passes if that
 * completes with a value.
 *
 * <pre>{@code
 * class PriceTest {
 *   @AsyncTest
 *   Task<Void> isAskedForAgainAfterAMinute(VirtualClock clock) {
 *     await(Async.sleep(Duration.ofMinutes(1))); // takes no time
 *     assertThat(clock.elapsed()).isEqualTo(Duration.ofMinutes(1));
 *     return done();
 *   }
 *
 *   @AsyncTest(seeds = 100)
 *   Task<Void> bothOrdersGiveOneSum() {
 *     Task<Integer> low = Async.spawn(() -> countPrimes(0, 1_000));
 *     Task<Integer> high = Async.spawn(() -> countPrimes(1_000, 2_000));
 *     assertThat(await(low) + await(high)).isEqualTo(303);
 *     return done();
 *   }
 * }
 * }</pre>
 *
 * <p>The method is called on a thread of an executor of its own; {@link #on} says of which kind. By
 * default the run is deterministic: time is virtual, and the order of tasks goes by {@link #seed}.
 * Parameters of the types {@code AsyncExecutor}, {@code WorkStealingExecutor}, {@code NodeExecutor}
 * and {@code VirtualClock} get that executor and its clock, also in the class's {@code @BeforeEach}
 * and {@code @AfterEach} methods. Those run on JUnit's thread, before and after, and so may block,
 * in {@code executor.blockOn(..)} for example. A method that returns nothing may be an
 * {@code @AsyncTest} too, and cannot await.
 *
 * <p><b>No task is left behind.</b> A test fails if a task that it has started, a call that nobody
 * awaits, or a blocking call is still alive when its future has completed; the message names each
 * with the line where it stands. So it does if a task has failed and nobody has looked at its
 * outcome. {@link #leavesTasks} and {@link #losesFailures} are for tests about just that.
 *
 * <p><b>Weaving.</b> The class has to be woven: by the Maven plugin's goal {@code weave-tests}, the
 * Gradle plugin, or the agent. JUnit runs methods that return nothing, and passes over others with
 * a warning; the weaver gives it one for each {@code @AsyncTest}. Where it has not, a test engine
 * of this artifact fails the test and says so.
 *
 * <p>As JUnit sees a test template, {@code @BeforeEach}, {@code @Nested}, {@code @Timeout},
 * {@code @Tag} and other extensions work as usual. Beside {@code @ParameterizedTest} or
 * {@code @RepeatedTest} each of their invocations runs once, with {@link #seed}.
 *
 * <p>After Kotlin's {@code runTest} (virtual time, and waiting for what is left) and Tokio's {@code
 * #[tokio::test]} (a runtime for each test). Kotlin waits for children that are alive at the end;
 * here they fail the test, as in JUnit nobody sees what it waited for.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@TestTemplate
@ExtendWith({SeedProvider.class, TestInvocation.class})
public @interface AsyncTest {
  /** The kind of executor. */
  RunOn on() default RunOn.DETERMINISTIC;

  /**
   * The seed by which the order of tasks is drawn; the first one, if there are several. Without
   * effect but with {@link RunOn#DETERMINISTIC}.
   */
  long seed() default 0;

  /**
   * With how many seeds to run the test, counted from {@link #seed}: each is an invocation of its
   * own, named after its seed, and a failure says how to repeat that one alone. JUnit's
   * configuration parameter or the system property {@code weft.seed=42} runs just that seed, {@code
   * weft.seeds=10000} that many in place of any number above 1 here.
   */
  int seeds() default 1;

  /**
   * For how many seconds of real time the test may run; 0 is for ever. Then it is cancelled, and
   * fails with the line at which it stood. {@code @Timeout} works too, without that line.
   */
  int timeLimit() default 60;

  /** Whether tasks may be alive when the test ends. They are cancelled then. */
  boolean leavesTasks() default false;

  /** Whether tasks may fail with nobody looking at their outcome. */
  boolean losesFailures() default false;
}
