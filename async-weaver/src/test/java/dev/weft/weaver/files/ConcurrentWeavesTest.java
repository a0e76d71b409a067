package dev.weft.weaver.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two builds that weave one directory at the same time do not trip over each other. */
class ConcurrentWeavesTest {
  private static final int RUNS = 4;
  private static final int CLASSES = 12;

  @TempDir Path root;

  private SmallProject project;

  @BeforeEach
  void project() {
    project = new SmallProject(root);
  }

  private WeaveSummary weave() throws IOException {
    try (ClassPath classes =
        new ClassPath(List.of(project.classes(), Path.of(SmallProject.asyncApi())))) {
      WeaverOptions direct = WeaverOptions.DEFAULT.withEngine(Engine.DIRECT);
      return new DirectoryWeaver(new Weaver(classes, FrameMode.CLASS_FILES, direct))
          .weave(project.classes());
    }
  }

  private void compileMany() {
    for (int i = 0; i < CLASSES; i++) {
      project.compile("shop/Shop" + i, SmallProject.SHOP.replace("class Shop", "class Shop" + i));
    }
  }

  @Test
  void aFileIsReplacedWhileItIsBeingReplaced() throws IOException {
    Path file = root.resolve("Shop.class");
    Files.writeString(file, "compiled");

    Replacement.write(
        file,
        out -> {
          out.write("wo".getBytes(StandardCharsets.UTF_8));
          Replacement.write(file, "woven".getBytes(StandardCharsets.UTF_8));
          assertThat(file).hasContent("woven");
          out.write("ven".getBytes(StandardCharsets.UTF_8));
        });

    assertThat(file).hasContent("woven");
    try (var files = Files.list(root)) {
      assertThat(files.filter(Files::isRegularFile)).containsExactly(file);
    }
  }

  @Test
  void manyRunsAtOnceGiveWhatOneRunGives() throws Exception {
    compileMany();
    weave();
    Map<String, byte[]> expected = project.content();
    compileMany();

    CyclicBarrier start = new CyclicBarrier(RUNS);
    List<Future<WeaveSummary>> runs = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(RUNS);
    try {
      for (int i = 0; i < RUNS; i++) {
        runs.add(
            threads.submit(
                () -> {
                  start.await(60, TimeUnit.SECONDS);
                  return weave();
                }));
      }
      for (Future<WeaveSummary> run : runs) {
        assertThat(run.get(60, TimeUnit.SECONDS).diagnostics())
            .extracting(Diagnostic::toString)
            .isEmpty();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(project.content()).containsExactlyEntriesOf(expected);
    try (URLClassLoader loader = project.load()) {
      for (int i = 0; i < CLASSES; i++) {
        assertThat(loader.loadClass("shop.Shop" + i).getDeclaredMethods()).isNotEmpty();
      }
    }
  }

  @Test
  void whatARunLeftBehindThatWasKilledIsDeleted() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP);
    Path abandoned = project.classes().resolve("shop").resolve("Shop.class.1.weft-tmp");
    Files.writeString(abandoned, "half a cla");
    Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(7200)));
    Path inUse = abandoned.resolveSibling("Shop.class.2.weft-tmp");
    Files.writeString(inUse, "half a cla");

    weave();

    assertThat(abandoned).doesNotExist();
    assertThat(inUse).exists();
  }
}
