package dev.weft.weaver.files;

import dev.weft.weaver.ClassSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Class files by name, from directories and jars in the order of a class path, and behind them
 * those of the running JDK. Reads bytes and never loads a class; remembers what it has read. May be
 * shared between threads.
 */
public final class ClassPath implements ClassSource, AutoCloseable {
  /** Each finds a file by its path with slashes, or answers null. */
  private final List<Function<String, byte @Nullable []>> entries = new ArrayList<>();

  private final ClassSource jdk = ClassSource.of(ClassLoader.getPlatformClassLoader());
  private final List<JarFile> jars = new ArrayList<>();
  private final Map<String, Optional<byte[]>> known = new ConcurrentHashMap<>();

  /**
   * Opens the jars among the entries.
   *
   * @param path directories and jars. As for javac and java, what does not exist or is neither
   *     (some Maven artifacts are not jars) counts as empty.
   * @throws IOException if an entry exists and cannot be opened
   */
  public ClassPath(Collection<Path> path) throws IOException {
    try {
      for (Path entry : path) {
        if (Files.isDirectory(entry)) {
          entries.add(file -> readFile(entry.resolve(file)));
        } else if (Files.isRegularFile(entry)) {
          addJar(entry);
        }
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void addJar(Path file) throws IOException {
    JarFile jar;
    try {
      jar = new JarFile(file.toFile(), false, ZipFile.OPEN_READ, Runtime.version());
    } catch (ZipException e) {
      return;
    }
    jars.add(jar);
    entries.add(name -> readEntry(jar, name));
  }

  /**
   * The class file of an internal name, or null if no entry has it.
   *
   * @throws UncheckedIOException if it is there and cannot be read
   */
  @Override
  public byte @Nullable [] read(String internalName) {
    return known.computeIfAbsent(internalName, this::find).orElse(null);
  }

  private Optional<byte[]> find(String internalName) {
    for (Function<String, byte @Nullable []> entry : entries) {
      byte[] bytes = entry.apply(internalName + ".class");
      if (bytes != null) {
        return Optional.of(bytes);
      }
    }
    return Optional.ofNullable(jdk.read(internalName));
  }

  /** The files of a name in all entries. */
  @Override
  public List<byte[]> resources(String path) {
    List<byte[]> found = new ArrayList<>();
    for (Function<String, byte @Nullable []> entry : entries) {
      byte[] bytes = entry.apply(path);
      if (bytes != null) {
        found.add(bytes);
      }
    }
    return found;
  }

  private static byte @Nullable [] readFile(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte @Nullable [] readEntry(JarFile jar, String name) {
    ZipEntry entry = jar.getEntry(name);
    if (entry == null) {
      return null;
    }
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the jars. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (JarFile jar : jars) {
      try {
        jar.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
