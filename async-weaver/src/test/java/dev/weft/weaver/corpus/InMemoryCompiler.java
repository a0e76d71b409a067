package dev.weft.weaver.corpus;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The running JDK's javac, from strings to byte arrays. */
public final class InMemoryCompiler {
  private final List<String> options;

  public InMemoryCompiler(int release, String... options) {
    this.options = new ArrayList<>(List.of("--release", Integer.toString(release)));
    this.options.addAll(List.of("-proc:none", "-nowarn", "-classpath", classPath()));
    this.options.addAll(List.of(options));
  }

  /** A compiler for the newest release that the running JDK knows. */
  static InMemoryCompiler newest(String... options) {
    return new InMemoryCompiler(Runtime.version().feature(), options);
  }

  /**
   * Compiles shapes, in one go.
   *
   * @return by shape, the class files by name, {@code shapes.Name$Inner}
   */
  public Map<Shape, Map<String, byte[]>> compile(Collection<Shape> shapes) {
    Map<String, byte[]> compiled =
        run(shapes.stream().map(shape -> new Text(shape.className(), shape.source())).toList());
    Map<Shape, Map<String, byte[]>> byShape = new TreeMap<>();
    for (Shape shape : shapes) {
      Map<String, byte[]> classes = new TreeMap<>();
      compiled.forEach(
          (name, bytes) -> {
            if (name.equals(shape.className()) || name.startsWith(shape.className() + "$")) {
              classes.put(name, bytes);
            }
          });
      byShape.put(shape, classes);
    }
    return byShape;
  }

  /** Compiles one class that stands alone. */
  byte[] compile(String className, String source) {
    return Objects.requireNonNull(run(List.of(new Text(className, source))).get(className));
  }

  /** Compiles sources by the names of their classes, in one go. */
  Map<String, byte[]> compile(Map<String, String> sources) {
    List<Text> texts = new ArrayList<>();
    sources.forEach((className, source) -> texts.add(new Text(className, source)));
    return run(texts);
  }

  private Map<String, byte[]> run(List<Text> sources) {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    Output output = new Output(javac.getStandardFileManager(null, null, null));
    StringWriter messages = new StringWriter();
    if (!javac.getTask(messages, output, null, options, null, sources).call()) {
      throw new AssertionError("the corpus does not compile with " + options + "\n" + messages);
    }
    Map<String, byte[]> classes = new HashMap<>();
    output.classes.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
    return classes;
  }

  private static String classPath() {
    List<String> path = new ArrayList<>();
    for (Class<?> type : List.of(Source.class, dev.weft.Async.class, com.ea.async.Async.class)) {
      path.add(origin(type).toString());
    }
    return String.join(File.pathSeparator, path);
  }

  /** The folder or jar that a class was loaded from. */
  static Path origin(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(String className, String text) {
      super(URI.create("mem:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Output extends ForwardingJavaFileManager<JavaFileManager> {
    final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    Output(JavaFileManager fallback) {
      super(fallback);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      URI uri = URI.create("mem:///" + className.replace('.', '/') + kind.extension);
      return new SimpleJavaFileObject(uri, kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          classes.put(className, bytes);
          return bytes;
        }
      };
    }
  }
}
