package dev.weft.io;

import static dev.weft.io.Machine.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reads finds the old file or the new one. */
@Timeout(300)
class AtomicWriteTest {
  @TempDir Path directory;

  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(2).noDriver().build();

  @AfterEach
  void nothingIsLeftOpen() {
    executor.close();
    Machine.nothingIsOpen(directory);
  }

  private Path file() {
    return directory.resolve("file");
  }

  private long entries() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.count();
    }
  }

  @Test
  void readersNeverSeeAHalf() throws Exception {
    String a = "a".repeat(200_000);
    String b = "b".repeat(100_000);
    run(executor, () -> AsyncFiles.writeStringAtomically(file(), a));
    Task<Integer> writer =
        executor.spawnBlocking(
            () -> {
              for (int i = 0; i < 20; i++) {
                AtomicWrite.run(
                    file(),
                    WholeFile.encode(
                        i % 2 == 0 ? b : a, java.nio.charset.StandardCharsets.US_ASCII));
              }
              return 0;
            });
    int reads = 0;
    while (!writer.isDone() || reads == 0) {
      assertThat(Files.readString(file())).isIn(a, b);
      reads++;
    }
    Machine.get(writer);
    assertThat(entries()).isEqualTo(1);
  }

  @Test
  void permissionsAreKeptAndThoseOfANewFileAreTheUsualOnes() throws Exception {
    Path usual = Files.createFile(directory.resolve("usual"));
    run(executor, () -> AsyncFiles.writeAtomically(file(), new byte[1]));
    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(Files.getPosixFilePermissions(usual));
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rwx------"));
    run(executor, () -> AsyncFiles.writeAtomically(file(), new byte[2]));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rwx------");
    assertThat(Files.size(file())).isEqualTo(2);
  }

  @Test
  void aLinkStaysOne() throws Exception {
    Files.createDirectory(directory.resolve("sub"));
    Path target = Files.createFile(directory.resolve("sub/target"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("sub/target"));
    Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("sub/new"));
    run(executor, () -> AsyncFiles.writeStringAtomically(link, "text"));
    run(executor, () -> AsyncFiles.writeStringAtomically(dangling, "new"));
    assertThat(link).isSymbolicLink();
    assertThat(target).hasContent("text");
    assertThat(dangling).isSymbolicLink();
    assertThat(directory.resolve("sub/new")).hasContent("new");
  }

  @Test
  void aFailureLeavesTheOldOneAndNothingElse() throws Exception {
    Files.createDirectories(file().resolve("not empty"));
    assertThatThrownBy(() -> run(executor, () -> AsyncFiles.writeAtomically(file(), new byte[1])))
        .isInstanceOf(FileSystemException.class);
    assertThat(file().resolve("not empty")).isDirectory();
    assertThat(entries()).isEqualTo(1);
  }

  @Test
  void anInterruptDoesNotStopIt() throws Exception {
    Thread.currentThread().interrupt();
    try {
      AtomicWrite.run(file(), WholeFile.encode("text", java.nio.charset.StandardCharsets.UTF_8));
    } finally {
      assertThat(Thread.interrupted()).as("told on").isTrue();
    }
    assertThat(file()).hasContent("text");
  }
}
