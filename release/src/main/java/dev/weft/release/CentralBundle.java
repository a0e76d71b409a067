package dev.weft.release;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The archive that Central's form takes: the layout of a Maven repository without its metadata,
 * which Central writes itself, and without checksums of signatures
 * (https://central.sonatype.org/publish/publish-portal-upload/).
 */
final class CentralBundle {
  private CentralBundle() {}

  static void write(Path staging, Path bundle) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(staging)) {
      files = all.filter(Files::isRegularFile).filter(CentralBundle::belongs).sorted().toList();
    }
    try (OutputStream file = Files.newOutputStream(bundle);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Path path : files) {
        zip.putNextEntry(new ZipEntry(staging.relativize(path).toString().replace('\\', '/')));
        Files.copy(path, zip);
        zip.closeEntry();
      }
    }
  }

  private static boolean belongs(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith("maven-metadata") && !name.contains(".asc.");
  }
}
