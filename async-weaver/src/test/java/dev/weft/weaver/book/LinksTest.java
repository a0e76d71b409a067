package dev.weft.weaver.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every link from one text of the project to another, or to a file, leads to something. */
class LinksTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  /** What is built, and what tools keep beside the sources. */
  private static final Set<String> NOT_OURS = Set.of("target", "node_modules");

  private static List<MarkdownFile> texts() throws IOException {
    List<MarkdownFile> texts = new ArrayList<>();
    Files.walkFileTree(
        PROJECT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean hidden = name.startsWith(".") && !folder.equals(PROJECT);
            return hidden || NOT_OURS.contains(name)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.toString().endsWith(".md")) {
              texts.add(new MarkdownFile(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return texts;
  }

  @Test
  void everyLinkLeadsToSomething() throws IOException {
    List<String> dead = new ArrayList<>();
    int links = 0;
    List<MarkdownFile> texts = texts();
    Map<Path, Set<String>> anchors = new HashMap<>();
    texts.forEach(text -> anchors.put(text.path(), text.anchors()));
    for (MarkdownFile text : texts) {
      for (String target : text.targets()) {
        links++;
        if (!leadsSomewhere(text, target, anchors)) {
          dead.add(PROJECT.relativize(text.path()) + ": " + target);
        }
      }
    }
    assertThat(dead).isEmpty();
    assertThat(links).isGreaterThan(100);
  }

  private static boolean leadsSomewhere(
      MarkdownFile text, String target, Map<Path, Set<String>> anchors) {
    Path file = text.resolve(target);
    int hash = target.indexOf('#');
    return hash < 0 || !file.toString().endsWith(".md")
        ? Files.exists(file)
        : anchors.getOrDefault(file, Set.of()).contains(target.substring(hash + 1));
  }

  @Test
  void everyDefinitionOfALinkIsUsed() throws IOException {
    List<String> unused = new ArrayList<>();
    for (MarkdownFile text : texts()) {
      text.unusedDefinitions()
          .forEach(name -> unused.add(PROJECT.relativize(text.path()) + ": [" + name + "]"));
    }
    assertThat(unused).isEmpty();
  }

  @Test
  void anchorsAreThoseThatGitHubMakes() {
    assertThat(MarkdownFile.anchorOf("What `await` means")).isEqualTo("what-await-means");
    assertThat(MarkdownFile.anchorOf("Who sleeps, and who is woken"))
        .isEqualTo("who-sleeps-and-who-is-woken");
    assertThat(MarkdownFile.anchorOf("9. `new X(await(..))`")).isEqualTo("9-new-xawait");
  }
}
