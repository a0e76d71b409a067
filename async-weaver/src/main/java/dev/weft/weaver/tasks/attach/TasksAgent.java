package dev.weft.weaver.tasks.attach;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the agent does in a JVM that it is attached to with {@code tasks=...}: has Weft's tasks
 * written to a file, on the thread of the JVM's that loads agents, which no program can keep busy.
 * It weaves nothing, and leaves nothing behind but its jar at the end of the class path.
 *
 * <p>The program may have loaded Weft more than once, by several class loaders: each of them
 * writes, one after the other. As JSON these are several documents in one file.
 */
public final class TasksAgent {
  private static final String SOME_CLASS = "dev.weft.Task";
  private static final String DUMP = "dev.weft.dump.TaskDump";
  private static final int BUFFER = 1 << 16;

  /** The file is the user's alone: a dump may tell secrets. */
  private static final String MODE = "rw-------";

  private TasksAgent() {}

  /** True if it is tasks that an agent's options ask for. */
  public static boolean isAsked(@Nullable String options) {
    return DumpRequest.isOne(options);
  }

  /**
   * Writes them.
   *
   * @return what went wrong, for the log; null if nothing did, or it is a command that asks, which
   *     has been told. It is not thrown: the JVM would print pages about that
   */
  public static @Nullable String run(String options, Instrumentation instrumentation) {
    DumpRequest request;
    try {
      request = DumpRequest.parse(options);
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
    try {
      write(request, instrumentation);
      return null;
    } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
      String message = message(e);
      return request.quiet() ? say(message, request.failure()) : "weft agent: " + message;
    }
  }

  private static String message(Throwable error) {
    Throwable cause =
        error instanceof InvocationTargetException && error.getCause() != null
            ? error.getCause()
            : error;
    return cause instanceof FileAlreadyExistsException
        ? "there is a file " + cause.getMessage() + " already, and it is not overwritten"
        : cause instanceof NoWeftException ? String.valueOf(cause.getMessage()) : cause.toString();
  }

  private static @Nullable String say(String message, Path file) {
    try (Writer out = create(file)) {
      out.write(message);
      return null;
    } catch (IOException e) {
      return "weft agent: " + message + "; and it could not be said to who asks: " + e;
    }
  }

  private static void write(DumpRequest request, Instrumentation instrumentation)
      throws IOException, ReflectiveOperationException {
    Set<ClassLoader> loaders = findLoaders(instrumentation.getAllLoadedClasses());
    List<Class<?>> dumps = findDumps(loaders);
    Path unfinished = request.file().resolveSibling(request.file().getFileName() + ".part");
    if (Files.exists(request.file())) {
      throw new FileAlreadyExistsException(request.file().toString());
    }
    boolean done = false;
    try (Writer out = create(unfinished)) {
      for (Class<?> dump : dumps) {
        if (loaders.size() > 1 && request.format() != DumpFormat.JSON) {
          out.write("Weft of the class loader " + dump.getClassLoader() + "\n\n");
        }
        write(dump, request, out);
      }
      int old = loaders.size() - dumps.size();
      if (old > 0 && request.format() != DumpFormat.JSON) {
        out.write(
            "\n" + old + " class loaders have a Weft that is older than this jar, and cannot");
        out.write(" say what tasks there are\n");
      }
      done = true;
    } finally {
      if (!done) {
        Files.deleteIfExists(unfinished);
      }
    }
    Files.move(unfinished, request.file());
  }

  /** By reflection: Weft is the program's, and not this jar's. */
  private static void write(Class<?> dump, DumpRequest request, Writer out)
      throws IOException, ReflectiveOperationException {
    Object all = dump.getMethod("ofAll").invoke(null);
    Object options =
        dump.getMethod("asTree", boolean.class).invoke(all, request.format() == DumpFormat.TREE);
    Object complete = dump.getMethod("withLocals", boolean.class).invoke(options, request.locals());
    String method = request.format() == DumpFormat.JSON ? "writeJson" : "writeText";
    dump.getMethod(method, Appendable.class).invoke(complete, out);
    if (request.format() == DumpFormat.JSON) {
      out.write('\n');
    }
  }

  private static Writer create(Path file) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE))
            }
            : new FileAttribute<?>[0];
    SeekableByteChannel channel = Files.newByteChannel(file, options, mode);
    return new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), BUFFER);
  }

  private static Set<ClassLoader> findLoaders(Class<?>[] loaded) {
    Set<ClassLoader> loaders = new LinkedHashSet<>();
    for (Class<?> type : loaded) {
      if (type.getName().equals(SOME_CLASS) && type.getClassLoader() != null) {
        loaders.add(type.getClassLoader());
      }
    }
    if (loaders.isEmpty()) {
      throw new NoWeftException(
          "it has not loaded Weft (no class "
              + SOME_CLASS
              + "): it does not use it, or has not come to that yet");
    }
    return loaders;
  }

  /** Without those that are older than dumps are; refused only if all are. */
  private static List<Class<?>> findDumps(Set<ClassLoader> loaders) {
    List<Class<?>> dumps = new ArrayList<>();
    for (ClassLoader loader : loaders) {
      try {
        dumps.add(Class.forName(DUMP, true, loader));
      } catch (ClassNotFoundException e) {
        // Older: counted by who asks.
      }
    }
    if (dumps.isEmpty()) {
      throw new NoWeftException(
          "its Weft is older than this jar, and cannot say what tasks there are (no class "
              + DUMP
              + "); a heap dump of it can be read with --heap");
    }
    return dumps;
  }

  /** There is none, or not one that can say. */
  private static final class NoWeftException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoWeftException(String message) {
      super(message);
    }
  }
}
