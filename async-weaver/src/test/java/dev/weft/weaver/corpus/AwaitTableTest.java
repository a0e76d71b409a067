package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.frame.Frame;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.lower.FrameClass;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A suspended frame's table has, at its state, the line of the await at which it stands. */
class AwaitTableTest {
  private static final Shape SHAPE =
      new Shape(
          "Lines",
          """
          package shapes;

          import static dev.weft.Async.await;

          import dev.weft.Async;
          import java.io.Serializable;
          import java.util.concurrent.CompletableFuture;
          import java.util.function.Supplier;

          public class Lines {
            public static class Promise<T> extends CompletableFuture<T> {}

            public interface Shelf {
              default CompletableFuture<Integer> take(Supplier<CompletableFuture<Integer>> next) {
                return Async.done(await(next.get())); // @take
              }
            }

            private static Supplier<CompletableFuture<Integer>> source;
            private static final Supplier<CompletableFuture<Integer>> SHARED =
                () -> Async.done(await(source.get())); // @<clinit>
            private final Supplier<CompletableFuture<Integer>> own =
                () -> Async.done(await(source.get()) + base()); // @<init>

            private int base() {
              return 3;
            }

            static CompletableFuture<Integer> sequence(Supplier<CompletableFuture<Integer>> next) {
              int first = await(next.get()); // @sequence
              int second =
                  first
                      + await( // @sequence
                          next.get());
              return Async.done(first + second);
            }

            static CompletableFuture<Integer> alike(Supplier<CompletableFuture<Integer>> next) {
              await(next.get()); // @alike
              await(next.get()); // @alike
              await(next.get()); // @alike
              await(next.get()); // @alike
              await(next.get()); // @alike
              await(next.get()); // @alike
              return Async.done(0);
            }

            static CompletableFuture<Integer> oneLine(Supplier<CompletableFuture<Integer>> next) {
              return Async.done(await(next.get()) + await(next.get()) * await(next.get())); // @oneLine @oneLine @oneLine
            }

            static CompletableFuture<Integer> loop(Supplier<CompletableFuture<Integer>> next) {
              int sum = await(next.get()); // @loop
              for (int i = 0; i < 3; i++) {
                sum += await(next.get()); // @loop @loop @loop
              }
              return Async.done(sum + await(next.get())); // @loop
            }

            static CompletableFuture<Integer> tries(Supplier<CompletableFuture<Integer>> next) {
              int sum = 0;
              try {
                sum += await(next.get()); // @tries
                sum += await(next.get()); // @tries
              } catch (IllegalStateException e) {
                sum += await(next.get()); // @tries
              } finally {
                sum += await(next.get()); // @tries
              }
              return Async.done(sum);
            }

            CompletableFuture<Integer> instance(Supplier<CompletableFuture<Integer>> next) {
              int a = await(next.get()) + base(); // @instance
              return Async.done(a + await(next.get())); // @instance
            }

            static Promise<Integer> adapted(Supplier<CompletableFuture<Integer>> next) {
              await(next.get()); // @adapted
              await(next.get()); // @adapted
              Promise<Integer> promise = new Promise<>();
              promise.complete(1);
              return promise;
            }

            static CompletableFuture<Integer> lambda(Supplier<CompletableFuture<Integer>> next) {
              Supplier<CompletableFuture<Integer>> body =
                  () -> {
                    int a = await(next.get()); // @lambda
                    return Async.done(a + await(next.get())); // @lambda
                  };
              return body.get();
            }

            CompletableFuture<Integer> dollar$0$a(Supplier<CompletableFuture<Integer>> next) {
              Supplier<Supplier<CompletableFuture<Integer>>> outer =
                  () -> () -> Async.done(await(next.get()) + base()); // @dollar$0$a
              return outer.get().get();
            }

            static CompletableFuture<Integer> stored(Supplier<CompletableFuture<Integer>> next) {
              Supplier<CompletableFuture<Integer>> body =
                  (Supplier<CompletableFuture<Integer>> & Serializable)
                      () -> Async.done(await(next.get())); // @stored
              return body.get();
            }

            public static CompletableFuture<Integer> run(
                String what, Supplier<CompletableFuture<Integer>> next) {
              source = next;
              return switch (what) {
                case "take" -> new Shelf() {}.take(next);
                case "<clinit>" -> SHARED.get();
                case "<init>" -> new Lines().own.get();
                case "sequence" -> sequence(next);
                case "alike" -> alike(next);
                case "oneLine" -> oneLine(next);
                case "loop" -> loop(next);
                case "tries" -> tries(next);
                case "instance" -> new Lines().instance(next);
                case "adapted" -> adapted(next);
                case "lambda" -> lambda(next);
                case "dollar$0$a" -> new Lines().dollar$0$a(next);
                case "stored" -> stored(next);
                default -> throw new IllegalArgumentException(what);
              };
            }
          }
          """);

  private static final List<String> METHODS =
      List.of(
          "take",
          "<clinit>",
          "<init>",
          "sequence",
          "alike",
          "oneLine",
          "loop",
          "instance",
          "adapted",
          "lambda",
          "dollar$0$a",
          "stored");

  private static final Map<String, byte[]> WITH_LINES =
      Objects.requireNonNull(InMemoryCompiler.newest("-g").compile(List.of(SHAPE)).get(SHAPE));
  private static final Map<String, byte[]> WITHOUT_LINES =
      Objects.requireNonNull(InMemoryCompiler.newest("-g:none").compile(List.of(SHAPE)).get(SHAPE));

