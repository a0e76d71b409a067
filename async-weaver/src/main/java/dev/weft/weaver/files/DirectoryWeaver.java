package dev.weft.weaver.files;

import static dev.weft.weaver.files.FrameFiles.CLASS_FILE;

import dev.weft.weaver.CallsBetween;
import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Names;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Weaves a directory of class files in place, as often as one likes: a class that is woven already,
 * or has nothing to weave, is not written, so build tools that compare times see no change.
 *
 * <p>A woven class replaces the compiled one in one step, after its frame classes were written
 * beside it: a build that is interrupted leaves a class either as it was or woven, and the next run
 * goes on from there. Frame classes that no class uses any more are deleted.
 *
 * <p>Two runs at once on one directory do the same work twice and do not harm each other: weaving
 * is deterministic, each run has looked at every class before it deletes a frame class, and what
 * the other one moves or deletes meanwhile is no error.
 */
public final class DirectoryWeaver {
  private final BiFunction<byte[], CallsBetween, WeaveResult> weaver;

  /**
   * @param weaver one that writes {@linkplain dev.weft.weaver.FrameMode#CLASS_FILES class files}
   */
  public DirectoryWeaver(Weaver weaver) {
    this.weaver = weaver::weave;
  }

  DirectoryWeaver(Function<byte[], WeaveResult> weaver) {
    this.weaver = (bytes, calls) -> weaver.apply(bytes);
  }

  /**
   * Weaves every class file below a directory. A class with diagnostics is left as it is, the
   * others are woven.
   *
   * @param directory the root of the packages; nothing is done if it does not exist
   * @throws IOException if the directory cannot be listed or written
   */
  public WeaveSummary weave(Path directory) throws IOException {
    WeaveSummary summary = new WeaveSummary();
    if (!Files.isDirectory(directory)) {
      return summary;
    }
    deleteAbandoned(directory);
    List<Path> files = classFiles(directory);
    CallsBetween calls = new CallsBetween();
    for (Path file : files) {
      byte[] bytes = readIfThere(file);
      if (bytes != null) {
        calls.addThoseOf(bytes);
      }
    }
    for (Path file : files) {
      weave(file, directory.relativize(file).toString(), calls, summary);
    }
    for (Path file : classFiles(directory)) {
      deleteIfStale(file);
    }
    return summary;
  }

  /**
   * Weaves one class file.
   *
   * @throws IOException if it cannot be written
   */
  public WeaveSummary weaveFile(Path file) throws IOException {
    WeaveSummary summary = new WeaveSummary();
    weave(file, file.toString(), new CallsBetween(), summary);
    String frames = nameOf(file).replace(CLASS_FILE, Names.FRAME_INFIX);
    for (Path sibling : siblings(file)) {
      if (nameOf(sibling).startsWith(frames)) {
        deleteIfStale(sibling);
      }
    }
    return summary;
  }

  private void weave(Path file, String shownAs, CallsBetween calls, WeaveSummary summary)
      throws IOException {
    byte[] compiled;
    try {
      compiled = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      if (FrameFiles.mayBeFrame(nameOf(file))) {
        return; // out of use, and deleted by a run at the same time
      }
      summary.add(unreadable(shownAs, e));
      return;
    } catch (IOException e) {
      summary.add(unreadable(shownAs, e));
      return;
    }
    if (FrameFiles.mayBeFrame(nameOf(file)) && FrameFiles.isFrame(compiled)) {
      return;
    }
    WeaveResult result = weaver.apply(compiled, calls);
    summary.add(ofFile(shownAs, result));
    byte[] woven = result.bytes();
    if (woven != null) {
      for (Map.Entry<String, byte[]> frame : result.frames().entrySet()) {
        String internalName = frame.getKey();
        String simpleName = internalName.substring(internalName.lastIndexOf('/') + 1);
        Replacement.write(file.resolveSibling(simpleName + CLASS_FILE), frame.getValue());
      }
      Replacement.write(file, woven);
    }
  }

  /**
   * The result as it is to be reported: what is wrong with bytes that are not a class is said of
   * their file.
   */
  public static WeaveResult ofFile(String shownAs, WeaveResult result) {
    if (!result.className().isEmpty()) {
      return result;
    }
    List<Diagnostic> diagnostics =
        result.diagnostics().stream()
            .map(diagnostic -> new Diagnostic(shownAs, 0, diagnostic.code(), diagnostic.message()))
            .toList();
    return new WeaveResult("", result.bytes(), Map.of(), result.methods(), diagnostics);
  }

  private static Diagnostic unreadable(String shownAs, IOException error) {
    return new Diagnostic(
        shownAs, 0, DiagnosticCode.UNREADABLE, "cannot be read: " + reason(error));
  }

  private static void deleteIfStale(Path file) throws IOException {
    String name = nameOf(file);
    if (FrameFiles.mayBeFrame(name)) {
      byte[] bytes = readIfThere(file);
      if (bytes != null
          && FrameFiles.isStale(name, bytes, outer -> readIfThere(file.resolveSibling(outer)))) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static byte @Nullable [] readIfThere(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return null;
    }
  }

  private static List<Path> classFiles(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    forEachFile(
        directory,
        (file, attributes) -> {
          if (nameOf(file).endsWith(CLASS_FILE) && attributes.isRegularFile()) {
            found.add(file);
          }
        });
    return found.stream().sorted().toList();
  }

  private static void deleteAbandoned(Path directory) throws IOException {
    Instant now = Instant.now();
    forEachFile(
        directory,
        (file, attributes) -> {
          if (Replacement.isAbandoned(file, attributes.lastModifiedTime(), now)) {
            Files.deleteIfExists(file);
          }
        });
  }

  @FunctionalInterface
  private interface FileAction {
    void on(Path file, BasicFileAttributes attributes) throws IOException;
  }

  private static void forEachFile(Path directory, FileAction action) throws IOException {
    Files.walkFileTree(
        directory,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            action.on(file, attributes);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
            if (error instanceof NoSuchFileException) { // the temporary file of another run
              return FileVisitResult.CONTINUE;
            }
            throw error;
          }
        });
  }

  private static List<Path> siblings(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(parent)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static String nameOf(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString();
  }

  /** An I/O error in words; some carry nothing but the file's name. */
  static String reason(IOException error) {
    if (error instanceof NoSuchFileException) {
      return "no such file";
    }
    String message = error.getMessage();
    String kind = error.getClass().getSimpleName();
    return message == null ? kind : kind + ": " + message;
  }
}
