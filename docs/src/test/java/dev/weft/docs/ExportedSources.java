package dev.weft.docs;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExportsTree;
import com.sun.source.tree.ModuleTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The sources of the packages that the published modules export, and the public types in them. */
final class ExportedSources {
  /**
   * A type that programs can name.
   *
   * @param name as the source has it: {@code TcpServer.Handler}
   * @param comment its Javadoc as it stands there; empty if there is none
   */
  record Type(Path file, int line, String name, String comment) {
    @Override
    public String toString() {
      return file + ":" + line + ": " + name;
    }
  }

  private final Repository repository;
  private final List<Path> files = new ArrayList<>();
  private final List<Type> types = new ArrayList<>();

  ExportedSources(Repository repository, List<String> sourceFolders) throws IOException {
    this.repository = repository;
    for (String folder : sourceFolders) {
      addModule(Path.of(folder));
    }
    List<Path> real = files.stream().map(repository.root()::resolve).toList();
    parse(real, this::addTypes);
  }

  private void addModule(Path folder) throws IOException {
    List<Path> exported = new ArrayList<>();
    parse(
        List.of(repository.root().resolve(folder).resolve("module-info.java")),
        (trees, unit) -> {
          ModuleTree module = unit.getModule();
          for (Tree directive : module.getDirectives()) {
            if (directive instanceof ExportsTree exports && exports.getModuleNames() == null) {
              exported.add(folder.resolve(exports.getPackageName().toString().replace('.', '/')));
            }
          }
        });
    for (Path each : exported) {
      try (Stream<Path> sources = Files.list(repository.root().resolve(each))) {
        sources
            .filter(file -> file.toString().endsWith(".java"))
            .sorted()
            .map(repository.root()::relativize)
            .forEach(files::add);
      }
    }
  }

  private interface Reader {
    void read(Trees trees, CompilationUnitTree unit) throws IOException;
  }

  private static void parse(List<Path> files, Reader reader) throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              javac.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      for (CompilationUnitTree unit : task.parse()) {
        reader.read(Trees.instance(task), unit);
      }
    }
  }

  private void addTypes(Trees trees, CompilationUnitTree unit) throws IOException {
    for (Tree tree : unit.getTypeDecls()) {
      if (tree instanceof ClassTree type) {
        addType(trees, unit, type, "", false);
      }
    }
  }

  private void addType(
      Trees trees, CompilationUnitTree unit, ClassTree type, String outer, boolean inInterface)
      throws IOException {
    if (!inInterface && !type.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
      return;
    }
    String source = unit.getSourceFile().getCharContent(true).toString();
    int start = (int) trees.getSourcePositions().getStartPosition(unit, type);
    Path file = repository.root().relativize(Path.of(unit.getSourceFile().toUri()));
    String name = outer + type.getSimpleName();
    String before = source.substring(0, start).stripTrailing();
    String comment = before.endsWith("*/") ? before.substring(before.lastIndexOf("/**")) : "";
    types.add(new Type(file, (int) unit.getLineMap().getLineNumber(start), name, comment));
    boolean members = type.getKind() == Tree.Kind.INTERFACE;
    for (Tree member : type.getMembers()) {
      if (member instanceof ClassTree nested) {
        addType(trees, unit, nested, name + ".", members);
      }
    }
  }

  /** All files of these packages. */
  List<Path> files() {
    return files;
  }

  /** Public types, also nested ones. */
  List<Type> types() {
    return types;
  }
}
