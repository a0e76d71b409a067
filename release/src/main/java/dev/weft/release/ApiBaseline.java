package dev.weft.release;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The file that japicmp compares async-api, async-junit or async-http with: the {@linkplain
 * ApiSkeleton skeleton} of the last release. A jar, as japicmp reads nothing else, but one without
 * code, so that it is small enough to be kept with the sources.
 */
public final class ApiBaseline {
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  private ApiBaseline() {}

  /** Takes the folder with the classes and the file to write. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      System.err.println("usage: ApiBaseline CLASSES JAR");
      System.exit(2);
    }
    Path jar = Path.of(arguments[1]).toAbsolutePath().normalize();
    int types = write(Path.of(arguments[0]), jar);
    System.out.println(jar + ": " + types + " types");
  }

  /** Writes it, and deletes those of other lines, which nothing is compared with any more. */
  static int write(Path classes, Path jar) throws IOException {
    ApiSkeleton skeleton = ApiSkeleton.of(classes);
    Files.createDirectories(jar.getParent());
    try (DirectoryStream<Path> older = Files.newDirectoryStream(jar.getParent(), "*.jar")) {
      for (Path file : older) {
        Files.delete(file);
      }
    }
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Map.Entry<String, byte[]> type : skeleton.classFiles().entrySet()) {
        ZipEntry entry = new ZipEntry(type.getKey());
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(type.getValue());
        zip.closeEntry();
      }
    }
    return skeleton.visibleTypes().size();
  }

  /** A release is made with the baseline that the next ones will be compared with. */
  static void check(Path jar, Path baseline, Findings findings) throws IOException {
    if (!Files.exists(jar)) {
      return; // missed already
    }
    if (!Files.exists(baseline)) {
      findings.problem(baseline.getFileName() + ", the API's baseline, is missing");
      return;
    }
    try (FileSystem released = FileSystems.newFileSystem(jar);
        ZipFile kept = new ZipFile(baseline.toFile())) {
      Map<String, byte[]> api = ApiSkeleton.of(released.getPath("/")).classFiles();
      TreeSet<String> different = new TreeSet<>();
      for (Map.Entry<String, byte[]> type : api.entrySet()) {
        ZipEntry entry = kept.getEntry(type.getKey());
        if (entry == null
            || !Arrays.equals(kept.getInputStream(entry).readAllBytes(), type.getValue())) {
          different.add(type.getKey());
        }
      }
      kept.stream()
          .map(ZipEntry::getName)
          .filter(name -> !api.containsKey(name))
          .forEach(different::add);
      if (!different.isEmpty()) {
        findings.problem(
            baseline.getFileName()
                + " is not the API of this release, but differs in "
                + different);
      }
    }
  }
}
