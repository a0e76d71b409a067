package dev.weft.io;

import static dev.weft.io.Machine.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.stream.AsyncStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Files in chunks and lines: what comes, when it is read, and that the file is closed. */
@Timeout(300)
@ParameterizedClass
@EnumSource
class FileStreamsTest {
  @TempDir Path directory;
  private final AsyncExecutor executor;

  FileStreamsTest(Machine machine) {
    executor = machine.executor();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    executor.close();
    Machine.nothingIsOpen(directory);
  }

  private Path file() {
    return directory.resolve("file");
  }

  private void isOpen(boolean open) {
    assertThat(Machine.descriptors(directory.toString())).hasSize(open ? 1 : 0);
  }

  @Test
  void chunksAreTheFile() throws Exception {
    byte[] bytes = new byte[10_000];
    new Random(7).nextBytes(bytes);
    Files.write(file(), bytes);
    for (int size : new int[] {1000, 4096, 9_999, 10_000, 20_000}) {
      List<ByteBuffer> chunks =
          run(executor, () -> AsyncFiles.chunks(file(), size).collect(Collectors.toList()));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (ByteBuffer chunk : chunks) {
        assertThat(chunk.remaining()).isBetween(1, size);
        WholeFile.write(chunk, all);
      }
      assertThat(all.toByteArray()).isEqualTo(bytes);
      isOpen(false);
    }
  }

  @Test
  void linesAreTheFiles() throws Exception {
    List<String> lines =
        IntStream.range(0, 20_000).mapToObj(i -> "line \u00e4 " + i).collect(Collectors.toList());
    Files.write(file(), lines);
    assertThat(run(executor, () -> AsyncFiles.lines(file()).collect(Collectors.toList())))
        .isEqualTo(lines);
    Files.writeString(file(), "");
    assertThat(run(executor, () -> AsyncFiles.lines(file()).count())).isZero();
    Files.writeString(file(), "no end", StandardCharsets.UTF_16);
    assertThat(run(executor, () -> AsyncFiles.lines(file(), StandardCharsets.UTF_16).first()))
        .isEqualTo("no end");
  }

  @Test
  void aFailureClosesTheFileAndComesOnce() throws Exception {
    Files.write(file(), new byte[] {'a', '\n', (byte) 0xff, '\n'});
    AsyncStream<String> lines = AsyncFiles.lines(file());
    assertThatThrownBy(() -> run(executor, lines::next))
        .isInstanceOf(MalformedInputException.class);
    isOpen(false);
    assertThat(run(executor, lines::next)).isNull();
  }

  @Test
  void theFileIsOpenFromTheFirstElementToTheClosing() throws Exception {
    Files.write(file(), new byte[100]);
    AsyncStream<ByteBuffer> chunks = AsyncFiles.chunks(file(), 10);
    isOpen(false);
    assertThat(run(executor, chunks::next).remaining()).isEqualTo(10);
    isOpen(true);
    run(executor, chunks::closeAsync);
    isOpen(false);
    assertThat(run(executor, chunks::next)).isNull();
    assertThat(run(executor, () -> AsyncFiles.chunks(file(), 10).take(2).count())).isEqualTo(2);
    isOpen(false);
    assertThatThrownBy(
            () ->
                run(
                    executor,
                    () ->
                        AsyncFiles.chunks(file(), 10)
                            .forEach(
                                chunk -> {
                                  throw new IOException("the consumer's");
                                })))
        .hasMessage("the consumer's");
    isOpen(false);
  }

  @Test
  void oneThatIsClosedUnreadWasNeverOpened() throws Exception {
    AsyncStream<ByteBuffer> chunks = AsyncFiles.chunks(file()); // of a file that is not there
    run(executor, chunks::closeAsync);
    assertThat(run(executor, chunks::next)).isNull();
  }

  @Test
  void nothingIsReadAheadOfTheConsumer() throws Exception {
    AtomicInteger reads = new AtomicInteger();
    AtomicInteger closes = new AtomicInteger();
    AsyncStream<Integer> numbers =
        BlockingStream.of(
            () ->
                new BlockingStream.Source<Integer>() {
                  @Override
                  public @Nullable List<Integer> read() {
                    int read = reads.incrementAndGet();
                    return switch (read % 2) {
                      case 1 -> List.of();
                      default -> read == 8 ? null : List.of(read, read + 1);
                    };
                  }

                  @Override
                  public void close() {
                    closes.incrementAndGet();
                  }
                });
    List<Integer> got = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      got.add(run(executor, numbers::next));
      assertThat(reads.get()).as("reads at the %sth element", i).isEqualTo(i / 2 * 2 + 2);
    }
    assertThat(got).containsExactly(2, 3, 4, 5, 6, 7);
    assertThat(run(executor, numbers::next)).isNull();
    assertThat(reads).hasValue(8);
    assertThat(closes).hasValue(1);
  }

  @Test
  void whoIsCancelledGoesOnAtOnceAndLosesNothing() throws Exception {
    Path fifo = Machine.fifo(directory);
    try (RandomAccessFile writer = new RandomAccessFile(fifo.toFile(), "rw")) {
      AsyncStream<ByteBuffer> chunks = AsyncFiles.chunks(fifo);
      Task<?> waiting =
          Machine.method(
              executor,
              (self, state, awaited) ->
                  state == 0
                      ? self.await(chunks.next(), 1)
                      : dev.weft.frame.Settled.thrown(new AssertionError(awaited)));
      Machine.until("a read", () -> Machine.descriptors(fifo.toString()).size() == 2);
      waiting.cancel(true);
      Machine.finished(waiting);
      writer.write("x".getBytes(StandardCharsets.US_ASCII));
      assertThat(run(executor, chunks::next).get()).isEqualTo((byte) 'x');
      run(executor, chunks::closeAsync);
    }
  }

  @Test
  void closingEndsAReadThatWaits() throws Exception {
    Path fifo = Machine.fifo(directory);
    try (RandomAccessFile writer = new RandomAccessFile(fifo.toFile(), "rw")) {
      assertThat(writer.getFD().valid()).isTrue();
      AsyncStream<ByteBuffer> chunks = AsyncFiles.chunks(fifo);
      Task<ByteBuffer> next = executor.spawn(chunks::next);
      Machine.until("a read", () -> Machine.descriptors(fifo.toString()).size() == 2);
      run(executor, chunks::closeAsync);
      assertThat(Machine.descriptors(fifo.toString())).hasSize(1);
      assertThatThrownBy(() -> Machine.get(next)).isInstanceOf(CancellationException.class);
    }
  }
}
