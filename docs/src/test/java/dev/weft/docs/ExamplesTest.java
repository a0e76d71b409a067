package dev.weft.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every public type has an example, and every example compiles and can be woven: those of the
 * Javadoc, and those of the pages. {@link Surroundings} has what they may take for granted.
 */
class ExamplesTest {
  private static final Repository REPOSITORY =
      new Repository(Path.of("..").toAbsolutePath().normalize());

  private static final List<String> SOURCES =
      List.of(
          "async-api/src/main/java",
          "async-weaver/src/main/java",
          "async-junit/src/main/java",
          "async-http/src/main/java");

  /**
   * Their examples are such as cannot be woven, or are made for it: {@code DiagnosticPagesTest}.
   */
  private static final String DIAGNOSTICS = "diagnostics/WEFT";

  /** Made from code that is tested where it stands. */
  private static final String LOWERING = "lowering.md";

  private static ExportedSources exported;
  private static List<ExampleUnit> units;
  private static ExampleCompiler compiled;

  @BeforeAll
  static void compile() throws IOException {
    exported = new ExportedSources(REPOSITORY, SOURCES);
    List<Example> examples = new ArrayList<>();
    for (Path file : exported.files()) {
      examples.addAll(Example.inComments(file, REPOSITORY.text(file)));
    }
    for (Path page : REPOSITORY.markdown()) {
      if (!page.toString().contains(DIAGNOSTICS) && !page.endsWith(LOWERING)) {
        examples.addAll(Example.inPage(page, REPOSITORY.text(page)));
      }
    }
    examples.removeIf(ExamplesTest::isModule);
    units = new ArrayList<>();
    for (Example example : examples) {
      units.add(new ExampleUnit(example, units.size()));
    }
    compiled = new ExampleCompiler(units);
  }

  /** {@code ModulePathIT} compiles and runs such programs. */
  private static boolean isModule(Example example) {
    return example.lines().get(0).startsWith("module ");
  }

  @Test
  void everyPublicTypeHasAnExample() {
    assertThat(exported.types()).extracting(ExportedSources.Type::name).contains("Async", "Weaver");
    assertThat(exported.types())
        .allSatisfy(
            type ->
                assertThat(Example.inComments(type.file(), type.comment()))
                    .as("examples in the Javadoc of %s", type)
                    .isNotEmpty());
  }

  @Test
  void everyExampleCompiles() {
    assertThat(units).as("examples").hasSizeGreaterThan(exported.types().size());
    assertThat(compiled.errors()).as("what javac says of the examples").isEmpty();
  }

  /** Without a warning too: an example is there to be copied. */
  @Test
  void everyExampleCanBeWoven() {
    Map<String, byte[]> classes = compiled.classes();
    Weaver weaver = new Weaver(classPathWith(classes), FrameMode.CLASS_FILES);
    Map<String, ExampleUnit> byFolder = new TreeMap<>();
    units.forEach(unit -> byFolder.put(unit.packageName().replace('.', '/'), unit));
    List<String> found = new ArrayList<>();
    int woven = 0;
    for (Map.Entry<String, byte[]> each : classes.entrySet()) {
      WeaveResult result = weaver.weave(each.getValue());
      woven += result.methods().size();
      String folder = each.getKey().substring(0, each.getKey().lastIndexOf('/'));
      ExampleUnit unit = byFolder.get(folder);
      for (Diagnostic diagnostic : result.diagnostics()) {
        found.add(
            "%s:%d: [%s] %s"
                .formatted(
                    unit.example().file(),
                    unit.origin(diagnostic.line()),
                    diagnostic.code(),
                    diagnostic.message()));
      }
    }
    assertThat(found).as("what the weaver says of the examples").isEmpty();
    assertThat(woven).as("woven methods").isGreaterThan(15);
  }

  private static ClassSource classPathWith(Map<String, byte[]> classes) {
    ClassSource others = ClassSource.of(ExamplesTest.class.getClassLoader());
    return new ClassSource() {
      @Override
      public byte @Nullable [] read(String internalName) {
        byte[] own = classes.get(internalName);
        return own != null ? own : others.read(internalName);
      }

      @Override
      public List<byte[]> resources(String path) {
        return others.resources(path);
      }
    };
  }
}
