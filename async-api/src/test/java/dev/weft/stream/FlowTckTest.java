package dev.weft.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.weft.AsyncExecutor;
import dev.weft.WorkStealingExecutor;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.SubscriberPuppet;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.reactivestreams.tck.flow.FlowSubscriberWhiteboxVerification;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/**
 * The TCK of Reactive Streams, for both bridges. It is written for TestNG, of which it needs the
 * annotations alone: its methods are called here, each on an object of its own.
 *
 * <p>Its limits: 5 s for what has to come, of which it waits for no more than it takes; 50 ms for
 * what must not come, which it always waits for. A slow machine makes the latter miss a fault, and
 * never see one.
 *
 * <p>It skips 64 of 167 tests, none of them for want of something here: 49 have no body in the TCK
 * ({@code untested_..}: 7 for each of the publishers, 15 and 13 for the subscriber), and 15 are the
 * five of rule 1.11, for each of the publishers, that a publisher may have more than one
 * subscriber: these have one, as a stream has one consumer. A test that is skipped for any other
 * reason fails.
 */
class FlowTckTest {
  private static final long PATIENCE_MILLIS = 5_000;
  private static final long SILENCE_MILLIS = 50;

  private static AsyncExecutor executor;

  @BeforeAll
  static void open() {
    executor = WorkStealingExecutor.builder().noDriver().workers(2).build();
  }

  @AfterAll
  static void close() {
    executor.close();
  }

  private static TestEnvironment environment() {
    return new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS, SILENCE_MILLIS);
  }

  @TestFactory
  List<DynamicTest> aStreamIsAPublisher() {
    return testsOf(StreamAsPublisher::new);
  }

  @TestFactory
  List<DynamicTest> aStreamThatHasToWaitIsAPublisher() {
    return testsOf(SlowStreamAsPublisher::new);
  }

  @TestFactory
  List<DynamicTest> aPublisherMadeAStreamAndAPublisherAgainIsOne() {
    return testsOf(ThereAndBack::new);
  }

  @TestFactory
  List<DynamicTest> aStreamSubscribes() {
    return testsOf(Blackbox::new);
  }

  @TestFactory
  List<DynamicTest> aStreamSubscribesSeenFromInside() {
    return testsOf(Whitebox::new);
  }

  private static List<DynamicTest> testsOf(Supplier<?> verification) {
    List<DynamicTest> tests = new ArrayList<>();
    Class<?> type = verification.get().getClass();
    Arrays.stream(type.getMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .sorted(Comparator.comparing(Method::getName))
        .forEach(
            method ->
                tests.add(dynamicTest(method.getName(), () -> call(verification.get(), method))));
    assertThat(tests).hasSizeGreaterThan(20);
    return tests;
  }

  private static void call(Object verification, Method method) throws Throwable {
    try {
      callAll(verification, BeforeClass.class);
      callAll(verification, BeforeMethod.class);
      try {
        method.invoke(verification);
      } finally {
        callAll(verification, AfterClass.class);
      }
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof SkipException skipped) {
        assertThat(method.getName()).matches("untested_.*|optional_spec111_.*");
        throw new TestAbortedException(skipped.getMessage(), skipped);
      }
      throw thrown.getCause();
    }
  }

  private static void callAll(Object verification, Class<? extends Annotation> annotation)
      throws ReflectiveOperationException {
    for (Method method : verification.getClass().getMethods()) {
      if (method.isAnnotationPresent(annotation)) {
        method.invoke(verification);
      }
    }
  }

  /** A publisher that delivers on the executor, from whatever thread one subscribes. */
  private static <T> Flow.Publisher<T> onExecutor(Flow.Publisher<T> publisher) {
    return subscriber -> {
      if (subscriber == null) {
        publisher.subscribe(null); // which is to throw here
      }
      executor.execute(() -> publisher.subscribe(subscriber));
    };
  }

  private static AsyncStream<Long> numbers(long count) {
    return AsyncStream.from(LongStream.range(0, count).boxed());
  }

  public static class StreamAsPublisher extends FlowPublisherVerification<Long> {
    public StreamAsPublisher() {
      super(environment(), PATIENCE_MILLIS);
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long count) {
      return onExecutor(numbers(count).toPublisher());
    }

    /** One that has its subscriber: it refuses a second one. */
    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
      Flow.Publisher<Long> taken = numbers(0).toPublisher();
      AsyncStream.from(taken).count();
      return taken;
    }

    /** The end is seen when an element more is requested. */
    @Override
    public long maxElementsFromPublisher() {
      return Long.MAX_VALUE - 1;
    }
  }

  public static final class SlowStreamAsPublisher extends StreamAsPublisher {
    @Override
    public Flow.Publisher<Long> createFlowPublisher(long count) {
      return onExecutor(
          numbers(count)
              .mapAsync(3, n -> executor.sleep(Duration.ofMillis(1)).thenApply(slept -> n))
              .buffer(2)
              .toPublisher());
    }
  }

  public static final class ThereAndBack extends StreamAsPublisher {
    @Override
    public Flow.Publisher<Long> createFlowPublisher(long count) {
      return onExecutor(AsyncStream.from(super.createFlowPublisher(count), 8).toPublisher());
    }
  }

  /** The subscriber behind {@code AsyncStream.from(publisher)}, and the stream's consumer. */
  private static Flow.Subscriber<Long> subscriber() {
    AtomicReference<Flow.Subscriber<Long>> subscribed = new AtomicReference<>();
    Flow.Publisher<Long> publisher =
        subscriber -> {
          @SuppressWarnings("unchecked") // it is for anything
          Flow.Subscriber<Long> typed = (Flow.Subscriber<Long>) subscriber;
          subscribed.set(typed);
        };
    executor
        .spawn(() -> AsyncStream.from(publisher, 4).forEach(n -> {}))
        .exceptionally(failure -> null); // that of the test
    while (subscribed.get() == null) {
      Thread.onSpinWait();
    }
    return subscribed.get();
  }

  public static final class Blackbox extends FlowSubscriberBlackboxVerification<Long> {
    public Blackbox() {
      super(environment());
    }

    @Override
    public Flow.Subscriber<Long> createFlowSubscriber() {
      return subscriber();
    }

    @Override
    public Long createElement(int element) {
      return (long) element;
    }
  }

  public static final class Whitebox extends FlowSubscriberWhiteboxVerification<Long> {
    public Whitebox() {
      super(environment());
    }

    @Override
    protected Flow.Subscriber<Long> createFlowSubscriber(WhiteboxSubscriberProbe<Long> probe) {
      Flow.Subscriber<Long> behind = subscriber();
      return new Flow.Subscriber<>() {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
          behind.onSubscribe(subscription);
          probe.registerOnSubscribe(
              new SubscriberPuppet() {
                @Override
                public void triggerRequest(long elements) {
                  subscription.request(elements);
                }

                @Override
                public void signalCancel() {
                  subscription.cancel();
                }
              });
        }

        @Override
        public void onNext(Long element) {
          behind.onNext(element);
          probe.registerOnNext(element);
        }

        @Override
        public void onError(Throwable error) {
          behind.onError(error);
          probe.registerOnError(error);
        }

        @Override
        public void onComplete() {
          behind.onComplete();
          probe.registerOnComplete();
        }
      };
    }

    @Override
    public Long createElement(int element) {
      return (long) element;
    }
  }
}
