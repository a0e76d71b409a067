package dev.weft.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each source, operator and end does. */
class OperatorsTest {
  private final VirtualClock clock = new VirtualClock();
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().noDriver().deterministic(7).clock(clock).build();

  @AfterEach
  void close() {
    executor.close();
  }

  private <T> T run(Callable<? extends CompletionStage<T>> body) throws Exception {
    return executor.blockOn(body);
  }

  private <T> List<T> list(AsyncStream<T> stream) throws Exception {
    return run(() -> stream.collect(Collectors.toList()));
  }

  private static List<Integer> upTo(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  private static Source slow(int count) {
    Source source = new Source(count, 1);
    source.slow = true;
    return source;
  }

  // ---- sources

  @Test
  void sourcesGiveTheirElements() throws Exception {
    assertThat(list(AsyncStream.of("a", "b"))).containsExactly("a", "b");
    assertThat(list(AsyncStream.empty())).isEmpty();
    assertThat(list(AsyncStream.from(List.of(1, 2)))).containsExactly(1, 2);
    assertThat(list(AsyncStream.from(List.of(1, 2).iterator()))).containsExactly(1, 2);
    assertThatThrownBy(() -> list(AsyncStream.failed(new IOException("no"))))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aStreamOfTheJdkIsClosedWithIt() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    Stream<Integer> elements = Stream.iterate(0, n -> n + 1).onClose(closed::incrementAndGet);
    assertThat(list(AsyncStream.from(elements).take(3))).containsExactly(0, 1, 2);
    assertThat(closed).hasValue(1);
  }

  @Test
  void generateAsksUntilThereIsNull() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    AsyncStream<Integer> stream =
        AsyncStream.generate(
            () ->
                Async.sleep(Duration.ofSeconds(1))
                    .thenApply(slept -> calls.incrementAndGet() < 4 ? calls.get() : null));
    assertThat(list(stream)).containsExactly(1, 2, 3);
    assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void unfoldPassesTheStateOn() throws Exception {
    AsyncStream<Integer> powers =
        AsyncStream.unfold(1, n -> Async.done(n > 100 ? null : new AsyncStream.Step<>(n, n * 3)));
    assertThat(list(powers)).containsExactly(1, 3, 9, 27, 81);
  }

  @Test
  void anIntervalTicks() throws Exception {
    assertThat(list(AsyncStream.interval(Duration.ofHours(1)).take(3))).containsExactly(0L, 1L, 2L);
    assertThat(clock.elapsed()).isEqualTo(Duration.ofHours(2));
  }

  // ---- operators

  @Test
  void whatIsReadyAndWhatIsNotGoThroughTheSameOperators() throws Exception {
    List<List<Integer>> expected = List.of(List.of(6, 8), List.of(10, 12), List.of(14));
    for (boolean slow : new boolean[] {false, true}) {
      Source source = new Source(100, 3);
      source.slow = slow;
      source.ready = !slow;
      assertThat(
              list(
                  source
                      .filter(n -> n % 2 == 0)
                      .map(n -> n + 2)
                      .skip(2)
                      .take(100)
                      .takeWhile(n -> n < 16)
                      .chunk(2)))
          .isEqualTo(expected);
      assertThat(source.ended).isTrue();
    }
  }

  @Test
  void takeAsksForNoMore() throws Exception {
    Source source = slow(100);
    assertThat(list(source.take(3))).isEqualTo(upTo(3));
    assertThat(source.asked).hasValue(3);
    Source untouched = slow(100);
    assertThat(list(untouched.take(0))).isEmpty();
    assertThat(untouched.asked).hasValue(0);
    assertThat(untouched.ended).isTrue();
  }

  @Test
  void concatAndFlatMapCloseEachStreamBeforeTheNext() throws Exception {
    Source first = slow(3);
    Source second = slow(2);
    List<Boolean> firstEnded = new ArrayList<>();
    assertThat(
            list(
                AsyncStream.concat(
                    first,
                    second.map(
                        n -> {
                          firstEnded.add(first.ended);
                          return n;
                        }))))
        .containsExactly(0, 1, 2, 0, 1);
    assertThat(firstEnded).containsExactly(true, true);
    assertThat(second.ended).isTrue();
    assertThat(list(slow(4).flatMap(OperatorsTest::slow))).containsExactly(0, 0, 1, 0, 1, 2);
  }

  @Test
  void concatClosesWhatNobodyHasComeTo() throws Exception {
    Source first = slow(3);
    Source second = slow(2);
    assertThat(list(AsyncStream.concat(first, second).take(1))).containsExactly(0);
    assertThat(first.ended && second.ended).isTrue();
    assertThat(second.asked).hasValue(0);
  }

  @Test
  void bufferRunsAheadByItsSize() throws Exception {
    Source source = slow(100);
    AsyncStream<Integer> buffered = source.buffer(5);
    Integer first = run(buffered::next);
    run(() -> Async.sleep(Duration.ofSeconds(1)));
    assertThat(first).isZero();
    assertThat(source.asked).hasValue(6);
    assertThat(list(buffered)).isEqualTo(upTo(100).subList(1, 100));
    assertThat(source.ended).isTrue();
  }

  @Test
  void mergeIsFair() throws Exception {
    Source[] sources = {new Source(50, 1), new Source(50, 2), new Source(50, 3)};
    List<AsyncStream<Integer>> numbered = new ArrayList<>();
    for (int i = 0; i < sources.length; i++) {
      int offset = 1000 * i;
      sources[i].ready = true;
      numbered.add(sources[i].map(n -> n + offset));
    }
    List<Integer> merged =
        list(AsyncStream.merge(numbered.get(0), numbered.get(1), numbered.get(2)));
    assertThat(merged).hasSize(150).doesNotHaveDuplicates();
    int[] seen = new int[3];
    for (int n : merged) { // all of them always have an element: none is left behind
      seen[n / 1000]++;
      assertThat(IntStream.of(seen).max().orElse(0) - IntStream.of(seen).min().orElse(0))
          .as(merged.toString())
          .isLessThan(15);
    }
    assertThat(list(AsyncStream.merge())).isEmpty();
  }

  @Test
  void mapAsyncKeepsTheOrderAndTheBound() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ThrowingFunction<Integer, CompletionStage<Integer>> work =
        n -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          return Async.sleep(Duration.ofMillis(100 - 7 * n))
              .thenApply(
                  slept -> {
                    running.decrementAndGet();
                    return n;
                  });
        };
    assertThat(list(slow(12).mapAsync(4, work))).isEqualTo(upTo(12));
    assertThat(most).hasValue(4);
    List<Integer> asTheyCome = list(slow(12).mapAsyncUnordered(4, work));
    assertThat(asTheyCome).containsExactlyInAnyOrderElementsOf(upTo(12)).isNotEqualTo(upTo(12));
    assertThat(most).hasValue(4);
  }

  @Test
  void chunksAreCutBySizeAndByTime() throws Exception {
    // At 0, 1 and 2 s, then 10 s later, 1 and 2 s after that ..
    List<Integer> pauses = List.of(0, 1, 1, 10, 1, 1, 1, 1, 10);
    AsyncStream<Integer> source =
        AsyncStream.unfold(
            0,
            n ->
                n == pauses.size()
                    ? Async.<AsyncStream.Step<Integer, Integer>>done(null)
                    : Async.sleep(Duration.ofSeconds(pauses.get(n)))
                        .thenApply(slept -> new AsyncStream.Step<>(n, n + 1)));
    assertThat(list(source.chunk(4, Duration.ofSeconds(5))))
        .containsExactly(List.of(0, 1, 2), List.of(3, 4, 5, 6), List.of(7), List.of(8));
  }

  // ---- ends

  @Test
  void endsTakeAllAndClose() throws Exception {
    assertThat(run(() -> slow(5).count())).isEqualTo(5);
    assertThat(run(() -> slow(5).reduce(10, Integer::sum))).isEqualTo(20);
    Source source = slow(5);
    assertThat(run(source::first)).isZero();
    assertThat(source.ended).isTrue();
    assertThat(source.asked).hasValue(1);
    assertThat(run(() -> AsyncStream.empty().first())).isNull();
    List<Integer> seen = new ArrayList<>();
    run(() -> slow(3).forEach(seen::add));
    run(
        () ->
            slow(3)
                .forEachAsync(n -> Async.sleep(Duration.ofSeconds(1)).thenRun(() -> seen.add(n))));
    assertThat(seen).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void whatAFunctionThrowsComesOutOnceAndCloses() throws Exception {
    List<Callable<AsyncStream<?>>> failing = new ArrayList<>();
    Source[] source = {slow(9)};
    failing.add(() -> source[0].map(OperatorsTest::refuse3));
    failing.add(() -> source[0].filter(n -> refuse3(n) > 0));
    failing.add(() -> source[0].takeWhile(n -> refuse3(n) >= 0));
    failing.add(() -> source[0].mapAsync(2, n -> Async.done(refuse3(n))));
    failing.add(() -> source[0].mapAsyncUnordered(2, n -> Async.done(refuse3(n))));
    failing.add(() -> source[0].flatMap(n -> AsyncStream.of(refuse3(n))));
    failing.add(() -> source[0].map(OperatorsTest::refuse3).buffer(2));
    failing.add(() -> AsyncStream.merge(source[0].map(OperatorsTest::refuse3)));
    failing.add(() -> AsyncStream.concat(source[0].map(OperatorsTest::refuse3), slow(1)));
    failing.add(() -> source[0].map(OperatorsTest::refuse3).chunk(2, Duration.ofHours(1)));
    for (Callable<AsyncStream<?>> each : failing) {
      source[0] = slow(9);
      AsyncStream<?> stream = each.call();
      assertThatThrownBy(() -> takeAll(stream)).isInstanceOf(IOException.class).hasMessage("3");
      assertThat(source[0].ended).isTrue();
      assertThat(run(() -> stream.next())).isNull();
      stream.close();
    }
  }

  private void takeAll(AsyncStream<?> stream) throws Exception {
    while (run(() -> stream.next()) != null) {
      // the next one
    }
  }

  private static int refuse3(int n) throws IOException {
    if (n == 3) {
      throw new IOException("3");
    }
    return n;
  }

  @Test
  void aFailureOfTheCleanUpIsSeenByWhoCloses() throws Exception {
    AsyncStream<Integer> stream =
        AsyncStream.from(
            Stream.of(1)
                .onClose(
                    () -> {
                      throw new IllegalStateException("clean-up");
                    }));
    assertThatThrownBy(() -> list(stream.map(n -> n)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("clean-up");
  }

  // ---- misuse

  @Test
  void aSecondConsumerIsRefused() throws Exception {
    AsyncStream<Integer> ready = AsyncStream.of(1, 2);
    Task<Integer> one = ready.next();
    assertThatThrownBy(() -> ready.next().join()).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(run(() -> one)).isOne();
    assertThat(run(ready::next)).isEqualTo(2);
    AsyncStream<Integer> waiting = AsyncStream.generate(Task<Integer>::new);
    Task<Integer> first = waiting.next();
    assertThatThrownBy(() -> waiting.next().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
    waiting.close();
    assertThatThrownBy(first::join).isNotNull();
  }

  @Test
  void aStreamWithAnOperatorBelongsToThat() {
    AsyncStream<Integer> numbers = AsyncStream.of(1, 2);
    AsyncStream<Integer> mapped = numbers.map(n -> n);
    assertThatThrownBy(() -> numbers.next().join()).hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> numbers.filter(n -> true)).isInstanceOf(IllegalStateException.class);
    assertThat(mapped.next().join()).isOne();
    numbers.close();
    assertThat(mapped.next().join()).isNull();
  }

  @Test
  void argumentsAreLookedAt() {
    AsyncStream<Integer> stream = AsyncStream.of(1);
    assertThatThrownBy(() -> stream.take(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stream.buffer(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stream.mapAsync(0, Async::done))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AsyncStream.interval(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---- depth

  @Test
  void tenMillionThatAreFilteredOutLetOthersRun() throws Exception {
    AtomicInteger beside = new AtomicInteger();
    int count = 10_000_000;
    long found =
        run(
            () -> {
              Task<Long> counting =
                  AsyncStream.from(IntStream.range(0, count).boxed())
                      .map(n -> n + 1)
                      .filter(n -> n == count)
                      .count();
              Async.spawn(() -> Async.done(beside.incrementAndGet()));
              assertThat(counting.isDone()).isFalse();
              return counting.thenApply(n -> beside.get() == 1 ? n : -1);
            });
    assertThat(found).isOne();
    // And outside any executor, where nobody else waits for the thread.
    assertThat(
            AsyncStream.from(IntStream.range(0, count).boxed())
                .filter(n -> n == count - 1)
                .next()
                .join())
        .isEqualTo(count - 1);
  }
}
