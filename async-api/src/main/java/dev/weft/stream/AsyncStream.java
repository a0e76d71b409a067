package dev.weft.stream;

import dev.weft.Async;
import dev.weft.AsyncCloseable;
import dev.weft.Interval;
import dev.weft.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Collector;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Elements that come one after the other, each when it is asked for: what {@link
 * java.util.Iterator} is for elements that are there.
 *
 * <pre>{@code
 * static CompletableFuture<Integer> sum(AsyncStream<Integer> numbers) {
 *   int sum = 0;
 *   try (numbers) {
 *     for (Integer n; (n = await(numbers.next())) != null; ) {
 *       sum += n;
 *     }
 *   }
 *   return done(sum);
 * }
 * }</pre>
 *
 * <p>One consumer at a time: {@code next} is called again when the task before it has ended, and
 * its value was taken.
 *
 * <h2>Operators</h2>
 *
 * They make a stream of a stream, and are lazy: nothing runs before the first element is asked for.
 * The new stream is the one consumer of the old one, and closes it. {@code map}, {@code filter},
 * {@code take} and their kind run in the consumer's own call; elements go through them without an
 * allocation, ready or not. {@code buffer}, {@code merge}, {@code mapAsync} and {@code chunk} with
 * a time limit start tasks of their own, on the executor of who asks for the first element; these
 * end with the stream. Functions may throw checked exceptions.
 *
 * <p>For all of them, and for the sources made here:
 *
 * <ul>
 *   <li><b>Failure.</b> What a source or a function fails with comes out of {@code next} once, when
 *       what is behind it has been closed; after that the stream is at its end. Rust's streams may
 *       go on after an error; those of Kotlin, C# and Reactive Streams do not.
 *   <li><b>Cancellation.</b> Who awaits {@code next} and is cancelled cancels what makes the
 *       element. The stream stays as it was and may be asked again, so {@code Async.timeout(limit,
 *       stream.next())} loses no element.
 *   <li><b>Closing</b> cancels what is under way: an awaited {@code next} fails with a {@link
 *       java.util.concurrent.CancellationException}. It ends from the inside out: when tasks and
 *       mapped calls have run to their end, what is behind them is closed, and then the task that
 *       {@code closeAsync} has returned ends. A closed stream is at its end. Elements that were
 *       fetched ahead are dropped.
 *   <li><b>An element that reaches nobody</b>, because its consumer was cancelled at the last
 *       moment, is the next one again.
 * </ul>
 *
 * <p>Methods that take all elements ({@code collect}, {@code forEach}, {@code reduce}, {@code
 * count}, {@code first}) are async methods themselves: they begin when they are called, on the
 * calling thread, and close the stream whatever the end is.
 *
 * @param <T> the type of the elements; no element is null
 */
@SuppressWarnings("unchecked") // a chain knows nothing of its elements' types
public interface AsyncStream<T> extends AsyncCloseable {
  /**
   * Asks for the next element.
   *
   * @return a task that ends with it, or with null after the last one, also when it is asked again;
   *     fails with what the stream failed with. It is for one await, at once: a stream may use the
   *     same object for each element. Cancelling it cancels what makes the element.
   */
  Task<@Nullable T> next();

  // ---- sources

  /** A stream of these elements. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  static <T> AsyncStream<T> of(T... elements) {
    return from(Arrays.asList(elements));
  }

  /** A stream without elements. */
  static <T> AsyncStream<T> empty() {
    return from(List.of());
  }

  /** A stream that fails at once. */
  static <T> AsyncStream<T> failed(Exception error) {
    Objects.requireNonNull(error);
    return new Pipeline<>(
        new IteratorIntake(
            () -> {
              throw error;
            },
            () -> {}));
  }

  /** A stream of what is in a collection when the first element is asked for. */
  static <T> AsyncStream<T> from(Iterable<? extends T> elements) {
    return new Pipeline<>(new IteratorIntake(elements::iterator, () -> {}));
  }

