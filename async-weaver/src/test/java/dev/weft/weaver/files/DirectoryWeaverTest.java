package dev.weft.weaver.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory is woven in place, and only what needs it is written. */
class DirectoryWeaverTest {
  private static final WeaverOptions OPTIONS = WeaverOptions.DEFAULT.withEngine(Engine.DIRECT);

  @TempDir Path root;

  private SmallProject project;

  @BeforeEach
  void project() {
    project = new SmallProject(root);
  }

  private WeaveSummary weave() throws Exception {
    try (ClassPath classes =
        new ClassPath(List.of(project.classes(), Path.of(SmallProject.asyncApi())))) {
      return new DirectoryWeaver(new Weaver(classes, FrameMode.CLASS_FILES, OPTIONS))
          .weave(project.classes());
    }
  }

  @Test
  void aWovenClassSuspendsAndGoesOn() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP);

    assertThat(weave()).hasToString("wove 1 method (direct 1) in 1 class, 2 suspension points");

    CompletableFuture<String> item = new CompletableFuture<>();
    CompletableFuture<Long> price = new CompletableFuture<>();
    try (URLClassLoader loader = project.load()) {
      Object bought =
          loader
              .loadClass("shop.Shop")
              .getMethod("buy", CompletableFuture.class, CompletableFuture.class)
              .invoke(null, item, price);
      assertThat((CompletableFuture<?>) bought).isNotDone();
      item.complete("tea");
      price.complete(250L);
      assertThat((CompletableFuture<?>) bought)
          .succeedsWithin(60, TimeUnit.SECONDS)
          .isEqualTo("tea for 250");
    }
  }

  @Test
  void theSecondTimeNothingIsWritten() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP);
    weave();
    var content = project.content();
    project.age();

    assertThat(weave()).hasToString("nothing to weave");

    assertThat(project.written()).isEmpty();
    assertThat(project.content()).containsExactlyEntriesOf(content);
  }

  @Test
  void onlyWhatWasCompiledAnewIsWovenAnew() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP);
    project.compile("shop/Other", SmallProject.SHOP.replace("class Shop", "class Other"));
    weave();
    project.age();
    project.compile("shop/Other", SmallProject.SHOP.replace("class Shop", "class Other"));

    assertThat(weave()).hasToString("wove 1 method (direct 1) in 1 class, 2 suspension points");

    assertThat(project.written()).isNotEmpty().allMatch(file -> file.startsWith("shop/Other"));
  }

  @Test
  void aClassWithoutAwaitsIsNotWritten() throws Exception {
    project.compile("shop/Plain", SmallProject.PLAIN).age();

    assertThat(weave()).hasToString("nothing to weave");

    assertThat(project.written()).isEmpty();
  }

  @Test
  void aClassThatIsRefusedStaysAsItIsAndTheOthersAreWoven() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP).compile("shop/Locked", SmallProject.LOCKED);
    project.age();

    WeaveSummary summary = weave();

    assertThat(summary).hasToString("wove 1 method (direct 1) in 1 class, 2 suspension points");
    assertThat(summary.failed()).isTrue();
    assertThat(summary.failure()).isEqualTo("1 error in 1 file");
    assertThat(summary.diagnostics())
        .extracting(Diagnostic::toString)
        .singleElement()
        .asString()
        .startsWith("Locked.java:6: ");
    assertThat(project.written()).contains("shop/Shop.class").doesNotContain("shop/Locked.class");
  }

  @Test
  void aFileThatIsNoClassIsNamed() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP);
    Files.writeString(project.classFile("shop/Broken"), "not a class");

    WeaveSummary summary = weave();

    assertThat(summary.diagnostics())
        .extracting(Diagnostic::file)
        .containsExactly(Path.of("shop", "Broken.class").toString());
    assertThat(summary).hasToString("wove 1 method (direct 1) in 1 class, 2 suspension points");
  }

  @Test
  void aTruncatedClassFileIsNamed() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP);
    byte[] whole = Files.readAllBytes(project.classFile("shop/Shop"));
    for (int length : new int[] {0, 3, 9, 100, whole.length / 2, whole.length - 1}) {
      Files.write(project.classFile("shop/Shop"), java.util.Arrays.copyOf(whole, length));

      assertThat(weave().diagnostics())
          .as("of %s bytes", length)
          .singleElement()
          .extracting(Diagnostic::file)
          .asString()
          .contains("Shop");
    }
  }

  @Test
  void aDirectoryThatIsMissingHasNothingToWeave() throws Exception {
    Files.delete(project.classes());

    assertThat(weave()).hasToString("nothing to weave");
  }

  @Test
  void noTemporaryFileStays() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP);

    weave();

    assertThat(project.content().keySet()).allMatch(file -> file.endsWith(".class"));
  }

  @Test
  void aSingleFileIsWoven() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP).compile("shop/Locked", SmallProject.LOCKED);

    WeaveSummary summary =
        new DirectoryWeaver(new Weaver(name -> null, FrameMode.CLASS_FILES, OPTIONS))
            .weaveFile(project.classFile("shop/Shop"));

    assertThat(summary).hasToString("wove 1 method (direct 1) in 1 class, 2 suspension points");
    assertThat(summary.failed()).isFalse();
  }
}