  private static final Map<List<Object>, WovenShape> WOVEN = new HashMap<>();

  static Stream<Arguments> variants() {
    return Stream.of(FrameMode.values())
        .flatMap(mode -> Corpus.ENGINES.stream().map(engine -> Arguments.of(mode, engine)));
  }

  static Stream<Arguments> methods() {
    return variants()
        .flatMap(
            variant ->
                METHODS.stream()
                    .map(method -> Arguments.of(method, variant.get()[0], variant.get()[1])));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("methods")
  void everySuspensionHasTheLineOfItsAwait(String method, FrameMode mode, Engine engine)
      throws ReflectiveOperationException {
    String owner = method.equals("take") ? "shapes.Lines$Shelf" : "shapes.Lines";
    String where = owner + "\t" + method + "\tLines.java\t";

    assertThat(suspensions(method, -1, WITH_LINES, mode, engine))
        .containsExactlyElementsOf(marked(method).map(line -> where + line).toList());
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("variants")
  void handlersAndBothCopiesOfFinallyHaveTheirs(FrameMode mode, Engine engine)
      throws ReflectiveOperationException {
    List<Integer> lines = marked("tries").toList();

    for (int failing = -1; failing < 2; failing++) {
      List<Integer> expected = new ArrayList<>(lines);
      if (failing < 0) {
        expected.remove(2); // the handler
      } else if (failing == 0) {
        expected.remove(1); // what comes after the failed one
      }
      assertThat(suspensions("tries", failing, WITH_LINES, mode, engine))
          .containsExactlyElementsOf(
              expected.stream().map(line -> "shapes.Lines\ttries\tLines.java\t" + line).toList());
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("variants")
  void withoutDebugTablesAllLinesAreZeroAndThereIsNoFile(FrameMode mode, Engine engine)
      throws ReflectiveOperationException {
    assertThat(suspensions("lambda", -1, WITHOUT_LINES, mode, engine))
        .containsExactly("shapes.Lines\tlambda\t\t0", "shapes.Lines\tlambda\t\t0");
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("variants")
  void theClassesAreValid(FrameMode mode, Engine engine) {
    WovenShape woven = new WovenShape(SHAPE, WITH_LINES, mode, engine);

    assertThat(woven.complaints()).as(woven::dump).isEmpty();
  }

  /** The lines that end in a mark, as often as they do. */
  private static Stream<Integer> marked(String mark) {
    List<String> lines = SHAPE.source().lines().toList();
    return IntStream.range(0, lines.size())
        .boxed()
        .flatMap(
            index ->
                Stream.of(lines.get(index).split(" "))
                    .filter(("@" + mark)::equals)
                    .map(found -> index + 1));
  }

  /**
   * Where a method stands each time that it suspends, until it ends.
   *
   * @param failing which of its futures is to fail, from 0, or -1
   */
  private static List<String> suspensions(
      String method, int failing, Map<String, byte[]> compiled, FrameMode mode, Engine engine)
      throws ReflectiveOperationException {
    WovenShape woven =
        WOVEN.computeIfAbsent(
            List.of(compiled == WITH_LINES, mode, engine),
            key -> new WovenShape(SHAPE, compiled, mode, engine));
    assertThat(woven.diagnostics()).isEmpty();
    Class<?> lines = Class.forName("shapes.Lines", true, woven.load());
    List<Awaited> asked = new CopyOnWriteArrayList<>();
    Supplier<CompletableFuture<Integer>> next =
        () -> {
          Awaited future = new Awaited();
          asked.add(future);
          return future;
        };
    CompletableFuture<?> end =
        (CompletableFuture<?>)
            Objects.requireNonNull(
                lines.getMethod("run", String.class, Supplier.class).invoke(null, method, next));
    List<String> found = new ArrayList<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!end.isDone()) {
      assertThat(System.nanoTime()).as("stuck after %s", found).isLessThan(deadline);
      Frame<?> frame = found.size() < asked.size() ? asked.get(found.size()).frame() : null;
      if (frame == null) {
        Thread.yield();
        continue;
      }
      int number = found.size();
      found.add(placeOf(frame));
      if (number == failing) {
        asked.get(number).completeExceptionally(new IllegalStateException("as planned"));
      } else {
        asked.get(number).complete(1);
      }
    }
    assertThat(end).isCompleted();
    return found;
  }

  private static String placeOf(Frame<?> frame) throws ReflectiveOperationException {
    Method table = Frame.class.getDeclaredMethod("awaitTable");
    table.setAccessible(true);
    Field state = Frame.class.getDeclaredField("state");
    state.setAccessible(true);
    Field constant = frame.getClass().getDeclaredField(FrameClass.TABLE_FIELD);
    constant.setAccessible(true);
    assertThat(constant.get(null)).as("what a heap dump has").isEqualTo(table.invoke(frame));
    String[] entries = ((String) Objects.requireNonNull(table.invoke(frame))).split("\t", -1);
    return String.join("\t", entries[0], entries[1], entries[2], entries[2 + state.getInt(frame)]);
  }

  private static final class Awaited extends Task<Integer> {
    /** The frame that is parked here. */
    @Nullable Frame<?> frame() {
      return (Frame<?>) waiterOf(this);
    }
  }
}
