package dev.weft.io;

import static dev.weft.io.Machine.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.AsyncExecutor;
import dev.weft.stream.AsyncStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What directories hold, and that they are closed. */
@Timeout(300)
@ParameterizedClass
@EnumSource
class WalkTest {
  @TempDir Path directory;
  private final AsyncExecutor executor;

  WalkTest(Machine machine) {
    executor = machine.executor();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    executor.close();
    Machine.nothingIsOpen(directory);
  }

  /** Some hundred files and directories, and links to directories further up. */
  private void grow(Random random) throws IOException {
    List<Path> directories = new ArrayList<>(List.of(directory));
    for (int i = 0; i < 400; i++) {
      Path in = directories.get(random.nextInt(directories.size()));
      Path made = in.resolve("n" + i);
      switch (random.nextInt(8)) {
        case 0, 1 -> directories.add(Files.createDirectory(made));
        case 2 -> Files.createSymbolicLink(made, directory);
        default -> Files.createFile(made);
      }
    }
  }

  private Set<Path> expected(int depth) throws IOException {
    try (Stream<Path> all = Files.walk(directory, depth)) {
      return all.filter(path -> !path.equals(directory)).collect(Collectors.toSet());
    }
  }

  @Test
  void aWalkFindsWhatFilesDoes() throws Exception {
    grow(new Random(3));
    List<Path> all = run(executor, () -> AsyncFiles.walk(directory).collect(Collectors.toList()));
    assertThat(all).doesNotHaveDuplicates().hasSize(400).hasSameElementsAs(expected(100));
    Set<Path> seen = new HashSet<>(Set.of(directory));
    for (Path path : all) {
      assertThat(seen).as("before what is in it").contains(path.getParent());
      seen.add(path);
    }
    for (int depth = 1; depth < 4; depth++) {
      int levels = depth;
      assertThat(
              run(executor, () -> AsyncFiles.walk(directory, levels).collect(Collectors.toList())))
          .hasSameElementsAs(expected(depth));
    }
    assertThat(run(executor, () -> AsyncFiles.list(directory).collect(Collectors.toList())))
        .hasSameElementsAs(expected(1));
  }

  @Test
  void oneThatIsClosedEarlyLeavesNoDirectoryOpen() throws Exception {
    Path deep = directory;
    for (int i = 0; i < 10; i++) {
      deep = Files.createDirectory(deep.resolve("d"));
    }
    for (int i = 0; i < 200; i++) {
      Files.createFile(deep.resolve("f" + i));
    }
    AsyncStream<Path> walk = AsyncFiles.walk(directory);
    run(executor, walk::next);
    assertThat(Machine.descriptors(directory.toString())).isNotEmpty();
    run(executor, walk::closeAsync);
    assertThat(Machine.descriptors(directory.toString())).isEmpty();
  }

  @Test
  void directoriesThatVanishArePassedOver() throws Exception {
    for (int i = 0; i < 300; i++) { // more than one batch
      Files.createDirectory(directory.resolve("d" + i));
    }
    AsyncStream<Path> walk = AsyncFiles.walk(directory);
    run(executor, walk::next);
    for (int i = 0; i < 300; i++) {
      Files.delete(directory.resolve("d" + i));
    }
    assertThat(run(executor, walk::count)).isLessThanOrEqualTo(299);
  }

  @Test
  void aFileIsNoDirectory() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> run(executor, () -> AsyncFiles.walk(file).count()))
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> AsyncFiles.walk(directory, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the depth must be 1 or more: 0");
  }
}
