package dev.weft.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;

/** What a baseline keeps of a module, and what not. */
class ApiSkeletonTest {
  private static final Map<String, String> SOURCES =
      Map.of(
          "module-info.java",
          "module m { exports shown; }",
          "shown/Api.java",
          """
          package shown;

          public class Api extends hidden.Base {
            private int secret = 1;
            protected int open;

            public int answer() {
              return 42;
            }

            int internal() {
              return secret;
            }

            protected static class Nested {}

            private static class Secret {
              public static class Inside {}
            }
          }
          """,
          "shown/Internal.java",
          "package shown; class Internal { public static class Reachable {} }",
          "hidden/Base.java",
          "package hidden; public abstract class Base { public void inherited() {} }",
          "hidden/Other.java",
          "package hidden; public class Other {}");

  @TempDir Path folder;

  @Test
  void showsWhatAProgramCanNameAndWhatThatInherits() throws IOException {
    ApiSkeleton skeleton = skeleton(SOURCES);
    assertThat(skeleton.visibleTypes()).containsExactlyInAnyOrder("shown/Api", "shown/Api$Nested");
    assertThat(skeleton.classFiles().keySet())
        .containsExactly("hidden/Base.class", "shown/Api$Nested.class", "shown/Api.class");
  }

  @Test
  void keepsPublicAndProtectedMembersAndNoCode() throws IOException {
    ClassNode api = new ClassNode();
    new ClassReader(skeleton(SOURCES).classFiles().get("shown/Api.class")).accept(api, 0);
    assertThat(api.methods).extracting(method -> method.name).containsExactly("<init>", "answer");
    assertThat(api.methods).allMatch(method -> method.instructions.size() == 0);
    assertThat(api.fields).extracting(field -> field.name).containsExactly("open");
    assertThat(api.innerClasses)
        .extracting(inner -> inner.name)
        .containsExactly("shown/Api$Nested");
  }

  @Test
  void otherCodeGivesTheSameBytesAndAnotherSignatureOthers() throws IOException {
    byte[] before = skeleton(SOURCES).classFiles().get("shown/Api.class");
    byte[] otherCode =
        skeleton(with("return 42;", "internal(); return 43;")).classFiles().get("shown/Api.class");
    assertThat(otherCode).isEqualTo(before);
    byte[] otherType =
        skeleton(with("public int answer", "public long answer"))
            .classFiles()
            .get("shown/Api.class");
    assertThat(otherType).isNotEqualTo(before);
  }

  private static Map<String, String> with(String what, String instead) {
    Map<String, String> sources = new HashMap<>(SOURCES);
    sources.compute("shown/Api.java", (name, text) -> text.replace(what, instead));
    assertThat(sources).isNotEqualTo(SOURCES);
    return sources;
  }

  private ApiSkeleton skeleton(Map<String, String> sources) throws IOException {
    Path classes = Files.createTempDirectory(folder, "classes");
    List<String> command =
        new ArrayList<>(List.of("--release", "17", "-d", classes.toString(), "-proc:none"));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = classes.resolve("sources").resolve(source.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
      command.add(file.toString());
    }
    int status =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new));
    assertThat(status).as("javac").isZero();
    return ApiSkeleton.of(classes);
  }
}
