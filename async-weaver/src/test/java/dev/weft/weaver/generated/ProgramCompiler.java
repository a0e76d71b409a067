package dev.weft.weaver.generated;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.eclipse.jdt.internal.compiler.impl.CompilerOptions;
import org.eclipse.jdt.internal.compiler.tool.EclipseCompiler;
import org.jspecify.annotations.Nullable;

/** A compiler in this JVM, from many sources at once to byte arrays. */
final class ProgramCompiler {
  /** Which compiler. */
  enum Kind {
    JAVAC(ToolProvider::getSystemJavaCompiler),
    ECJ(EclipseCompiler::new);

    private final Supplier<JavaCompiler> factory;

    Kind(Supplier<JavaCompiler> factory) {
      this.factory = factory;
    }

    /** The newest release that the compiler knows and the running JDK has. */
    int newestRelease() {
      int running = Runtime.version().feature();
      return this == JAVAC
          ? running
          : Math.min(running, Integer.parseInt(CompilerOptions.getLatestVersion()));
    }
  }

  private static final String CRASHED = "the compiler failed ";

  /** What ecj says when it meets a bug of its own. */
  private static final String ECJ_CRASHED = "Missing code implementation in the compiler";

  /** What each program's options are chosen from, by its seed. */
  private static final List<List<String>> VARIANTS =
      List.of(List.of("-g"), List.of(), List.of("-g:none"), List.of("-g", "-parameters"));

  private final Kind kind;
  private final JavaCompiler compiler;
  private final List<String> options;
  private final StandardJavaFileManager files;

  /** Where sources are written to for a compiler that wants files; null for the other one. */
  private final @Nullable Path folder;

  /**
   * @param kind which compiler
   * @param release what to compile for
   * @param seed chooses the options for debug tables
   */
  ProgramCompiler(Kind kind, int release, long seed) {
    this.kind = kind;
    this.compiler = kind.factory.get();
    this.options = new ArrayList<>(List.of("-proc:none", "-nowarn", "-classpath", classPath()));
    options.addAll(VARIANTS.get(variant(seed)));
    if (kind == Kind.ECJ || release != Runtime.version().feature()) { // javac: its own is faster
      options.addAll(List.of("--release", Integer.toString(release)));
    }
    files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
    folder = kind == Kind.ECJ ? temporaryFolder() : null;
  }

  private static Path temporaryFolder() {
    try {
      Path parent = Files.createTempDirectory("generated");
      parent.toFile().deleteOnExit();
      Path folder = Files.createDirectory(parent.resolve(Program.PACKAGE));
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int variants() {
    return VARIANTS.size();
  }

  /** A number for the options that a program is compiled with. */
  static int variant(long seed) {
    return (int) (Dice.mix(~seed) & (VARIANTS.size() - 1));
  }

  Kind kind() {
    return kind;
  }

  /** Whether an error is the compiler's fault, not the program's. */
  static boolean isCrash(String error) {
    return error.startsWith(CRASHED) || error.contains(ECJ_CRASHED);
  }

  /**
   * What became of the sources.
   *
   * @param classes by name of a program that was compiled: its class files by name
   * @param errors by name of a program that was not: what the compiler said
   */
  record Result(Map<String, Map<String, byte[]>> classes, Map<String, String> errors) {}

  /**
   * Compiles programs. One that has errors does not prevent the others.
   *
   * @param sources by simple name
   */
  Result compile(Map<String, String> sources) {
    Map<String, String> remaining = new TreeMap<>(sources);
    Map<String, String> errors = new TreeMap<>();
    while (!remaining.isEmpty()) {
      Output output = new Output(files);
      Map<String, String> found = run(remaining, output);
      if (found.isEmpty()) {
        return new Result(output.byProgram(remaining), errors);
      }
      errors.putAll(found);
      remaining.keySet().removeAll(found.keySet());
    }
    return new Result(Map.of(), errors);
  }

  /** The errors by program; if there are any, the output is not complete. */
  private Map<String, String> run(Map<String, String> sources, Output output) {
    Iterable<? extends JavaFileObject> units = units(sources);
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    boolean compiled;
    try {
      compiled =
          compiler.getTask(Writer.nullWriter(), output, diagnostics, options, null, units).call();
    } catch (RuntimeException | Error e) {
      return crash(sources, e.toString());
    }
    Map<String, String> errors = new TreeMap<>();
    for (Diagnostic<? extends JavaFileObject> each : diagnostics.getDiagnostics()) {
      if (each.getKind() == Diagnostic.Kind.ERROR) {
        JavaFileObject source = each.getSource();
        if (source == null) { // ecj's "Internal Error"
          return crash(sources, each.getMessage(Locale.ROOT));
        }
        String path = source.toUri().getPath();
        String name = path.substring(path.lastIndexOf('/') + 1, path.length() - ".java".length());
        errors.merge(name, each.getLineNumber() + ": " + each.getMessage(Locale.ROOT), (a, b) -> a);
      }
    }
    if (!compiled && errors.isEmpty()) { // javac's stack overflows
      return crash(sources, "without a word");
    }
    return errors;
  }

  private Iterable<? extends JavaFileObject> units(Map<String, String> sources) {
    if (folder == null) {
      List<Text> units = new ArrayList<>();
      sources.forEach((name, text) -> units.add(new Text(name, text)));
      return units;
    }
    List<Path> paths = new ArrayList<>();
    try {
      for (Map.Entry<String, String> source : sources.entrySet()) {
        Path path = folder.resolve(source.getKey() + ".java");
        path.toFile().deleteOnExit();
        paths.add(Files.writeString(path, source.getValue()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files.getJavaFileObjectsFromPaths(paths);
  }

  /** A compiler that fails on one program says nothing about the others. */
  private Map<String, String> crash(Map<String, String> sources, String message) {
    if (sources.size() == 1) {
      return Map.of(sources.keySet().iterator().next(), CRASHED + message);
    }
    Map<String, String> errors = new TreeMap<>();
    sources.forEach((name, text) -> errors.putAll(run(Map.of(name, text), new Output(files))));
    return errors;
  }

  private static String classPath() {
    return origin(Probe.class)
        + File.pathSeparator
        + origin(dev.weft.Async.class)
        + File.pathSeparator
        + origin(org.jspecify.annotations.Nullable.class);
  }

  private static Path origin(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(String name, String text) {
      super(URI.create("mem:///" + Program.PACKAGE + "/" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Output extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    Output(JavaFileManager fallback) {
      super(fallback);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      String name = className.replace('/', '.');
      URI uri = URI.create("mem:///" + className.replace('.', '/') + kind.extension);
      return new SimpleJavaFileObject(uri, kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          classes.put(name, bytes);
          return bytes;
        }
      };
    }

    Map<String, Map<String, byte[]>> byProgram(Map<String, String> sources) {
      Map<String, Map<String, byte[]>> byProgram = new TreeMap<>();
      sources.keySet().forEach(name -> byProgram.put(name, new TreeMap<>()));
      classes.forEach(
          (name, bytes) -> {
            int dollar = name.indexOf('$');
            String top = dollar < 0 ? name : name.substring(0, dollar);
            Map<String, byte[]> own = byProgram.get(top.substring(top.lastIndexOf('.') + 1));
            if (own != null) {
              own.put(name, bytes.toByteArray());
            }
          });
      return byProgram;
    }
  }
}
