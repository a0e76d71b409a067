package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.frame.Frame;
import dev.weft.frame.HiddenFrames;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The agent's frame classes when a debugger replaces a class by one whose lines have moved: what is
 * suspended goes on in the new code, which must take the old frames.
 */
class MovedLinesTest {
  private static final String SOURCE =
      """
      package shapes;
      import static dev.weft.Async.await;
      import java.lang.invoke.MethodHandles;
      import java.util.concurrent.CompletableFuture;
      public class Shop {
        public static MethodHandles.Lookup lookup() {
          return MethodHandles.lookup();
        }
        static CompletableFuture<String> buy(CompletableFuture<String> item) {
          return dev.weft.Async.done(await(item));
        }
      }
      """;

  @ParameterizedTest
  @EnumSource(names = {"EA", "DIRECT"})
  void theFrameClassStaysTheSame(Engine engine) throws Throwable {
    WovenShape before = woven(SOURCE, engine);
    WovenShape after = woven(SOURCE.replace("public class", "\n\npublic class"), engine);
    Class<?> shop = before.load().loadClass("shapes.Shop");

    Frame<?> old = suspend(shop, suspendCall(before));
    Frame<?> replaced = suspend(shop, suspendCall(after));

    assertThat(suspendCall(after).bsmArgs).isNotEqualTo(suspendCall(before).bsmArgs);
    assertThat(replaced.getClass()).isSameAs(old.getClass());
  }

  /** The control: without it the above would hold if all frames were of one class. */
  @ParameterizedTest
  @EnumSource(names = {"EA", "DIRECT"})
  void anotherMethodsFramesAreOfAnotherClass(Engine engine) throws Throwable {
    WovenShape before = woven(SOURCE, engine);
    Class<?> shop = before.load().loadClass("shapes.Shop");

    Frame<?> buy = suspend(shop, suspendCall(before));
    Frame<?> sell = suspend(shop, suspendCall(woven(SOURCE.replace("buy", "sell"), engine)));

    assertThat(sell.getClass()).isNotSameAs(buy.getClass());
  }

  private static WovenShape woven(String source, Engine engine) {
    Shape shape = new Shape("Shop", source);
    WovenShape woven =
        new WovenShape(
            shape,
            Objects.requireNonNull(
                InMemoryCompiler.newest("-g").compile(List.of(shape)).get(shape)),
            FrameMode.HIDDEN_CLASSES,
            engine);
    assertThat(woven.diagnostics()).isEmpty();
    return woven;
  }

  private static InvokeDynamicInsnNode suspendCall(WovenShape woven) {
    ClassNode shop = new ClassNode();
    new ClassReader(Objects.requireNonNull(woven.classes().get("shapes.Shop"))).accept(shop, 0);
    for (MethodNode method : shop.methods) {
      for (AbstractInsnNode insn : method.instructions) {
        if (insn instanceof InvokeDynamicInsnNode call && call.name.equals("suspend")) {
          return call;
        }
      }
    }
    throw new AssertionError("nothing suspends in " + woven.dump());
  }

  /** Makes and parks a frame as the call does, in a class that may have replaced its own. */
  private static Frame<?> suspend(Class<?> shop, InvokeDynamicInsnNode call) throws Throwable {
    String[] chunks = Arrays.copyOfRange(call.bsmArgs, 1, call.bsmArgs.length, String[].class);
    MethodType type = MethodType.fromMethodDescriptorString(call.desc, shop.getClassLoader());
    return (Frame<?>)
        Objects.requireNonNull(
            HiddenFrames.suspend(
                    (MethodHandles.Lookup)
                        Objects.requireNonNull(shop.getMethod("lookup").invoke(null)),
                    call.name,
                    type,
                    (String) call.bsmArgs[0],
                    chunks)
                .getTarget()
                .invokeWithArguments(new Task<String>(), 1, null));
  }
}
