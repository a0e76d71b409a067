package dev.weft.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.Awaits;
import dev.weft.frame.EveryAwait;
import dev.weft.frame.HandWritten;
import dev.weft.stream.AsyncStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files whose users are cancelled: what is done and what is not, and that none stays open. */
@Timeout(3600)
class FileCancellationTest {
  @TempDir Path directory;

  @AfterEach
  void nothingIsLeftOpen() {
    Machine.nothingIsOpen(directory);
  }

  /** A method that awaits one operation, and keeps what it has heard. */
  private static final class Hearing {
    final Task<Object> method;
    volatile @Nullable Object heard;

    Hearing(AsyncExecutor executor, java.util.function.Supplier<Task<?>> operation)
        throws Exception {
      method =
          Machine.method(
              executor,
              (self, state, awaited) -> {
                if (state == 0) {
                  return self.await(operation.get(), 1);
                }
                try {
                  heard = "value " + Await.take(awaited);
                } catch (Throwable error) {
                  heard = error.getClass().getSimpleName();
                }
                return Async.done();
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWriteThatHasBegunIsDoneAndWaitedFor(Machine machine) throws Exception {
    Path fifo = Machine.fifo(directory);
    byte[] bytes = new byte[1 << 20];
    new Random(1).nextBytes(bytes);
    try (AsyncExecutor executor = machine.executor();
        RandomAccessFile keptOpen = new RandomAccessFile(fifo.toFile(), "rw");
        InputStream reader = Files.newInputStream(fifo)) {
      Hearing writer = new Hearing(executor, () -> AsyncFiles.write(fifo, bytes));
      assertThat(reader.readNBytes(1000)).hasSize(1000); // it has begun, and stands still
      writer.method.cancel(true);
      assertThat(writer.method.isFinished()).isFalse();
      assertThat(reader.readNBytes(bytes.length - 1000)).hasSize(bytes.length - 1000);
      Machine.finished(writer.method);
      assertThat(writer.heard).isEqualTo("value null");
      assertThat(keptOpen.getFD().valid()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReadIsInterrupted(Machine machine) throws Exception {
    Path fifo = Machine.fifo(directory);
    try (AsyncExecutor executor = machine.executor();
        RandomAccessFile writer = new RandomAccessFile(fifo.toFile(), "rw")) {
      Hearing reader = new Hearing(executor, () -> AsyncFiles.readAllBytes(fifo));
      writer.write(1);
      Machine.until("a read", () -> Machine.descriptors(fifo.toString()).size() == 2);
      reader.method.cancel(true);
      Machine.finished(reader.method);
      assertThat(reader.heard).isEqualTo("TaskCancelledException");
      assertThat(Machine.descriptors(fifo.toString())).hasSize(1);
    }
  }

  @Test
  void whatHasNotBegunIsNotDone() throws Exception {
    Path file = directory.resolve("file");
    try (NodeExecutor executor = NodeExecutor.builder().noDriver().build()) {
      CountDownLatch busy = new CountDownLatch(4);
      CountDownLatch release = new CountDownLatch(1);
      List<Task<?>> blockers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        blockers.add(
            executor.spawnBlocking(
                () -> {
                  busy.countDown();
                  release.await();
                  return 0;
                }));
      }
      busy.await();
      Hearing writer = new Hearing(executor, () -> AsyncFiles.writeString(file, "text"));
      writer.method.cancel(true);
      Machine.finished(writer.method);
      release.countDown();
      for (Task<?> blocker : blockers) {
        Machine.get(blocker);
      }
      Machine.get(executor.spawnBlocking(() -> "whoever stood in line is through"));
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void anExecutorThatEndsLeavesNoFileOpen() throws Exception {
    Path fifo = Machine.fifo(directory);
    try (RandomAccessFile writer = new RandomAccessFile(fifo.toFile(), "rw")) {
      assertThat(writer.getFD().valid()).isTrue();
      for (Machine machine : Machine.values()) {
        AsyncExecutor executor = machine.executor();
        executor.spawn(() -> AsyncFiles.chunks(fifo).count());
        executor.spawn(() -> AsyncFiles.readAllBytes(fifo));
        Machine.until("reads", () -> Machine.descriptors(fifo.toString()).size() == 3);
        executor.close();
        Machine.until("ends", () -> Machine.descriptors(fifo.toString()).size() == 1);
      }
    }
  }

  @Test
  void atEveryAwait() {
    EveryAwait.of(6, (executor, random, awaits) -> new Copying(executor, random, awaits));
    Machine.nothingIsOpen(directory);
  }

  /**
   * {@code write(a); try (lines = lines(a)) { for (line) got += line } write atomically(b);
   * delete}.
   */
  private final class Copying implements EveryAwait.Program {
    private static final int LINES = 3;

    private final WorkStealingExecutor executor;
    private final Awaits awaits;
    private final Path from;
    private final Path to;
    private final String text;
    private @Nullable AsyncStream<String> lines;
    private @Nullable Throwable error;
    private final StringBuilder got = new StringBuilder();

    Copying(WorkStealingExecutor executor, Random random, Awaits awaits) {
      this.executor = executor;
      this.awaits = awaits;
      String name = Long.toHexString(random.nextLong());
      this.from = directory.resolve(name + ".from");
      this.to = directory.resolve(name + ".to");
      this.text = "a line of it\n".repeat(LINES);
    }

    @Override
    public CompletionStage<?> body() {
      HandWritten<Object> frame = new HandWritten<>(executor, this::resume);
      frame.run();
      return frame;
    }

    private Object resume(
        HandWritten<Object> self, int state, @Nullable CompletableFuture<?> awaited)
        throws Throwable {
      try {
        switch (state) {
          case 0:
            return awaits.await(self, AsyncFiles.writeString(from, text), 1);
          case 1:
            Await.take(awaited);
            lines = AsyncFiles.lines(from);
            return awaits.await(self, lines.next(), 2);
          case 2:
            Object line = Await.take(awaited);
            if (line != null) {
              got.append(line).append('\n');
              return awaits.await(self, lines.next(), 2);
            }
            return awaits.await(self, AsyncFiles.writeStringAtomically(to, got), 3);
          default:
            Await.take(awaited);
        }
      } catch (Throwable thrown) {
        error = error == null ? thrown : error;
      }
      if (state < 4 && lines != null) {
        return awaits.await(self, lines.closeAsync(), 4);
      }
      if (error != null) {
        throw error;
      }
      return Async.done();
    }

    @Override
    public boolean cancel(Task<?> root, int who) {
      root.cancel(true);
      return true;
    }

    @Override
    public void after() {
      assertThat(Machine.descriptors(directory.toString())).as("open").isEmpty();
      try {
        assertThat(text).startsWith(got);
        if (Files.exists(from)) {
          assertThat(from).as("written or not").hasContent(text);
        }
        if (Files.exists(to)) {
          assertThat(to).as("written or not").hasContent(text);
        }
        try (var left = Files.list(directory)) {
          assertThat(left.toList()).as("no half of a file").isSubsetOf(from, to);
        }
        Files.deleteIfExists(from);
        Files.deleteIfExists(to);
      } catch (IOException failed) {
        throw new AssertionError(failed);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private Task<Object> use(int kind, Path file, Path own, byte[] bytes) {
    Task<?> task =
        switch (kind % 4) {
          case 0 -> AsyncFiles.lines(file).count();
          case 1 -> AsyncFiles.chunks(file, 1000).map(ByteBuffer::remaining).count();
          case 2 -> AsyncFiles.writeAtomically(own, bytes);
          default -> AsyncFiles.walk(directory).count();
        };
    return (Task<Object>) task;
  }

  /** Many at once, each cancelled at some moment or not at all. */
  @ParameterizedTest
  @EnumSource
  void manyUsersOfWhomSomeAreCancelled(Machine machine) throws Exception {
    byte[] bytes = "some words in a line\n".repeat(5_000).getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(directory.resolve("file"), bytes);
    Random random = new Random(11);
    try (AsyncExecutor executor = machine.executor()) {
      for (int round = 0; round < 60; round++) {
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          Path own = directory.resolve("own" + i);
          int kind = i;
          tasks.add(executor.spawn(() -> use(kind, file, own, bytes)));
        }
        for (Task<?> task : tasks) {
          for (int spin = random.nextInt(3000); spin > 0; spin--) {
            Thread.onSpinWait();
          }
          if (random.nextInt(3) > 0) {
            task.cancel(true);
          }
        }
        for (Task<?> task : tasks) {
          Machine.finished(task);
        }
        Machine.nothingIsOpen(directory);
      }
    }
    try (var left = Files.list(directory)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .as("none of those that are moved")
          .noneMatch(name -> name.startsWith("."));
    }
  }
}
