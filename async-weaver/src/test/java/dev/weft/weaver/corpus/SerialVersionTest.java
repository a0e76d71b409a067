package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A class has one serialVersionUID, whatever has woven it, and if nothing has: its instances can be
 * sent between all of them.
 */
class SerialVersionTest {
  private static final Shape SHAPE =
      new Shape(
          "Serials",
          """
          package shapes;
          import static dev.weft.Async.await;
          import dev.weft.weaver.corpus.Source;
          import java.io.*;
          import java.util.concurrent.*;
          import java.util.function.*;
          public class Serials implements Serializable, Comparable<Serials> {
            static final int SEED = Integer.getInteger("seed", 1);
            private static final int HIDDEN = 2;
            private transient int cache;
            protected volatile String name = "x";
            int[] numbers = {1};
            public Serials() {}
            Serials(String name) {}
            private Serials(int n) {}
            public int compareTo(Serials other) { return 0; }
            static CompletableFuture<Object> run(Source s) { return s.of(await(s.of("x"))); }
            public synchronized String locked() { return name; }
            public CompletableFuture<Object> both(Source s, long n) {
              await(s.of(1));
              return s.of((Object) (name + n + await(s.of(2))));
            }
            private CompletableFuture<Object> own(Source s) { return s.of(await(s.of("x"))); }
            static abstract class Member<T extends Number> extends Serials implements Runnable {
              abstract T value();
              strictfp double strict() { return 1; }
              CompletableFuture<Object> run(Source s, T t) { return s.of(await(s.of(value()))); }
            }
            private final class Inner implements Serializable {
              CompletableFuture<Object> run(Source s) { return s.of(await(s.of(name))); }
            }
            static class Outside implements Externalizable {
              public Outside() {}
              public void writeExternal(ObjectOutput out) {}
              public void readExternal(ObjectInput in) {}
              CompletableFuture<Object> run(Source s) { return s.of(await(s.of(1))); }
            }
            interface Contract extends Serializable {
              default CompletableFuture<Object> run(Source s) { return s.of(await(s.of(1))); }
            }
            interface Private extends Serializable {
              private CompletableFuture<Object> run(Source s) { return s.of(await(s.of(1))); }
            }
            static class ByContract implements Contract {
              public CompletableFuture<Object> run(Source s) { return s.of(await(s.of(1))); }
            }
            static class Declared implements Serializable {
              private static final long serialVersionUID = 42;
              CompletableFuture<Object> run(Source s) { return s.of(await(s.of(1))); }
            }
            static class DeclaredAsInt implements Serializable {
              static final int serialVersionUID = 43;
              CompletableFuture<Object> run(Source s) { return s.of(await(s.of(1))); }
            }
            static class Ea implements Serializable {
              synchronized CompletableFuture<Object> run(Source s) {
                return s.of(com.ea.async.Async.await(s.of(1)));
              }
            }
            interface Made<T> extends Serializable, Supplier<T> {}
            static class Lambdas implements Serializable {
              Made<CompletableFuture<Object>> made(Source s) { return () -> s.of(await(s.of(1))); }
            }
            record Point(int x) implements Serializable {
              CompletableFuture<Object> run(Source s) { return s.of(await(s.of(x))); }
            }
            enum Color {
              RED { CompletableFuture<Object> run(Source s) { return s.of(await(s.of(1))); } };
              CompletableFuture<Object> run(Source s) { return s.of(await(s.of(name()))); }
            }
            static class Plain {
              CompletableFuture<Object> run(Source s) { return s.of(await(s.of(1))); }
            }
          }
          """);

  private static final Map<String, byte[]> COMPILED =
      Objects.requireNonNull(InMemoryCompiler.newest().compile(List.of(SHAPE)).get(SHAPE));

  static Stream<Arguments> ways() {
    return Stream.of(Engine.values())
        .flatMap(engine -> Stream.of(FrameMode.values()).map(mode -> Arguments.of(engine, mode)));
  }

