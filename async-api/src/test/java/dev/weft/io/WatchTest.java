package dev.weft.io;

import static dev.weft.io.Machine.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.stream.AsyncStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes of a directory: each is told, or it is told that some are not; and nothing stays. */
@Timeout(300)
@ParameterizedClass
@EnumSource
class WatchTest {
  @TempDir Path directory;
  private final AsyncExecutor executor;

  WatchTest(Machine machine) {
    executor = machine.executor();
  }

  @AfterEach
  void nothingIsLeft() {
    executor.close();
    Machine.until("threads", () -> Machine.threads("weft-file-watch") == 0);
    Machine.until("inotify", () -> Machine.descriptors("anon_inode:inotify").isEmpty());
  }

  private AsyncStream<FileChange> watch() throws Exception {
    return run(executor, () -> AsyncFiles.watch(directory));
  }

  /** The next change that is another than the one before. */
  private FileChange next(AsyncStream<FileChange> changes, FileChange before) throws Exception {
    FileChange change = run(executor, changes::next);
    while (change.equals(before)) { // a write is several changes
      change = run(executor, changes::next);
    }
    return change;
  }

  @Test
  void whatIsMadeChangedAndDeletedIsTold() throws Exception {
    Path file = directory.resolve("file");
    AsyncStream<FileChange> changes = watch();
    Files.createFile(file);
    FileChange made = next(changes, null);
    assertThat(made).isEqualTo(new FileChange(FileChange.Kind.CREATED, file));
    Files.writeString(file, "text");
    FileChange written = next(changes, made);
    assertThat(written).isEqualTo(new FileChange(FileChange.Kind.MODIFIED, file));
    Files.delete(file);
    assertThat(next(changes, written)).isEqualTo(new FileChange(FileChange.Kind.DELETED, file));
    run(executor, changes::closeAsync);
    assertThat(run(executor, changes::next)).isNull();
  }

  @Test
  void allWhoWatchADirectoryAreToldOnOneThread() throws Exception {
    List<AsyncStream<FileChange>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(watch());
    }
    assertThat(Machine.threads("weft-file-watch")).isEqualTo(1);
    assertThat(Machine.descriptors("anon_inode:inotify")).hasSize(1);
    run(executor, all.remove(7)::closeAsync);
    Path file = Files.createFile(directory.resolve("file"));
    for (AsyncStream<FileChange> changes : all) {
      assertThat(run(executor, changes::next))
          .isEqualTo(new FileChange(FileChange.Kind.CREATED, file));
      run(executor, changes::closeAsync);
    }
  }

  @Test
  void theEndOfTheDirectoryIsTheEndOfTheStream() throws Exception {
    Path sub = Files.createDirectory(directory.resolve("sub"));
    Files.createFile(sub.resolve("file"));
    AsyncStream<FileChange> changes = run(executor, () -> AsyncFiles.watch(sub));
    Files.delete(sub.resolve("file"));
    Files.delete(sub);
    assertThat(run(executor, () -> changes.collect(Collectors.toList())))
        .containsExactly(new FileChange(FileChange.Kind.DELETED, sub.resolve("file")));
  }

  @Test
  void whatASlowConsumerMissesIsTold() throws Exception {
    FileWatch watch = FileWatches.add(directory);
    FileChange change = new FileChange(FileChange.Kind.CREATED, directory.resolve("file"));
    FileChange overflow = new FileChange(FileChange.Kind.OVERFLOW, directory);
    for (int i = 0; i < FileWatch.MOST + 10; i++) {
      watch.put(change);
    }
    List<FileChange> got = new ArrayList<>();
    for (int i = 0; i <= FileWatch.MOST; i++) {
      got.add(run(executor, watch::next));
    }
    assertThat(got.subList(0, FileWatch.MOST)).containsOnly(change);
    assertThat(got.get(FileWatch.MOST)).isEqualTo(overflow);
    watch.put(change);
    assertThat(run(executor, watch::next)).as("and it goes on").isEqualTo(change);
    run(executor, watch::closeAsync);
  }

  @Test
  void whatTheJdkMissesIsTold() throws Exception {
    AsyncStream<FileChange> changes = watch();
    List<Path> made =
        IntStream.range(0, 5_000)
            .mapToObj(i -> directory.resolve("n" + i))
            .collect(Collectors.toList());
    for (Path path : made) {
      Files.createFile(path);
    }
    Path last = Files.createFile(directory.resolve("last"));
    List<Path> told = new ArrayList<>();
    boolean overflowed = false;
    while (!overflowed && !told.contains(last)) {
      FileChange change = run(executor, changes::next);
      overflowed = change.kind() == FileChange.Kind.OVERFLOW;
      told.add(change.path());
    }
    assertThat(overflowed || told.containsAll(made)).as("none is missed in silence").isTrue();
    run(executor, changes::closeAsync);
  }

  @Test
  void whoIsCancelledMissesNothing() throws Exception {
    AsyncStream<FileChange> changes = watch();
    for (int i = 0; i < 50; i++) {
      AtomicReference<Object> heard = new AtomicReference<>();
      Task<Object> waiting =
          Machine.method(
              executor,
              (self, state, awaited) -> {
                if (state == 0) {
                  return self.await(changes.next(), 1);
                }
                heard.set(Await.take(awaited));
                return Async.done();
              });
      Path file = directory.resolve("n" + i);
      Task<Path> maker = executor.spawnBlocking(() -> Files.createFile(file));
      waiting.cancel(true);
      Machine.finished(waiting);
      Machine.get(maker);
      Object told = heard.get() != null ? heard.get() : run(executor, changes::next);
      assertThat(told).isEqualTo(new FileChange(FileChange.Kind.CREATED, file));
    }
    run(executor, changes::closeAsync);
  }

  @Test
  void aCancelledStartLeavesNoWatch() throws Exception {
    for (int i = 0; i < 50; i++) {
      Task<AsyncStream<FileChange>> starting =
          Machine.started(executor, () -> AsyncFiles.watch(directory));
      if (i % 2 == 0) {
        if (!starting.cancel(true)) { // it has a value, which is ours
          run(executor, Machine.get(starting)::closeAsync);
        }
      } else {
        Task<Object> method =
            Machine.method(
                executor,
                (self, state, awaited) ->
                    state == 0 ? self.await(starting, 1) : Async.done(closed(Await.take(awaited))));
        method.cancel(true);
        Machine.finished(method);
      }
    }
  }

  private static Object closed(Object changes) {
    return ((AsyncStream<?>) changes).closeAsync();
  }
}
