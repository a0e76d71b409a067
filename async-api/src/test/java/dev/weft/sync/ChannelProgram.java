package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.select.Select;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Senders and receivers of two channels that do what one can do with a channel, and are cancelled
 * at any moment; and what must hold then.
 */
final class ChannelProgram {
  private static final int[] CAPACITIES = {0, 1, 1, 2, 5, Integer.MAX_VALUE};

  /** A message: whose it is, and which of his. */
  private record Message(int sender, int number) {}

  /** A channel, and what has become of its messages. */
  private static final class Line {
    final Mpsc<Message> channel;
    final boolean reservable;
    final List<Message> sent = Collections.synchronizedList(new ArrayList<>());
    final List<Message> received = Collections.synchronizedList(new ArrayList<>());
    volatile boolean ended;

    Line(int capacity) {
      channel =
          capacity == 0
              ? Mpsc.rendezvous()
              : capacity == Integer.MAX_VALUE ? Mpsc.unbounded() : Mpsc.bounded(capacity);
      reservable = capacity > 0;
    }

    void took(Message message) {
      if (message == null) {
        ended = true;
      } else {
        received.add(message);
      }
    }
  }

  /** One whose task tells at the end whether it was sent: what is awaited has no value. */
  private record PlainSend(Message message, Line line, Task<Void> task) {}

  private final AsyncExecutor executor;
  private final Random random;
  private final boolean cancels;
  private final List<Line> lines = new ArrayList<>();
  private final List<Task<?>> tasks = Collections.synchronizedList(new ArrayList<>());
  private final List<PlainSend> plainSends = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger running = new AtomicInteger(1);
  private final Task<Void> end = new Task<>();

  /**
   * @param cancels whether tasks are cancelled
   */
  ChannelProgram(AsyncExecutor executor, long seed, boolean cancels) {
    this.executor = executor;
    this.random = new Random(seed);
    this.cancels = cancels;
    for (int i = 0; i < 2; i++) {
      lines.add(new Line(CAPACITIES[random.nextInt(CAPACITIES.length)]));
    }
  }

  /**
   * Starts everything; ends when all of it has.
   *
   * @param messages how many a sender has at most
   */
  Task<Void> run(int messages) {
    int senders = 1 + random.nextInt(4);
    for (int id = 0; id < senders; id++) {
      sender(id, 1 + random.nextInt(messages));
    }
    lines.forEach(line -> line.channel.sender().close());
    if (random.nextBoolean()) {
      lines.forEach(line -> consumer(line, random.nextLong()));
    } else {
      consumer(null, random.nextLong());
    }
    if (cancels) {
      canceller(1 + random.nextInt(12));
    }
    ended();
    return end;
  }

  private void ended() {
    if (running.decrementAndGet() == 0) {
      end.complete(null);
    }
  }

  private void started(Task<?> task, Runnable atEnd) {
    running.incrementAndGet();
    tasks.add(task);
    task.finished()
        .thenRun(
            () -> {
              atEnd.run();
              ended();
            });
  }

  // ---- senders

  private void sender(int id, int messages) {
    Random own = new Random(random.nextLong());
    List<MpscSender<Message>> ends = lines.stream().map(it -> it.channel.sender().copy()).toList();
    AtomicInteger next = new AtomicInteger();
    Task<Void> task =
        Loops.<Object>spawn(
            executor,
            () -> {
              int number = next.getAndIncrement();
              return number < messages ? send(own, ends, new Message(id, number)) : null;
            },
            done -> {
              if (done instanceof Runnable then) {
                then.run();
              }
            });
    started(task, () -> ends.forEach(MpscSender::close));
  }

