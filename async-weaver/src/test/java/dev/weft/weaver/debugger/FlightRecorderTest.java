package dev.weft.weaver.debugger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import dev.weft.weaver.files.DirectoryWeaver;
import dev.weft.weaver.files.SmallProject;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The stacks that Flight Recorder has of an async method are those of {@code docs/debugging.md}. An
 * event of the program's own stands for a sample: the JVM walks the stack for both in one way, and
 * when a sample is taken is not to be foreseen.
 */
class FlightRecorderTest {
  private static final String SOURCE =
      """
      package shop;
      import static dev.weft.Async.await;
      import static dev.weft.Async.done;
      import dev.weft.Async;
      import dev.weft.Task;
      import java.util.concurrent.Callable;
      import java.util.concurrent.CompletionStage;
      import jdk.jfr.Event;
      import jdk.jfr.Name;
      public class Shop implements Callable<CompletionStage<Integer>> {
        @Name("shop.Mark")
        static class Mark extends Event {
          String at;
        }
        static void mark(String at) {
          Mark mark = new Mark();
          mark.at = at;
          mark.commit();
        }
        static Task<Integer> pay(int price) {
          mark("before");
          await(Async.sleep(java.time.Duration.ofMillis(1)));
          mark("behind");
          return done(price);
        }
        public Task<Integer> call() {
          return pay(3);
        }
      }
      """;

  @TempDir Path root;

  @ParameterizedTest
  @EnumSource(names = {"EA", "DIRECT"})
  void itHasTheMethodsLineUnderTheContinuationsName(Engine engine) throws Exception {
    List<RecordedEvent> marks = record(engine);

    assertThat(marks).extracting(mark -> mark.getString("at")).containsExactly("before", "behind");
    StringBuilder listing = new StringBuilder();
    for (RecordedEvent mark : marks) {
      listing.append(mark.getString("at")).append(" the await\n");
      mark.getStackTrace().getFrames().stream()
          .dropWhile(frame -> !frame.getMethod().getName().endsWith("pay"))
          .takeWhile(frame -> frame.getMethod().getType().getName().startsWith("shop."))
          .forEach(frame -> listing.append("  ").append(text(frame)).append('\n'));
      listing.append("  ...\n");
    }
    String woven = engine == Engine.EA ? "ea" : "direct";
    Page.shows("recorded, " + woven, listing.toString());
  }

  private static String text(RecordedFrame frame) {
    String method = frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    return frame.getLineNumber() > 0 ? method + " line " + frame.getLineNumber() : method;
  }

  @SuppressWarnings("unchecked")
  private List<RecordedEvent> record(Engine engine) throws Exception {
    SmallProject project = new SmallProject(root);
    project.compile("shop/Shop", SOURCE);
    new DirectoryWeaver(
            new Weaver(
                ClassSource.of(getClass().getClassLoader()),
                FrameMode.CLASS_FILES,
                WeaverOptions.DEFAULT.withEngine(engine)))
        .weave(project.classes());
    Path file = root.resolve("marks.jfr");
    try (URLClassLoader loader = project.load();
        WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build();
        Recording recording = new Recording()) {
      Object shop = loader.loadClass("shop.Shop").getConstructor().newInstance();
      recording.enable("shop.Mark").withStackTrace();
      recording.start();
      executor.blockOn((Callable<CompletionStage<Integer>>) shop);
      recording.stop();
      recording.dump(file);
    }
    return marks(file);
  }

  private static List<RecordedEvent> marks(Path file) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals("shop.Mark"))
        .toList();
  }
}
