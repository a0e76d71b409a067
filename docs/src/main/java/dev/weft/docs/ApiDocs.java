package dev.weft.docs;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;

/**
 * The Javadoc of the modules that are published, in one, so that links lead across: by the JDK's
 * own tool, out of the sources.
 */
final class ApiDocs {
  /** Each module's folder of sources, by its name. */
  private static final Map<String, String> MODULES = new LinkedHashMap<>();

  static {
    MODULES.put("dev.weft", "async-api/src/main/java");
    MODULES.put("dev.weft.weaver", "async-weaver/src/main/java");
    MODULES.put("dev.weft.junit", "async-junit/src/main/java");
    MODULES.put("dev.weft.http", "async-http/src/main/java");
  }

  private final Repository repository;
  private final ModuleFinder compiled;

  /**
   * @param classPath with the compiled modules and all that they require
   */
  ApiDocs(Repository repository, String classPath) {
    this.repository = repository;
    this.compiled =
        ModuleFinder.of(
            Arrays.stream(classPath.split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::exists)
                .toArray(Path[]::new));
  }

  /** The parts of the class path that these modules require, directly or not. */
  private Set<Path> required() {
    Set<Path> paths = new TreeSet<>();
    Set<String> seen = new TreeSet<>(MODULES.keySet());
    Deque<String> open = new ArrayDeque<>(MODULES.keySet());
    while (!open.isEmpty()) {
      String name = open.remove();
      ModuleReference module = compiled.find(name).orElse(null);
      if (module == null) {
        continue; // the JDK's own
      }
      if (!MODULES.containsKey(name)) {
        module.location().map(Path::of).ifPresent(paths::add);
      }
      module.descriptor().requires().stream()
          .map(ModuleDescriptor.Requires::name)
          .filter(seen::add)
          .forEach(open::add);
    }
    return paths;
  }

  /**
   * Writes it.
   *
   * @throws IOException if the tool has found an error; its messages are in the exception's
   */
  void write(Path folder, String version) throws IOException {
    ToolProvider javadoc =
        ToolProvider.findFirst("javadoc")
            .orElseThrow(() -> new IOException("this is no JDK: it has no javadoc"));
    Path style = Files.createTempDirectory("weft-site").resolve("weft.css");
    Files.write(style, Template.resource("api.css"));
    StringWriter messages = new StringWriter();
    PrintWriter out = new PrintWriter(messages);
    int status = javadoc.run(out, out, arguments(folder, version, style).toArray(String[]::new));
    Files.delete(style);
    Files.delete(style.resolveSibling(""));
    if (status != 0) {
      throw new IOException("javadoc failed:\n" + messages);
    }
  }

  private List<String> arguments(Path folder, String version, Path style) {
    List<String> arguments = new ArrayList<>();
    MODULES.forEach(
        (name, sources) -> {
          arguments.add("--module-source-path");
          arguments.add(name + "=" + repository.root().resolve(sources));
        });
    String modulePath =
        String.join(File.pathSeparator, required().stream().map(Path::toString).toList());
    arguments.addAll(
        List.of(
            "--module",
            String.join(",", MODULES.keySet()),
            "--module-path",
            modulePath,
            "-d",
            folder.toString(),
            "--release",
            "17",
            "-encoding",
            "UTF-8",
            "-docencoding",
            "UTF-8",
            "-charset",
            "UTF-8",
            "-windowtitle",
            "Weft API",
            "-doctitle",
            "Weft " + version,
            "-header",
            "<a href=\"{@docRoot}/../index.html\">Weft</a>",
            "--add-stylesheet",
            style.toString(),
            "-Xdoclint:all,-missing",
            "-notimestamp",
            "-linksource",
            "-quiet"));
    return arguments;
  }
}
