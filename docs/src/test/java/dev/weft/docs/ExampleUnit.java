package dev.weft.docs;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A class around an example, as a reader would put it there: what declares something becomes a
 * member, all else the body of a method, in the order in which it stands. That method is async, so
 * that the example may await, and may throw anything. It is in a package of its own with the
 * imports below, which an editor adds without being asked.
 */
final class ExampleUnit extends SimpleJavaFileObject {
  private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

  private static final List<String> IMPORTS =
      List.of(
          "dev.weft.*",
          "dev.weft.dump.*",
          "dev.weft.frame.*",
          "dev.weft.io.*",
          "dev.weft.junit.*",
          "dev.weft.log.*",
          "dev.weft.metrics.*",
          "dev.weft.net.*",
          "dev.weft.node.*",
          "dev.weft.resilience.*",
          "dev.weft.scope.*",
          "dev.weft.select.*",
          "dev.weft.stream.*",
          "dev.weft.sync.*",
          "dev.weft.weaver.*",
          "dev.weft.weaver.agent.WeaverAgent",
          "io.netty.bootstrap.*",
          "io.netty.buffer.*",
          "io.netty.channel.*",
          "io.netty.handler.codec.*",
          "io.netty.handler.codec.string.*",
          "io.micrometer.context.*",
          "io.micrometer.context.integration.*",
          "io.opentelemetry.context.Context",
          "java.io.*",
          "java.lang.management.*",
          "java.net.URI",
          "java.nio.ByteBuffer",
          "java.nio.charset.StandardCharsets",
          "java.nio.file.*",
          "java.time.Duration",
          "java.util.*",
          "java.util.concurrent.*",
          "java.util.stream.*",
          "javax.management.*",
          "javax.swing.JLabel",
          "javax.swing.SwingUtilities",
          "org.slf4j.*",
          "static dev.weft.Async.await",
          "static dev.weft.Async.cancelling",
          "static dev.weft.Async.done",
          "static dev.weft.Async.sleep",
          "static dev.weft.docs.Surroundings.*",
          "static org.assertj.core.api.Assertions.assertThat");

  private final Example example;
  private final String name;
  private final StringBuilder source = new StringBuilder();

  /** The line in the example's file of each line of the source, from 1; 0 for those around it. */
  private final List<Integer> origins = new ArrayList<>(List.of(0));

  ExampleUnit(Example example, int number) {
    super(URI.create("string:///examples/e" + number + "/Example.java"), Kind.SOURCE);
    this.example = example;
    this.name = "examples.e" + number;
    add("package " + name + ";", 0);
    IMPORTS.forEach(each -> add("import " + each + ";", 0));
    Map<Integer, List<String>> parts = example.parts();
    add("import " + http(parts) + ".*;", 0);
    List<Integer> statements = new ArrayList<>();
    List<Integer> members = new ArrayList<>();
    parts.forEach(
        (line, text) -> {
          if (text.get(0).startsWith("import ")) {
            addAll(line, text);
          } else {
            (isMember(text) ? members : statements).add(line);
          }
        });
    add("@SuppressWarnings(\"all\")", 0);
    add("class Example {", 0);
    members.forEach(line -> addAll(line, asStatic(parts.get(line))));
    add("static boolean always = true;", 0);
    add("static CompletableFuture<Void> example() throws Exception { if (always) {", 0);
    statements.forEach(line -> addAll(line, parts.get(line)));
    add("} return CompletableFuture.completedFuture(null); } }", 0);
  }

  /** The package of its HttpRequest: the JDK's client and our server both have one. */
  private static String http(Map<Integer, List<String>> parts) {
    boolean client =
        parts.values().stream().flatMap(List::stream).anyMatch(line -> line.contains("HttpClient"));
    return client ? "java.net.http" : "dev.weft.http";
  }

  private void addAll(int line, List<String> text) {
    for (int i = 0; i < text.size(); i++) {
      add(text.get(i), line + i);
    }
  }

  private void add(String line, int origin) {
    source.append(line).append('\n');
    origins.add(origin);
  }

  private static boolean isMember(List<String> text) {
    return parsed(text) != null;
  }

  /** Types that stand by themselves in the example do not belong to an instance of ours. */
  private static List<String> asStatic(List<String> text) {
    Parsed parsed = parsed(text);
    StringBuilder changed = new StringBuilder(String.join("\n", text));
    List<Integer> starts = new ArrayList<>();
    for (Tree member : parsed.members()) {
      if (member instanceof ClassTree type
          && !type.getModifiers().getFlags().contains(Modifier.STATIC)) {
        starts.add(0, (int) parsed.start(member));
      }
    }
    starts.forEach(start -> changed.insert(start, "static "));
    return changed.toString().lines().toList();
  }

  private record Parsed(Trees trees, CompilationUnitTree unit, List<? extends Tree> members) {
    long start(Tree tree) {
      return trees.getSourcePositions().getStartPosition(unit, tree) - AROUND.length();
    }
  }

  private static final String AROUND = "class Example {\n";

  /** The members that a text declares; null if it is something else. */
  private static @Nullable Parsed parsed(List<String> text) {
    DiagnosticCollector<JavaFileObject> faults = new DiagnosticCollector<>();
    String all = AROUND + String.join("\n", text) + "\n}\n";
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Example.java"), Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignored) {
            return all;
          }
        };
    try {
      JavacTask task =
          (JavacTask) JAVAC.getTask(null, null, faults, List.of("-proc:none"), null, List.of(file));
      CompilationUnitTree unit = task.parse().iterator().next();
      if (!faults.getDiagnostics().isEmpty() || unit.getTypeDecls().size() != 1) {
        return null;
      }
      ClassTree type = (ClassTree) unit.getTypeDecls().get(0);
      boolean declares =
          type.getMembers().stream().noneMatch(member -> member.getKind() == Tree.Kind.BLOCK);
      // A local variable could be a field as well; it belongs where the statements are.
      boolean fields =
          type.getMembers().stream().allMatch(member -> member.getKind() == Tree.Kind.VARIABLE);
      boolean isStatic = text.get(0).contains("static ");
      return declares && (!fields || isStatic)
          ? new Parsed(Trees.instance(task), unit, type.getMembers())
          : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return source;
  }

  Example example() {
    return example;
  }

  /** The package that its classes are in. */
  String packageName() {
    return name;
  }

  /** Where a line of this is in the file of the example. */
  int origin(long line) {
    int origin = line > 0 && line < origins.size() ? origins.get((int) line) : 0;
    return origin == 0 ? example.line() : origin;
  }
}