  /** What the JDK has to say of each class; -1 for one that cannot be serialized. */
  private static List<String> versions(ClassLoader loader) throws ClassNotFoundException {
    List<String> versions = new ArrayList<>();
    for (String name : COMPILED.keySet()) {
      ObjectStreamClass stream = ObjectStreamClass.lookup(Class.forName(name, false, loader));
      versions.add(name + " " + (stream == null ? -1 : stream.getSerialVersionUID()));
    }
    return versions;
  }

  private static ClassLoader compiled() {
    return new ShapeLoader(ShapeRun.class.getClassLoader(), COMPILED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void everyClassKeepsItsVersion(Engine engine, FrameMode mode) throws Exception {
    WovenShape woven = new WovenShape(SHAPE, COMPILED, mode, engine);
    assertThat(woven.diagnostics()).isEmpty();
    assertThat(woven.complaints()).isEmpty();

    assertThat(versions(woven.load())).containsExactlyElementsOf(versions(compiled()));
    assertThat(woven.changedByWeavingAgain()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void objectsOfAClassThatIsNotWovenAreRead(Engine engine, FrameMode mode) throws Exception {
    ClassLoader woven = new WovenShape(SHAPE, COMPILED, mode, engine).load();

    for (List<ClassLoader> way : List.of(List.of(compiled(), woven), List.of(woven, compiled()))) {
      for (String name : List.of("shapes.Serials", "shapes.Serials$ByContract")) {
        var constructor = way.get(0).loadClass(name).getDeclaredConstructor();
        constructor.setAccessible(true);
        Object read = read(written(constructor.newInstance()), way.get(1));

        assertThat(read.getClass().getName()).isEqualTo(name);
        assertThat(read.getClass().getClassLoader()).isSameAs(way.get(1));
      }
      Object contract = read(written(way.get(0).loadClass("shapes.Serials$Contract")), way.get(1));
      assertThat(contract).isEqualTo(way.get(1).loadClass("shapes.Serials$Contract"));
    }
  }

  /**
   * The agent adds private methods, which do not count. But a synchronized method with an await of
   * EA Async's may be one no more, and that counts.
   */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void theAgentDeclaresNothingWhereTheMethodsStayAsTheyAre(Engine engine) throws Exception {
    ClassLoader woven = new WovenShape(SHAPE, COMPILED, FrameMode.HIDDEN_CLASSES, engine).load();

    assertThat(declaring(woven))
        .filteredOn(name -> !name.equals("shapes.Serials$Ea"))
        .containsExactlyElementsOf(declaring(compiled()));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void nothingIsDeclaredWhereTheJdkWouldNotLook(Engine engine) throws Exception {
    ClassLoader woven = new WovenShape(SHAPE, COMPILED, FrameMode.CLASS_FILES, engine).load();

    assertThat(declaring(woven))
        .contains("shapes.Serials", "shapes.Serials$Contract")
        .doesNotContain(
            "shapes.Serials$Plain",
            "shapes.Serials$Point",
            "shapes.Serials$Color",
            "shapes.Serials$Color$1");
  }

  private static List<String> declaring(ClassLoader loader) throws ClassNotFoundException {
    List<String> declaring = new ArrayList<>();
    for (String name : COMPILED.keySet()) {
      for (Field field : Class.forName(name, false, loader).getDeclaredFields()) {
        if (field.getName().equals("serialVersionUID")) {
          declaring.add(name);
        }
      }
    }
    return declaring;
  }

  private static byte[] written(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  private static Object read(byte[] bytes, ClassLoader loader) throws Exception {
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes)) {
          @Override
          protected Class<?> resolveClass(ObjectStreamClass type) throws ClassNotFoundException {
            return Class.forName(type.getName(), false, loader);
          }
        }) {
      return in.readObject();
    }
  }
}
