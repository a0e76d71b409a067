package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.weaver.FrameMode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A type that only an adapter can make: without one, with one, with a bad one, and cancelled. */
class FutureAdapterTest {
  private static final String WITHOUT =
      """
      package shapes;
      import static dev.weft.Async.await;
      import java.util.concurrent.*;
      public class Labels {
        public static class Label<T> extends CompletableFuture<T> {
          Label(int n) {}
        }
        public static Label<String> run(CompletableFuture<String> future) {
          String text = await(future);
          Label<String> label = new Label<>(1);
          label.complete(text);
          return label;
        }
        /* adapter */
      }
      """;

  private static final String ADAPTER =
      """
        public static class Adapter implements dev.weft.FutureAdapter {
          public Class<?> type() {
            return Label.class;
          }
          public <T> CompletionStage<T> adapt(CompletableFuture<T> future) {
            return %s;
          }
        }
      """;

  private static Object run(FrameMode mode, String adapter, CompletableFuture<String> future)
      throws ReflectiveOperationException {
    Shape shape = new Shape("Labels", WITHOUT.replace("/* adapter */", adapter));
    Map<String, byte[]> classes =
        Objects.requireNonNull(InMemoryCompiler.newest().compile(List.of(shape)).get(shape));
    WovenShape woven = new WovenShape(shape, classes, mode, dev.weft.weaver.Engine.AUTO);
    assertThat(woven.diagnostics()).isEmpty();
    assertThat(woven.warnings()).hasSize(adapter.isEmpty() ? 1 : 0);
    Method run = woven.load().loadClass("shapes.Labels").getMethod("run", CompletableFuture.class);
    return run.invoke(null, future);
  }

  @ParameterizedTest
  @EnumSource
  void withoutOneACallThatHasToSuspendFails(FrameMode mode) throws Exception {
    assertThat((CompletableFuture<?>) run(mode, "", CompletableFuture.completedFuture("x")))
        .isCompletedWithValueMatching("x"::equals);

    CompletableFuture<String> pending = new CompletableFuture<>();
    assertThatThrownBy(() -> run(mode, "", pending))
        .isInstanceOf(InvocationTargetException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            "an async method that returns shapes.Labels$Label cannot suspend: there is no"
                + " FutureAdapter for this type");
    assertThat(pending.getNumberOfDependents()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void oneThatMakesSomethingElseIsNamed(FrameMode mode) {
    assertThatThrownBy(() -> run(mode, ADAPTER.formatted("future"), new CompletableFuture<>()))
        .isInstanceOf(InvocationTargetException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the FutureAdapter shapes.Labels$Adapter is for shapes.Labels$Label and made a"
                + " java.util.concurrent.CompletableFuture");
  }

  @ParameterizedTest
  @EnumSource
  void cancellingWhatItMadeCancelsTheMethod(FrameMode mode) throws Exception {
    Task<String> operation =
        new Task<>() {
          @Override
          protected boolean stop() {
            return cancel(false);
          }
        };
    Object label = run(mode, ADAPTER.formatted("new Label<>(2)"), operation);
    assertThat(label.getClass().getName()).isEqualTo("shapes.Labels$Label");
    assertThat((CompletableFuture<?>) label).isNotDone();

    ((CompletableFuture<?>) label).cancel(true);

    assertThat(operation).isCancelled();
  }
}