  private CompletableFuture<Object> send(
      Random own, List<MpscSender<Message>> ends, Message message) {
    int to = own.nextInt(lines.size());
    Line line = lines.get(to);
    Runnable sent = () -> line.sent.add(message);
    switch (own.nextInt(6)) {
      case 0:
        return asObject(
            Select.<Runnable>fair()
                .on(ends.get(0).onSend(message), it -> () -> lines.get(0).sent.add(message))
                .on(ends.get(1).onSend(message), it -> () -> lines.get(1).sent.add(message))
                .run());
      case 1:
        return asObject(
            Select.<Runnable>biased()
                .on(ends.get(to).onSend(message), it -> sent)
                .after(Duration.ofMillis(own.nextInt(3)), () -> () -> {})
                .run());
      case 2:
        if (line.reservable) {
          return asObject(
              Select.<Runnable>biased()
                  .on(
                      () -> ends.get(to).reserve(),
                      permit ->
                          () -> {
                            permit.send(message);
                            sent.run();
                          })
                  .run());
        }
        break;
      case 3:
        if (ends.get(to).trySend(message)) {
          sent.run();
        }
        return asObject(Async.yieldNow());
      default:
        break;
    }
    Task<Void> plain = ends.get(to).send(message);
    plainSends.add(new PlainSend(message, line, plain));
    return asObject(plain);
  }

  // ---- receivers

  /** Of one line, or of both. One that was cancelled is followed by another. */
  private void consumer(Line only, long seed) {
    Random own = new Random(seed);
    Task<Void> task =
        Loops.<Object>spawn(
            executor,
            () -> only == null ? receiveFromBoth() : only.ended ? null : receive(own, only),
            done -> {
              if (done instanceof Runnable then) {
                then.run();
              } else if (only != null && (done != this)) {
                only.took((Message) done);
              }
            });
    started(
        task,
        () -> {
          boolean over = only == null ? lines.stream().allMatch(it -> it.ended) : only.ended;
          if (!over) {
            consumer(only, own.nextLong());
          }
        });
  }

  private CompletableFuture<Object> receive(Random own, Line line) {
    MpscReceiver<Message> receiver = line.channel.receiver();
    return switch (own.nextInt(4)) {
      case 0 ->
          Select.<Object>fair()
              .on(receiver.onReceive(), it -> it)
              .after(Duration.ofMillis(own.nextInt(2)), () -> this)
              .run();
      case 1 -> Select.<Object>fair().on(() -> receiver.receive(), it -> it).run();
      default -> asObject(receiver.receive());
    };
  }

  private CompletableFuture<Object> receiveFromBoth() {
    Select<Object> select = Select.fair();
    boolean any = false;
    for (Line line : lines) {
      if (!line.ended) {
        any = true;
        select.on(line.channel.receiver().onReceive(), it -> (Runnable) () -> line.took(it));
      }
    }
    return any ? select.run() : null;
  }

  // ---- cancels

  private void canceller(int times) {
    AtomicInteger left = new AtomicInteger(times);
    Random own = new Random(random.nextLong());
    started(
        Loops.<Object>spawn(
            executor,
            () -> {
              if (left.getAndDecrement() == 0) {
                return null;
              }
              if (own.nextBoolean()) {
                List<Task<?>> all = List.copyOf(tasks);
                all.get(own.nextInt(all.size())).cancel(true);
              }
              return asObject(
                  own.nextInt(4) == 0 ? executor.sleep(Duration.ofMillis(1)) : Async.yieldNow());
            },
            done -> {}),
        () -> {});
  }

  @SuppressWarnings("unchecked")
  private static Task<Object> asObject(Task<?> task) {
    return (Task<Object>) task;
  }

  // ---- what must hold

  /** None is lost, doubled, overtaken or made up. */
  void check() {
    for (PlainSend send : plainSends) {
      if (send.task.isDone() && !send.task.isCompletedExceptionally()) {
        send.line.sent.add(send.message);
      }
    }
    for (Line line : lines) {
      assertThat(line.received).containsExactlyInAnyOrderElementsOf(line.sent);
      Map<Integer, Integer> last = new HashMap<>();
      for (Message message : line.received) {
        Integer before = last.put(message.sender(), message.number());
        assertThat(before == null || before < message.number())
            .as("%s is before %s in %s", before, message, line.received)
            .isTrue();
      }
      assertThat(line.channel.receiver().size()).isZero();
    }
  }

  /** How many messages were received. */
  int received() {
    return lines.stream().mapToInt(line -> line.received.size()).sum();
  }
}
