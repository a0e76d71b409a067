package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** After weaving nothing of {@code com.ea.async.Async} is called any more, not even its init(). */
class EaAsyncInitTest {
  private static final String SOURCE =
      """
      package shapes;
      import com.ea.async.Async;
      import java.util.concurrent.CompletableFuture;
      class Initialised {
        static {
          Async.init();
        }
        public static void main(String[] args) {
          Async.init();
        }
        static CompletableFuture<String> run(dev.weft.weaver.corpus.Source s) {
          Async.init();
          return s.of(Async.await(s.of("x")));
        }
      }
      """;

  @Test
  void callsOfInitAreRemovedAndTheClassRuns() {
    Shape shape = new Shape("Initialised", SOURCE);
    Map<String, byte[]> compiled =
        Objects.requireNonNull(InMemoryCompiler.newest().compile(List.of(shape)).get(shape));

    WovenShape woven = new WovenShape(shape, compiled, FrameMode.CLASS_FILES, Engine.AUTO);

    assertThat(woven.diagnostics()).isEmpty();
    woven.classes().values().forEach(bytes -> assertThat(callsOfEa(bytes)).isEmpty());
    assertThat(woven.complaints()).isEmpty();
    assertThat(woven.run(Readiness.DEFERRED, 0).outcome()).isEqualTo(" -> x");
  }

  @Test
  void anInitInAClassWithoutAwaitsIsRemovedToo() {
    Shape shape =
        new Shape(
            "Starter",
            """
            package shapes;
            class Starter {
              public static void main(String[] args) {
                com.ea.async.Async.init();
                System.out.println("started");
              }
            }
            """);
    Map<String, byte[]> compiled =
        Objects.requireNonNull(InMemoryCompiler.newest().compile(List.of(shape)).get(shape));

    WovenShape woven = new WovenShape(shape, compiled, FrameMode.CLASS_FILES, Engine.AUTO);

    assertThat(woven.diagnostics()).isEmpty();
    woven.classes().values().forEach(bytes -> assertThat(callsOfEa(bytes)).isEmpty());
    assertThat(woven.complaints()).isEmpty();
    assertThat(woven.changedByWeavingAgain()).isEmpty();
  }

  private static List<String> callsOfEa(byte[] classFile) {
    List<String> calls = new ArrayList<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access,
                  String name,
                  String descriptor,
                  String signature,
                  String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitMethodInsn(
                      int opcode, String owner, String called, String desc, boolean isInterface) {
                    if (owner.startsWith("com/ea/")) {
                      calls.add(name + " calls " + owner + "." + called);
                    }
                  }

                  @Override
                  public void visitInvokeDynamicInsn(
                      String called, String desc, Handle bootstrap, Object... arguments) {
                    if (List.of(arguments).toString().contains("com/ea/")) {
                      calls.add(name + " refers to EA");
                    }
                  }
                };
              }
            },
            0);
    return calls;
  }
}