  /** A stream of what an iterator has yet to give. It must not block. */
  static <T> AsyncStream<T> from(Iterator<? extends T> elements) {
    return new Pipeline<>(new IteratorIntake(() -> elements, () -> {}));
  }

  /** A stream of the elements of one of the JDK's, which must not block, and is closed with it. */
  static <T> AsyncStream<T> from(Stream<? extends T> elements) {
    return new Pipeline<>(new IteratorIntake(elements::iterator, elements::close));
  }

  /** As {@link #from(Flow.Publisher, int)}, with a window of {@link Flow#defaultBufferSize}. */
  static <T> AsyncStream<T> from(Flow.Publisher<? extends T> publisher) {
    return from(publisher, Flow.defaultBufferSize());
  }

  /**
   * A stream of what a publisher sends. It subscribes when the first element is asked for, and
   * cancels when it is closed.
   *
   * @param window how many elements the publisher may be ahead of the consumer, 1 or more: so many
   *     are asked for at the start, and half of them again whenever half were taken
   */
  static <T> AsyncStream<T> from(Flow.Publisher<? extends T> publisher, int window) {
    Arguments.atLeast(1, window, "the window");
    return new Pipeline<>(new PublisherIntake(publisher, window));
  }

  /**
   * A stream of what a call brings that is made for each element: {@code generate(inbox::receive)}.
   *
   * @param call returns what to await for the next element; it ends with null after the last one.
   *     Closing the stream cancels that, whatever it is
   */
  static <T> AsyncStream<T> generate(
      Callable<? extends CompletionStage<? extends @Nullable T>> call) {
    return new Pipeline<>(new AskingIntake(call, came -> came));
  }

  /**
   * A stream each of whose elements is made from what the one before has left, such as the pages of
   * a listing. Rust's {@code stream::unfold}.
   *
   * @param function given the state, returns what to await for an element and the next state; it
   *     ends with null after the last one. It is called with the same state again if it was
   *     cancelled
   */
  static <S, T> AsyncStream<T> unfold(
      S start,
      ThrowingFunction<S, ? extends CompletionStage<? extends @Nullable Step<S, T>>> function) {
    return new Pipeline<>(Unfolding.intake(start, function));
  }

  /**
   * What a step of {@link #unfold} has made.
   *
   * <pre>{@code
   * AsyncStream<Integer> countdown =
   *     AsyncStream.unfold(3, n -> done(n < 0 ? null : new AsyncStream.Step<>(n, n - 1)));
   * }</pre>
   *
   * @param element the next element
   * @param state what the function is given for the one after it
   */
  record Step<S, T>(T element, S state) {}

  /**
   * Ticks without end, numbered from 0; the first comes at once. Ticks that nobody has asked for
   * come late, one after the other: see {@link #ticks} for another choice.
   *
   * @param period positive, with a resolution of one millisecond
   */
  static AsyncStream<Long> interval(Duration period) {
    Arguments.positive(period);
    return new Pipeline<>(new Ticking(() -> Async.interval(period)));
  }

  /** The ticks of an interval, numbered from 0; what becomes of missed ones is its choice. */
  static AsyncStream<Long> ticks(Interval interval) {
    return new Pipeline<>(new Ticking(() -> interval));
  }

  /** The elements of these streams, one stream after the other. All are closed with it. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  static <T> AsyncStream<T> concat(AsyncStream<? extends T>... streams) {
    return new Pipeline<>(ConcatIntake.of(List.of(streams)));
  }

  /**
   * The elements of these streams as they come, each from a task of its own. Fair: of n streams
   * that have an element none waits for more than n - 1 others. The first failure ends all.
   */
  @SafeVarargs
  static <T> AsyncStream<T> merge(AsyncStream<? extends T>... streams) {
    List<Chain> chains = new ArrayList<>();
    for (AsyncStream<? extends T> stream : streams) {
      chains.add(Pipeline.take(stream));
    }
    return new Pipeline<>(new MergeIntake(Collections.unmodifiableList(chains)));
  }

  // ---- operators that wait for nothing but the next element

