package dev.weft.stream;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A random pipeline of operators over sources that have some elements and have to wait for others;
 * and what it comes to, by plain lists.
 */
final class Pipelines {
  /** What comes out, in which order, and whether a failure ends it. */
  record Expected(List<Integer> elements, boolean fails) {}

  private final Random random;
  private final AsyncExecutor executor;

  final List<Source> sources = new ArrayList<>();

  /** Mapped calls that run now. */
  final AtomicInteger calls = new AtomicInteger();

  /** False if the elements may come in another order. */
  boolean ordered = true;

  /** True if a publisher is within: it is cancelled, and nobody is told when it has ended. */
  boolean bridged;

  final StringBuilder text = new StringBuilder();

  /** The elements as they are now, and the first failure among them: see {@link #FAILURE}. */
  private List<Integer> model = new ArrayList<>();

  private static final Integer FAILURE = Integer.MIN_VALUE;

  AsyncStream<Integer> stream;

  Pipelines(long seed, AsyncExecutor executor, boolean failures) {
    this.random = new Random(seed);
    this.executor = executor;
    stream = source(failures);
    for (int i = random.nextInt(6); i >= 0; i--) {
      addOperator(failures);
    }
  }

  private AsyncStream<Integer> source(boolean failures) {
    int count = random.nextInt(30);
    Source source = new Source(count, random.nextLong());
    source.failAt = failures && random.nextInt(3) == 0 ? random.nextInt(count + 1) : -1;
    sources.add(source);
    text.append("source of ").append(count).append(", fails at ").append(source.failAt);
    for (int n = 0; n < count && n != source.failAt; n++) {
      model.add(n);
    }
    if (source.failAt >= 0) {
      model.add(FAILURE);
    }
    return source;
  }

  Expected expected() {
    int failure = model.indexOf(FAILURE);
    return failure < 0 ? new Expected(model, false) : new Expected(model.subList(0, failure), true);
  }

  private void addOperator(boolean failures) {
    int which = random.nextInt(13);
    int number = random.nextInt(12);
    text.append(" | ").append(which).append(' ').append(number);
    switch (which) {
      case 0 -> {
        stream = stream.map(n -> n + number);
        model.replaceAll(n -> n.equals(FAILURE) ? n : n + number);
      }
      case 1 -> {
        stream = stream.filter(n -> n % 3 != number % 3);
        model.removeIf(n -> !n.equals(FAILURE) && n % 3 == number % 3);
      }
      case 2 -> {
        if (ordered) {
          stream = stream.take(number);
          model = new ArrayList<>(model.subList(0, Math.min(number, model.size())));
        }
      }
      case 3 -> {
        if (ordered) {
          stream = stream.skip(number);
          int skipped = 0;
          while (skipped < number && !model.isEmpty() && !model.get(0).equals(FAILURE)) {
            model.remove(0);
            skipped++;
          }
        }
      }
      case 4 -> {
        if (ordered) {
          stream = stream.takeWhile(n -> n < 2 * number);
          for (int i = 0; i < model.size(); i++) {
            if (!model.get(i).equals(FAILURE) && model.get(i) >= 2 * number) {
              model = new ArrayList<>(model.subList(0, i));
            }
          }
        }
      }
      case 5, 6 -> stream = stream.buffer(number + 1);
      case 7 -> {
        stream = stream.mapAsync(number % 4 + 1, n -> call(n + 1));
        model.replaceAll(n -> n.equals(FAILURE) ? n : n + 1);
      }
      case 8 -> {
        stream = stream.mapAsyncUnordered(number % 4 + 1, n -> call(n + 1));
        model.replaceAll(n -> n.equals(FAILURE) ? n : n + 1);
        ordered = ordered && number % 4 == 0;
      }
      case 9 -> {
        stream = AsyncStream.merge(stream, other(number));
        merged(number);
      }
      case 10 -> {
        stream = AsyncStream.concat(stream, other(number));
        for (int n = 0; n < number; n++) {
          model.add(n);
        }
      }
      case 11 -> {
        stream =
            number % 2 == 0
                ? stream.chunk(number + 1).flatMap(AsyncStream::from)
                : stream.chunk(number + 1, Duration.ofMillis(number)).flatMap(AsyncStream::from);
        int failure = model.indexOf(FAILURE);
        if (number % 2 == 0 && failure >= 0) { // it drops what was begun
          model = new ArrayList<>(model.subList(0, failure / (number + 1) * (number + 1)));
          model.add(FAILURE);
        }
      }
      default -> {
        stream = AsyncStream.from(stream.toPublisher(), number + 1);
        bridged = true;
      }
    }
    if (failures && ordered && random.nextInt(8) == 0 && !model.isEmpty()) {
      int at = random.nextInt(model.size());
      if (!model.get(at).equals(FAILURE)) {
        addFailure(at);
      }
    }
  }

  private void addFailure(int at) {
    text.append(" | fails after ").append(at);
    AtomicInteger seen = new AtomicInteger();
    stream =
        stream.map(
            n -> {
              if (seen.getAndIncrement() == at) {
                throw new IllegalStateException("of the function");
              }
              return n;
            });
    model = new ArrayList<>(model.subList(0, at));
    model.add(FAILURE);
  }

  private void merged(int number) {
    int failure = model.indexOf(FAILURE);
    List<Integer> others = new ArrayList<>();
    for (int n = 0; n < number; n++) {
      others.add(n);
    }
    model.addAll(failure < 0 ? model.size() : failure, others);
    ordered = false;
  }

  private AsyncStream<Integer> other(int count) {
    Source source = new Source(count, random.nextLong());
    sources.add(source);
    return source;
  }

  private CompletionStage<Integer> call(int result) {
    calls.incrementAndGet();
    Task<Integer> task = new Task<>();
    executor
        .sleep(Duration.ofMillis(random.nextInt(4)))
        .whenComplete((slept, error) -> task.complete(result));
    task.whenComplete((value, error) -> calls.decrementAndGet());
    return task;
  }

  /** Nothing of it runs any more, and each source was closed, once. */
  boolean isQuiet() {
    return calls.get() == 0
        && sources.stream()
            .allMatch(
                source ->
                    (source.under.get() == 0 && source.closed.get() == 1 && source.ended)
                        || (bridged && source.asked.get() == 0)); // nobody has subscribed
  }

  @Override
  public String toString() {
    StringBuilder all = new StringBuilder(text).append("; calls ").append(calls);
    for (Source source : sources) {
      all.append("; asked ")
          .append(source.asked)
          .append(", under way ")
          .append(source.under)
          .append(", closed ")
          .append(source.closed)
          .append(source.ended ? " and ended" : "");
    }
    return all.toString();
  }
}
