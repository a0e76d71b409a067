package dev.weft.weaver.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes are found in the order of the class path, and none of them is loaded. */
class ClassPathTest {
  @TempDir Path root;

  private Path directory(String name, String content) throws IOException {
    Path file = root.resolve(name).resolve("a/B.class");
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    return root.resolve(name);
  }

  private Path jar(String entryName, String content) throws IOException {
    Path jar = root.resolve("some.jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry(entryName));
      out.write(content.getBytes());
    }
    return jar;
  }

  @Test
  void theFirstEntryThatHasAClassWins() throws IOException {
    try (ClassPath path =
        new ClassPath(List.of(directory("1", "first"), directory("2", "second")))) {
      assertThat(path.read("a/B")).asString().isEqualTo("first");
    }
  }

  @Test
  void jarsAreRead() throws IOException {
    try (ClassPath path = new ClassPath(List.of(jar("a/C.class", "in jar")))) {
      assertThat(path.read("a/C")).asString().isEqualTo("in jar");
      assertThat(path.read("a/D")).isNull();
    }
  }

  @Test
  void theJdkStandsBehindThem() throws IOException {
    try (ClassPath path = new ClassPath(List.of())) {
      assertThat(path.read("java/lang/Object")).startsWith(0xCA, 0xFE, 0xBA, 0xBE);
      assertThat(path.read("java/sql/Connection")).isNotNull();
      assertThat(path.read("org/junit/jupiter/api/Test")).isNull();
    }
  }

  @Test
  void whatIsMissingOrNoJarCountsAsEmpty() throws IOException {
    Path text = Files.writeString(root.resolve("read.me"), "not a jar");
    try (ClassPath path =
        new ClassPath(List.of(root.resolve("nowhere"), text, directory("1", "here")))) {
      assertThat(path.read("a/B")).asString().isEqualTo("here");
    }
  }
}