  /**
   * What a function makes of each element.
   *
   * @param function must not block, and does not return null
   */
  default <R> AsyncStream<R> map(ThrowingFunction<? super T, ? extends R> function) {
    return Pipeline.with(this, new Mapping((ThrowingFunction<Object, R>) function));
  }

  /** The elements for which a condition holds. */
  default AsyncStream<T> filter(ThrowingPredicate<? super T> condition) {
    return Pipeline.with(this, new Filtering((ThrowingPredicate<Object>) condition));
  }

  /**
   * The first elements. When so many have come this stream is closed, and no more is asked for; as
   * JavaScript's iterator helpers do it.
   */
  default AsyncStream<T> take(long count) {
    Arguments.atLeast(0, count, "the count");
    return Pipeline.with(this, new Taking(count));
  }

  /** The elements before the first for which a condition does not hold; that one is dropped. */
  default AsyncStream<T> takeWhile(ThrowingPredicate<? super T> condition) {
    return Pipeline.with(this, new TakingWhile((ThrowingPredicate<Object>) condition));
  }

  /** All elements but the first ones. */
  default AsyncStream<T> skip(long count) {
    Arguments.atLeast(0, count, "the count");
    return Pipeline.with(this, new Skipping(count));
  }

  /** Lists of so many elements each; the last may be shorter. A failure drops what was begun. */
  default AsyncStream<List<T>> chunk(int size) {
    Arguments.atLeast(1, size, "the size");
    return Pipeline.with(this, new Chunking(size));
  }

  // ---- operators with tasks of their own

  /**
   * Lists of so many elements, or of fewer when the first of them has been there for a time. A task
   * of its own fetches up to one list ahead. Tokio's {@code chunks_timeout}.
   *
   * @param limit with a resolution of one millisecond; zero or less for what is there
   */
  default AsyncStream<List<T>> chunk(int size, Duration limit) {
    Arguments.atLeast(1, size, "the size");
    Objects.requireNonNull(limit);
    return new Pipeline<>(new TimedChunkIntake(Pipeline.take(this), size, limit));
  }

  /**
   * The same elements, for which a task of its own asks ahead of the consumer.
   *
   * @param size how many may be there and not taken, 1 or more
   */
  default AsyncStream<T> buffer(int size) {
    Arguments.atLeast(1, size, "the size");
    return new Pipeline<>(new BufferIntake(Pipeline.take(this), size));
  }

  /**
   * What an async function brings for each element, in the order of the elements. Each call is a
   * task of its own. Rust's {@code buffered}.
   *
   * @param parallelism how many may be under way, or ended and not taken; 1 or more
   * @param function must not bring null. What it returns is cancelled with the stream, whatever it
   *     is
   */
  default <R> AsyncStream<R> mapAsync(
      int parallelism,
      ThrowingFunction<? super T, ? extends CompletionStage<? extends R>> function) {
    return new Pipeline<>(MapAsyncIntake.over(this, parallelism, function, true));
  }

  /** As {@link #mapAsync}, with results as they come. Rust's {@code buffer_unordered}. */
  default <R> AsyncStream<R> mapAsyncUnordered(
      int parallelism,
      ThrowingFunction<? super T, ? extends CompletionStage<? extends R>> function) {
    return new Pipeline<>(MapAsyncIntake.over(this, parallelism, function, false));
  }

  /** The elements of a stream for each element, one such stream after the other, each closed. */
  default <R> AsyncStream<R> flatMap(
      ThrowingFunction<? super T, ? extends AsyncStream<? extends R>> function) {
    return new Pipeline<>(
        new FlatMapIntake(
            this, (ThrowingFunction<Object, ? extends AsyncStream<?>>) (Object) function));
  }

  // ---- the end of a stream

  /** Collects all elements, as {@link Stream#collect(Collector)} does, and closes this stream. */
  default <R extends @Nullable Object> Task<R> collect(Collector<? super T, ?, R> collector) {
    return Drain.into(
        new Collecting<>((Collector<Object, Object, ?>) (Collector<?, ?, ?>) collector), this);
  }

