package dev.weft.docs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles all examples by one run of javac, into memory. */
final class ExampleCompiler {
  private final List<String> errors = new ArrayList<>();
  private final Map<String, byte[]> classes = new TreeMap<>();

  ExampleCompiler(List<ExampleUnit> units) throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> faults = new DiagnosticCollector<>();
    try (JavaFileManager files = new InMemory(javac.getStandardFileManager(null, null, null))) {
      List<String> options =
          List.of("--release", "17", "-proc:none", "-g", "-nowarn", "-Xmaxerrs", "1000");
      javac.getTask(null, files, faults, options, null, units).call();
    }
    for (Diagnostic<? extends JavaFileObject> fault : faults.getDiagnostics()) {
      if (fault.getKind() == Diagnostic.Kind.ERROR) {
        String message = fault.getMessage(Locale.ROOT);
        errors.add(
            fault.getSource() instanceof ExampleUnit unit
                ? unit.example().file() + ":" + unit.origin(fault.getLineNumber()) + ": " + message
                : message);
      }
    }
  }

  /** With the file and the line of the example each, and what the compiler says. */
  List<String> errors() {
    return errors;
  }

  /** The class files by internal name; those of examples without an error only if none has one. */
  Map<String, byte[]> classes() {
    return classes;
  }

  private final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    InMemory(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/')), kind) {
        @Override
        public OutputStream openOutputStream() {
          return new ByteArrayOutputStream() {
            @Override
            public void close() {
              classes.put(name.replace('.', '/'), toByteArray());
            }
          };
        }
      };
    }
  }
}
