package dev.weft.weaver.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import dev.weft.weaver.files.ClassPath;
import dev.weft.weaver.files.DirectoryWeaver;
import dev.weft.weaver.files.SmallProject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class has one serialVersionUID: not woven, woven by the agent, and woven when it is built. */
class SerialVersionIT {
  private static final String MAIN =
      """
      package app;

      import static dev.weft.Async.await;

      import java.io.ObjectStreamClass;
      import java.io.Serializable;
      import java.util.concurrent.CompletableFuture;

      public class Main {
        static class Shop implements Serializable {
          int sold;

          CompletableFuture<Integer> sell(CompletableFuture<Integer> number) {
            sold += await(number);
            return CompletableFuture.completedFuture(sold);
          }
        }

        public static void main(String[] arguments) {
          System.out.println(ObjectStreamClass.lookup(Shop.class).getSerialVersionUID());
        }
      }
      """;

  @TempDir Path root;

  @Test
  void itIsTheSameHoweverTheClassWasWoven() throws Exception {
    SmallProject project = new SmallProject(root).compile("app/Main", MAIN);
    List<List<String>> seen = new ArrayList<>();

    seen.add(ForkedJvm.runMain(root, project).out());
    for (Engine engine : Engine.values()) {
      seen.add(ForkedJvm.runMain(root, project, ForkedJvm.agent("=engine=" + engine)).out());
    }
    for (Engine engine : Engine.values()) {
      project.compile("app/Main", MAIN);
      try (ClassPath classes =
          new ClassPath(List.of(project.classes(), Path.of(SmallProject.asyncApi())))) {
        WeaverOptions options = WeaverOptions.DEFAULT.withEngine(engine);
        new DirectoryWeaver(new Weaver(classes, FrameMode.CLASS_FILES, options))
            .weave(project.classes());
      }
      seen.add(ForkedJvm.runMain(root, project).out());
    }

    assertThat(seen.get(0)).hasSize(1);
    assertThat(seen).hasSize(1 + 2 * Engine.values().length).containsOnly(seen.get(0));
  }
}