  /** Does something with each element, and closes this stream. */
  default Task<@Nullable Void> forEach(ThrowingConsumer<? super T> action) {
    return Drain.into(new Doing((ThrowingConsumer<Object>) action), this);
  }

  /** Awaits what a function returns for each element, one after the other, and closes this. */
  default Task<@Nullable Void> forEachAsync(
      ThrowingFunction<? super T, ? extends CompletionStage<?>> function) {
    return Drain.into(
        new ForEach((ThrowingFunction<Object, ? extends CompletionStage<?>>) (Object) function),
        this);
  }

  /** Adds all elements up, beginning with a value, and closes this stream. */
  default <R> Task<R> reduce(
      R start, ThrowingBiFunction<? super R, ? super T, ? extends R> function) {
    return Drain.into(
        new Reducing(start, (ThrowingBiFunction<Object, Object, Object>) (Object) function), this);
  }

  /** Counts the elements, and closes this stream. */
  default Task<Long> count() {
    return Drain.into(new Counting(), this);
  }

  /** The first element, null if there is none; closes this stream. */
  default Task<@Nullable T> first() {
    return Drain.into(new First(), this);
  }

  // ---- bridges

  /**
   * This stream as a publisher, for one subscriber; a second one gets an {@link
   * IllegalStateException}. A task of its own, on the executor that the subscribing thread belongs
   * to, or the shared one, asks for elements as they are requested. So that the end is known, one
   * more has to be requested than there are. The subscriber's {@code cancel} closes this stream.
   */
  default Flow.Publisher<T> toPublisher() {
    return new StreamPublisher<>(Pipeline.take(this));
  }

  /**
   * This stream as one of the JDK's, which blocks the calling thread for each element. Closing that
   * closes this one. What fails with a checked exception does so in a {@link
   * java.util.concurrent.CompletionException}; an interrupt cancels the element asked for.
   *
   * @throws IllegalStateException on an executor's own thread; also from the stream's methods
   */
  default Stream<T> toStream() {
    BlockingIterator.refuseOnCarrier();
    AsyncStream<T> own = (AsyncStream<T>) Pipeline.own(this);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(
                new BlockingIterator<>(own), Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(own::close);
  }

  // ---- generators

  /**
   * Hands an element to the consumer, in a generator: a method that returns an {@code AsyncStream}
   * and is written as the code which makes the elements one after the other. The weaver turns it
   * into a state machine, as it does with an async method.
   *
   * <pre>{@code
   * static AsyncStream<Price> prices(Shop shop, List<Item> items) {
   *   try {
   *     for (Item item : items) {
   *       AsyncStream.emit(await(shop.price(item)));
   *     }
   *   } finally {
   *     await(Async.yieldNow()); // clean-up may await
   *   }
   *   return AsyncStream.end();
   * }
   * }</pre>
   *
   * <p>Nothing of it runs before the first {@link #next}. Then it runs, on the thread of who called
   * that, to the next {@code emit}, and pauses there until it is asked for more; where it awaits
   * something that is not ready, its consumer waits too. What it throws is what {@code next} fails
   * with, and the end of the stream. Closing it, or cancelling a {@code next} that waits, throws a
   * {@link dev.weft.TaskCancelledException} where it stands: its {@code finally} blocks run, their
   * awaits included, before {@link #closeAsync} has ended.
   *
   * <p>As an await, it must not stand in a {@code synchronized} block. The element's type is not
   * checked by the compiler, as a static method does not know which stream it is for.
   *
   * @param element not null
   * @throws NullPointerException if it is null
   * @throws IllegalStateException if the calling method was not woven
   */
  @SuppressWarnings("DoNotCallSuggester") // it is to be called, and the weaver replaces the call
  static <E> void emit(E element) {
    throw NotWoven.refusal("emit");
  }

  /**
   * The end of a generator, {@code return end();}: the only thing that it may return. See {@link
   * #emit}.
   *
   * @throws IllegalStateException if the calling method was not woven
   */
  @SuppressWarnings("DoNotCallSuggester")
  static <E> AsyncStream<E> end() {
    throw NotWoven.refusal("end");
  }
}
