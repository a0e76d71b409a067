package dev.weft.weaver.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frame classes that an earlier build has left are deleted, and nothing else is. */
class StaleFramesTest {
  private static final String TWO_METHODS =
      SmallProject.SHOP.replaceFirst(
          "}\\s*\\z",
          """
            static CompletableFuture<String> look(CompletableFuture<String> item) {
              return Async.done(await(item));
            }
          }
          """);

  @TempDir Path root;

  private SmallProject project;

  @BeforeEach
  void project() {
    project = new SmallProject(root);
  }

  private void weave() throws Exception {
    try (ClassPath classes =
        new ClassPath(List.of(project.classes(), Path.of(SmallProject.asyncApi())))) {
      new DirectoryWeaver(new Weaver(classes, FrameMode.CLASS_FILES)).weave(project.classes());
    }
  }

  private Set<String> frames() throws Exception {
    Set<String> frames = new TreeSet<>(project.content().keySet());
    frames.removeIf(file -> !file.contains("$weft$"));
    return frames;
  }

  @Test
  void ofAMethodThatIsGone() throws Exception {
    project.compile("shop/Shop", TWO_METHODS);
    weave();
    assertThat(frames()).containsExactly("shop/Shop$weft$buy.class", "shop/Shop$weft$look.class");
    project.compile("shop/Shop", SmallProject.SHOP);

    weave();

    assertThat(frames()).containsExactly("shop/Shop$weft$buy.class");
  }

  @Test
  void ofAClassThatAwaitsNothingAnyMore() throws Exception {
    project.compile("shop/Shop", TWO_METHODS);
    weave();
    project.compile("shop/Shop", SmallProject.PLAIN.replace("Plain", "Shop"));

    weave();

    assertThat(frames()).isEmpty();
  }

  @Test
  void ofAClassThatIsGone() throws Exception {
    project.compile("shop/Shop", TWO_METHODS);
    weave();
    Files.delete(project.classFile("shop/Shop"));

    weave();

    assertThat(project.content()).isEmpty();
  }

  @Test
  void ofAClassThatIsWovenByItself() throws Exception {
    project.compile("shop/Shop", TWO_METHODS);
    weave();
    project.compile("shop/Shop", SmallProject.SHOP);

    new DirectoryWeaver(new Weaver(name -> null, FrameMode.CLASS_FILES))
        .weaveFile(project.classFile("shop/Shop"));

    assertThat(frames()).containsExactly("shop/Shop$weft$buy.class");
  }

  @Test
  void notOfAClassThatWasWovenBefore() throws Exception {
    project.compile("shop/Shop", TWO_METHODS);
    weave();
    Set<String> frames = frames();

    weave();

    assertThat(frames()).isEqualTo(frames);
  }

  @Test
  void notOfANestedClassWithTheMarkInItsName() throws Exception {
    project.compile(
        "shop/Shop",
        SmallProject.SHOP.replaceFirst(
            "}\\s*\\z",
            """
              static class weft {
                static class Inner {
                  static CompletableFuture<String> look(CompletableFuture<String> item) {
                    return Async.done(await(item));
                  }
                }
              }
            }
            """));

    weave();
    weave();

    assertThat(frames())
        .containsExactlyInAnyOrder(
            "shop/Shop$weft$buy.class",
            "shop/Shop$weft$Inner.class",
            "shop/Shop$weft$Inner$weft$look.class");
  }
}
