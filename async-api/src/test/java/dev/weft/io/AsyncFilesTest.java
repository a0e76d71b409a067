package dev.weft.io;

import static dev.weft.io.Machine.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.AsyncExecutor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole files and what is done to them, as {@link Files} does it, on each executor. */
@Timeout(300)
@ParameterizedClass
@EnumSource
class AsyncFilesTest {
  @TempDir Path directory;
  private final AsyncExecutor executor;

  AsyncFilesTest(Machine machine) {
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

  @Test
  void bytesComeBackAsTheyWereWritten() throws Exception {
    Random random = new Random(5);
    for (int size : new int[] {0, 1, 4095, 4096, 4097, 300_000}) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      run(executor, () -> AsyncFiles.write(file(), bytes));
      assertThat(run(executor, () -> AsyncFiles.readAllBytes(file()))).isEqualTo(bytes);
      assertThat(run(executor, () -> AsyncFiles.size(file()))).isEqualTo(size);
    }
  }

  @Test
  void buffersAreWrittenFromTheirPositionWhichStays() throws Exception {
    ByteBuffer direct = ByteBuffer.allocateDirect(200_000);
    while (direct.hasRemaining()) {
      direct.put((byte) direct.position());
    }
    direct.flip().position(3);
    ByteBuffer heap = ByteBuffer.wrap("..abc..".getBytes(StandardCharsets.US_ASCII), 2, 3).slice();
    run(executor, () -> AsyncFiles.write(file(), direct));
    assertThat(Files.readAllBytes(file())).hasSize(199_997).startsWith(3, 4, 5);
    assertThat(direct.position()).isEqualTo(3);
    run(executor, () -> AsyncFiles.write(file(), heap));
    assertThat(file()).hasContent("abc");
    assertThat(heap.remaining()).isEqualTo(3);
  }

  @Test
  void optionsAreThoseOfFiles() throws Exception {
    run(executor, () -> AsyncFiles.writeString(file(), "a"));
    run(executor, () -> AsyncFiles.writeString(file(), "b", StandardOpenOption.APPEND));
    assertThat(run(executor, () -> AsyncFiles.readString(file()))).isEqualTo("ab");
    assertThatThrownBy(
            () ->
                run(
                    executor,
                    () -> AsyncFiles.writeString(file(), "c", StandardOpenOption.CREATE_NEW)))
        .isInstanceOf(java.nio.file.FileAlreadyExistsException.class);
  }

  @Test
  void whatHasNoSizeIsReadToItsEnd() throws Exception {
    String status = run(executor, () -> AsyncFiles.readString(Path.of("/proc/self/status")));
    assertThat(status).contains("VmRSS");
    byte[] maps = run(executor, () -> AsyncFiles.readAllBytes(Path.of("/proc/self/maps")));
    assertThat(maps.length).as("more than is guessed").isGreaterThan(3 * 4096);
    assertThat(new String(maps, StandardCharsets.US_ASCII)).endsWith("\n");
  }

  @Test
  void textHasToBeInTheCharset() throws Exception {
    Files.write(file(), new byte[] {'a', (byte) 0xff});
    assertThatThrownBy(() -> run(executor, () -> AsyncFiles.readString(file())))
        .isInstanceOf(CharacterCodingException.class);
    assertThat(run(executor, () -> AsyncFiles.readString(file(), StandardCharsets.ISO_8859_1)))
        .isEqualTo("a\u00ff");
    assertThatThrownBy(
            () ->
                run(
                    executor,
                    () -> AsyncFiles.writeString(file(), "\u20ac", StandardCharsets.ISO_8859_1)))
        .isInstanceOf(CharacterCodingException.class);
    assertThat(Files.size(file())).as("of what was there").isEqualTo(2);
  }

  @Test
  void aFailureNamesTheFile() {
    assertThatThrownBy(() -> run(executor, () -> AsyncFiles.readString(file())))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(file().toString());
    assertThatThrownBy(() -> run(executor, () -> AsyncFiles.lines(file()).count()))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(file().toString());
    assertThatThrownBy(() -> run(executor, () -> AsyncFiles.list(file()).count()))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(file().toString());
    assertThatThrownBy(() -> run(executor, () -> AsyncFiles.watch(file())))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(file().toString());
  }

  @Test
  void whatCannotBeToldIsNoAnswer() throws Exception {
    assertThat(run(executor, () -> AsyncFiles.exists(file()))).isFalse();
    Files.createFile(file());
    assertThat(run(executor, () -> AsyncFiles.exists(file()))).isTrue();
    Path tooLong = directory.resolve("x".repeat(300)); // for the usual file systems
    assertThatThrownBy(() -> run(executor, () -> AsyncFiles.exists(tooLong)))
        .isInstanceOf(FileSystemException.class)
        .isNotInstanceOf(NoSuchFileException.class);
  }

  @Test
  void filesAreCopiedMovedAndDeleted() throws Exception {
    Path other = directory.resolve("other");
    Files.writeString(file(), "text");
    assertThat(run(executor, () -> AsyncFiles.copy(file(), other))).isEqualTo(other);
    assertThat(other).hasContent("text");
    run(executor, () -> AsyncFiles.delete(file()));
    assertThat(run(executor, () -> AsyncFiles.move(other, file()))).isEqualTo(file());
    assertThat(other).doesNotExist();
    assertThat(run(executor, () -> AsyncFiles.deleteIfExists(file()))).isTrue();
    assertThat(run(executor, () -> AsyncFiles.deleteIfExists(file()))).isFalse();
    assertThatThrownBy(() -> run(executor, () -> AsyncFiles.delete(file())))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void directoriesAreMadeAndDeletedWithWhatIsInThem() throws Exception {
    Path outside = Files.createFile(directory.resolve("outside"));
    Path deep = directory.resolve("a/b/c");
    run(executor, () -> AsyncFiles.createDirectories(deep));
    run(executor, () -> AsyncFiles.createDirectory(deep.resolve("d")));
    Files.writeString(deep.resolve("file"), "");
    Files.createSymbolicLink(deep.resolve("link"), outside);
    run(executor, () -> AsyncFiles.deleteTree(directory.resolve("a")));
    assertThat(directory.resolve("a")).doesNotExist();
    assertThat(outside).exists();
    run(executor, () -> AsyncFiles.deleteTree(directory.resolve("a")));
  }

  @Test
  void temporaryOnesAreNew() throws Exception {
    Path file = run(executor, () -> AsyncFiles.createTempFile("weft", ".tmp"));
    Path made = run(executor, () -> AsyncFiles.createTempDirectory("weft"));
    try {
      assertThat(file).isEmptyFile();
      assertThat(made).isEmptyDirectory();
    } finally {
      Files.delete(file);
      Files.delete(made);
    }
  }

  @Test
  void attributesAreOfTheTypeAskedFor() throws Exception {
    Files.createFile(file());
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
    assertThat(run(executor, () -> AsyncFiles.attributes(file())).isRegularFile()).isTrue();
    PosixFileAttributes posix =
        run(executor, () -> AsyncFiles.attributes(file(), PosixFileAttributes.class));
    assertThat(PosixFilePermissions.toString(posix.permissions())).isEqualTo("rw-r-----");
  }
}
