package dev.weft.scheduler.task;

import dev.weft.AsyncExecutor;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The class whose instances owned tasks are from Java 19 on: an {@link OwnedTask} that also
 * overrides {@code Future.state()}. The type which that returns is not there in Java 17, so no
 * class compiled for 17 can have the method: it is put together when it is first needed.
 *
 * <pre>{@code
 * final class OwnedTask$Stateful extends OwnedTask {
 *   OwnedTask$Stateful(AsyncExecutor executor, Object label, Callable body) {
 *     super(executor, label, body);
 *   }
 *
 *   public Future.State state() {
 *     askIfDone();
 *     return super.state();
 *   }
 * }
 * }</pre>
 */
final class OwnedTaskClass {
  private static final String STATE = "()Ljava/util/concurrent/Future$State;";
  private static final MethodType CONSTRUCTOR =
      MethodType.methodType(void.class, AsyncExecutor.class, Object.class, Callable.class);

  /** Null where {@link OwnedTask} itself will do. */
  private static final @Nullable MethodHandle MAKE = find();

  private OwnedTaskClass() {}

  /** A task that has not been started; see the constructor of {@link OwnedTask}. */
  @SuppressWarnings("unchecked")
  static <T extends @Nullable Object> OwnedTask<T> make(
      AsyncExecutor executor, Object label, Callable<? extends CompletionStage<T>> body) {
    if (MAKE == null) {
      return new OwnedTask<>(executor, label, body);
    }
    try {
      return (OwnedTask<T>) (OwnedTask<?>) MAKE.invokeExact(executor, label, (Callable<?>) body);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable impossible) { // the constructor declares none
      throw new IllegalStateException(impossible);
    }
  }

  private static @Nullable MethodHandle find() {
    if (Runtime.version().feature() < 19) {
      return null;
    }
    try {
      MethodHandles.Lookup made = MethodHandles.lookup().defineHiddenClass(classFile(), true);
      return made.findConstructor(made.lookupClass(), CONSTRUCTOR)
          .asType(CONSTRUCTOR.changeReturnType(OwnedTask.class));
    } catch (Throwable refused) { // a native image has an Error of its own for this
      return null;
    }
  }

  // ---- the class file: JVM specification, 4.1 (constant pool), 4.6 (methods), 4.7.3 (code)

  private static final int JAVA_17 = 61;
  private static final int FINAL = 0x0010;
  private static final int SUPER = 0x0020;
  private static final int PUBLIC = 0x0001;

  private static final int ALOAD_0 = 0x2a;
  private static final int ALOAD_1 = 0x2b;
  private static final int ALOAD_2 = 0x2c;
  private static final int ALOAD_3 = 0x2d;
  private static final int ARETURN = 0xb0;
  private static final int RETURN = 0xb1;
  private static final int INVOKEVIRTUAL = 0xb6;
  private static final int INVOKESPECIAL = 0xb7;

  private static byte[] classFile() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      String superName = OwnedTask.class.getName().replace('.', '/');
      out.writeInt(0xcafebabe);
      out.writeInt(JAVA_17);
      out.writeShort(18); // the constants are 1 to 17
      className(out, 1, superName + "$Stateful"); // 1, 2
      className(out, 3, superName); // 3, 4
      methodOfSuper(out, 5, "<init>", CONSTRUCTOR.toMethodDescriptorString()); // 5 to 8
      methodOfSuper(out, 9, "askIfDone", "()V"); // 9 to 12
      methodOfSuper(out, 13, "state", STATE); // 13 to 16
      utf8(out, "Code"); // 17
      out.writeShort(FINAL | SUPER);
      out.writeShort(2);
      out.writeShort(4);
      out.writeShort(0); // interfaces
      out.writeShort(0); // fields
      out.writeShort(2); // methods
      method(out, 0, 5, 4, ALOAD_0, ALOAD_1, ALOAD_2, ALOAD_3, INVOKESPECIAL, 0, 8, RETURN);
      method(
          out,
          PUBLIC,
          13,
          1,
          ALOAD_0,
          INVOKEVIRTUAL,
          0,
          12,
          ALOAD_0,
          INVOKESPECIAL,
          0,
          16,
          ARETURN);
      out.writeShort(0); // attributes
    } catch (IOException impossible) { // it goes to memory
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void utf8(DataOutputStream out, String text) throws IOException {
    out.writeByte(1);
    out.writeUTF(text);
  }

  /** Two constants, from the index on; the second is the class. */
  private static void className(DataOutputStream out, int index, String name) throws IOException {
    utf8(out, name);
    out.writeByte(7);
    out.writeShort(index);
  }

  /** Four constants, from the index on: the name, the descriptor, both, and the method. */
  private static void methodOfSuper(DataOutputStream out, int index, String name, String type)
      throws IOException {
    utf8(out, name);
    utf8(out, type);
    out.writeByte(12);
    out.writeShort(index);
    out.writeShort(index + 1);
    out.writeByte(10);
    out.writeShort(4);
    out.writeShort(index + 2);
  }

  /**
   * @param name the index of its name, which that of its descriptor follows
   * @param size of its stack, and of its local variables
   */
  private static void method(DataOutputStream out, int access, int name, int size, int... code)
      throws IOException {
    out.writeShort(access);
    out.writeShort(name);
    out.writeShort(name + 1);
    out.writeShort(1); // attributes
    out.writeShort(17);
    out.writeInt(12 + code.length);
    out.writeShort(size);
    out.writeShort(size);
    out.writeInt(code.length);
    for (int b : code) {
      out.writeByte(b);
    }
    out.writeShort(0); // exception handlers
    out.writeShort(0); // attributes
  }
}
