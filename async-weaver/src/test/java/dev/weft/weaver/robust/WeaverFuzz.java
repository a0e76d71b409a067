package dev.weft.weaver.robust;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import dev.weft.weaver.scan.ConstantPoolScan;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/**
 * What a fuzzer calls with any bytes. The weaver must give a result, name the class in what it has
 * to say where the class has a readable name, and take no more memory than there is; and if the JVM
 * accepts the class, it must accept the woven class too. How long it takes is for the fuzzer to
 * judge. Each input goes to one engine, by its hash.
 */
public final class WeaverFuzz {
  private static final Engine[] ENGINES = Engine.values();

  private WeaverFuzz() {}

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) {
    Engine engine = ENGINES[Math.floorMod(Arrays.hashCode(input), ENGINES.length)];
    ClassSource classes = ClassSource.of(WeaverFuzz.class.getClassLoader());
    Weaver weaver =
        new Weaver(classes, FrameMode.CLASS_FILES, WeaverOptions.DEFAULT.withEngine(engine));
    WeaveResult result = weaver.weave(input.clone());
    for (Diagnostic diagnostic : result.diagnostics()) {
      // Not anywhere in the message: it may quote the input, and the fuzzer tries words it has met.
      require(
          !diagnostic.message().startsWith("weaving the class takes more memory"),
          engine + " " + diagnostic);
      require(!diagnostic.file().isEmpty() || !hasName(input), engine + " " + diagnostic);
    }
    byte[] woven = result.bytes();
    // An input is one class. Where another that the JVM needs is not there, the JVM stops at that,
    // and so has not said what it thinks of the rest of the class.
    if (woven != null && refusal(input, Map.of()) == null) {
      Throwable refusal = refusal(woven, result.frames());
      if (refusal != null && !(refusal instanceof NoClassDefFoundError)) {
        throw new AssertionError(engine + " wove a class that the JVM refuses", refusal);
      }
    }
  }

  private static boolean hasName(byte[] input) {
    try {
      return !ConstantPoolScan.of(input).className().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  /** Why the JVM does not link a class and its frames; null if it does. */
  private static Throwable refusal(byte[] classFile, Map<String, byte[]> frames) {
    try {
      return new Loader().link(classFile, frames) ? null : new AssertionError("has no methods");
    } catch (LinkageError | RuntimeException e) {
      return e;
    }
  }

  private static final class Loader extends ClassLoader {
    Loader() {
      super(WeaverFuzz.class.getClassLoader());
    }

    boolean link(byte[] classFile, Map<String, byte[]> frames) {
      Class<?> type = defineClass(null, classFile, 0, classFile.length);
      for (byte[] frame : frames.values()) {
        Class<?> frameType = defineClass(null, frame, 0, frame.length);
        if (frameType.getDeclaredMethods().length == 0) {
          return false;
        }
      }
      return type.getDeclaredMethods().length > 0; // which links it, and so verifies it
    }
  }
}
