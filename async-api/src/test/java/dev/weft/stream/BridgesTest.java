package dev.weft.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * From and to {@code Flow.Publisher} and {@code java.util.stream}; see also {@link FlowTckTest}.
 */
class BridgesTest {
  private static final int COUNT = 10_000;

  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().noDriver().workers(2).build();

  @AfterEach
  void close() {
    executor.close();
  }

  private static List<Integer> upTo(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  @Test
  void aPublisherOfTheJdkIsAStream() throws Exception {
    try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
      AsyncStream<Integer> stream = AsyncStream.from(publisher, 4);
      var all = executor.spawn(() -> stream.map(n -> n + 1).collect(Collectors.toList()));
      while (!publisher.hasSubscribers()) {
        Thread.onSpinWait();
      }
      for (int n = 0; n < COUNT; n++) {
        publisher.submit(n);
      }
      publisher.close();
      assertThat(all.get(1, TimeUnit.MINUTES)).isEqualTo(upTo(COUNT + 1).subList(1, COUNT + 1));
    }
  }

  @Test
  void noMoreThanTheWindowIsAskedFor() throws Exception {
    AtomicLong asked = new AtomicLong();
    AtomicLong sent = new AtomicLong();
    AtomicLong most = new AtomicLong();
    AtomicLong taken = new AtomicLong();
    Flow.Publisher<Long> publisher =
        subscriber ->
            subscriber.onSubscribe(
                new Flow.Subscription() {
                  @Override
                  public void request(long count) {
                    asked.addAndGet(count);
                    most.accumulateAndGet(asked.get() - taken.get(), Math::max);
                    for (long n = 0; n < count; n++) {
                      subscriber.onNext(sent.getAndIncrement());
                    }
                  }

                  @Override
                  public void cancel() {
                    asked.set(-1);
                  }
                });
    AsyncStream<Long> stream = AsyncStream.from(publisher, 10);
    long last =
        executor.blockOn(
            () -> stream.map(n -> taken.incrementAndGet()).take(1000).reduce(0L, (a, b) -> b));
    assertThat(last).isEqualTo(1000);
    assertThat(most.get()).isBetween(10L, 11L);
    assertThat(asked).as("cancelled").hasValue(-1);
  }

  @Test
  void aPublisherThatSendsTooMuchFails() {
    Flow.Publisher<Integer> publisher =
        subscriber ->
            subscriber.onSubscribe(
                new Flow.Subscription() {
                  @Override
                  public void request(long count) {
                    for (int n = 0; n <= count; n++) {
                      subscriber.onNext(n);
                    }
                  }

                  @Override
                  public void cancel() {}
                });
    assertThatThrownBy(
            () -> executor.blockOn(() -> AsyncStream.from(publisher, 3).forEach(n -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("more elements");
  }

  @Test
  void aStreamIsAPublisherForTheJdk() throws Exception {
    List<Integer> seen = new ArrayList<>();
    CountDownLatch ended = new CountDownLatch(1);
    Flow.Publisher<Integer> publisher =
        AsyncStream.from(upTo(COUNT))
            .mapAsync(4, n -> Async.spawn(() -> Async.done(n)))
            .toPublisher();
    executor.execute(
        () ->
            publisher.subscribe(
                new Flow.Subscriber<>() {
                  private Flow.Subscription subscription;

                  @Override
                  public void onSubscribe(Flow.Subscription offered) {
                    subscription = offered;
                    offered.request(1);
                  }

                  @Override
                  public void onNext(Integer element) {
                    seen.add(element);
                    subscription.request(1);
                  }

                  @Override
                  public void onError(Throwable error) {
                    ended.countDown();
                  }

                  @Override
                  public void onComplete() {
                    ended.countDown();
                  }
                }));
    assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(seen).isEqualTo(upTo(COUNT));
  }

  @Test
  void aPlainThreadMayBlockForAStream() {
    Source source = new Source(100, 1);
    try (Stream<Integer> blocking = source.filter(n -> n % 2 == 0).toStream()) {
      assertThat(blocking.limit(3).toList()).containsExactly(0, 2, 4);
    }
    assertThat(source.ended).isTrue();
    AsyncStream<Integer> failing =
        AsyncStream.of(1)
            .map(
                n -> {
                  throw new IOException("checked");
                });
    assertThatThrownBy(() -> failing.toStream().toList())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void anExecutorsThreadMayNot() {
    assertThatThrownBy(
            () -> executor.blockOn(() -> Async.done(AsyncStream.of(1).toStream().count())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("toStream()");
    Stream<Integer> made = AsyncStream.of(1).toStream();
    assertThatThrownBy(() -> executor.blockOn(() -> Async.done(made.toList())))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anInterruptCancelsTheElement() throws Exception {
    AsyncStream<Integer> never =
        AsyncStream.generate(() -> Async.sleep(Duration.ofDays(1)).thenApply(slept -> 1));
    Thread thread =
        new Thread(
            () -> {
              try (Stream<Integer> blocking = never.toStream()) {
                blocking.forEach(n -> {});
              }
            });
    List<Throwable> thrown = new ArrayList<>();
    thread.setUncaughtExceptionHandler((t, error) -> thrown.add(error));
    thread.start();
    thread.interrupt();
    thread.join(60_000);
    assertThat(thrown).hasSize(1);
  }
}
