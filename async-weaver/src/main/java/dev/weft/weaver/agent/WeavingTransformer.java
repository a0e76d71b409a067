package dev.weft.weaver.agent;

import dev.weft.weaver.CallsBetween;
import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Names;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.scan.ConstantPoolScan;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Weaves a class when it is loaded, and again when it is redefined, so that a debugger's hot swap
 * meets the same methods. Called by the JVM on the thread that loads the class.
 */
final class WeavingTransformer implements ClassFileTransformer {
  private static final String OWN_PACKAGE = "dev/weft/weaver/";

  private final AgentOptions options;

  /**
   * The internal names of the classes that were woven when they were loaded, and which of their
   * methods have a bare entry since then, by name and descriptor. To ask a class itself for its
   * methods would load the classes of their parameters, which would pass this by: the JVM gives a
   * transformer no class that it loads.
   */
  private final Map<ClassLoader, Map<String, Set<String>>> woven =
      Collections.synchronizedMap(new WeakHashMap<>());

  WeavingTransformer(AgentOptions options) {
    this.options = options;
  }

  /**
   * The logger, looked up only when there is something to say: the lookup initializes the
   * application's logging, which may not be configured yet while an agent starts.
   */
  static System.Logger logger() {
    return System.getLogger("dev.weft.weaver.agent");
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String internalName,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    if (loader == null) {
      return null;
    }
    String name = internalName == null ? nameIn(classFile) : internalName;
    if (Names.EA_ASYNC.equals(name)) {
      // EA's own agent says so of itself: then its awaits are its own, and may block
      return Boolean.getBoolean("ea-async.running") ? null : eaWithoutBlocking(classFile);
    }
    if (!isCandidate(loader, name) || !mentionsAwait(classFile)) {
      return null;
    }
    Set<String> entries = redefined == null ? null : wovenBy(loader).get(name);
    if (redefined != null && entries == null) {
      return null; // weaving would add methods to it, and the JVM would refuse the redefinition
    }
    try {
      WeaveResult result =
          weave(
              loader,
              classFile,
              entries == null ? CallsBetween.any() : CallsBetween.ofLoaded(entries));
      for (Diagnostic diagnostic : result.diagnostics()) {
        if (diagnostic.isError()) {
          logger().log(Level.ERROR, "not woven: " + diagnostic);
        } else {
          logger().log(Level.WARNING, diagnostic.toString());
        }
      }
      if (result.bytes() != null && redefined == null) {
        wovenBy(loader).put(name, entriesIn(result));
      }
      return result.bytes();
    } catch (Throwable bug) { // the JVM would swallow it
      logger().log(Level.ERROR, "not woven: " + name.replace('/', '.'), bug);
      return null;
    }
  }

  private static Set<String> entriesIn(WeaveResult result) {
    return result.methods().stream()
        .filter(method -> method.calls().hasEntry())
        .map(method -> method.name() + method.descriptor())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static byte @Nullable [] eaWithoutBlocking(byte[] classFile) {
    try {
      return EaAsyncClass.withoutBlocking(classFile);
    } catch (RuntimeException damaged) { // the JVM will say what is wrong with it
      return null;
    }
  }

  /** The name of a class that its loader defines without saying one; empty if it is damaged. */
  private static String nameIn(byte[] classFile) {
    try {
      return ConstantPoolScan.of(classFile).className();
    } catch (IOException damaged) {
      return "";
    }
  }

  /**
   * Before anything else, so that an application's start pays for this look at most of its classes
   * and for nothing more: neither the weaver nor ASM is loaded until the first class that awaits.
   */
  private static boolean mentionsAwait(byte[] classFile) {
    try {
      ConstantPoolScan scan = ConstantPoolScan.of(classFile);
      return scan.mentionsAwait() || scan.mentionsTest() || scan.mentionsClose();
    } catch (IOException damaged) {
      return false; // the JVM will say what is wrong with it
    }
  }

  /**
   * Has EA's {@code Async} pass through {@link #transform} once more where it is loaded already,
   * for what calls it from now on.
   */
  static void replaceLoadedEaAsync(Instrumentation instrumentation) {
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (type.getName().equals(Names.EA_ASYNC.replace('/', '.'))
          && type.getClassLoader() != null) {
        try {
          instrumentation.retransformClasses(type);
        } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
          logger().log(Level.WARNING, "an un-woven await of com.ea.async may block: " + e);
        }
      }
    }
  }

  /** Logs an error for every loaded class that has awaits and was not woven. */
  void reportLoadedTooEarly(Class<?>[] loaded) {
    for (Class<?> type : loaded) {
      ClassLoader loader = type.getClassLoader();
      String internalName = type.getName().replace('.', '/');
      if (loader != null
          && isCandidate(loader, internalName)
          && !wovenBy(loader).containsKey(internalName)
          && needsWeaving(loader, internalName)) {
        logger().log(Level.ERROR, "not woven: " + type.getName() + loadedTooEarly());
      }
    }
  }

  private static String loadedTooEarly() {
    return " was loaded before the agent was attached, and the JVM adds no methods to a loaded class."
        + " Attach before the class is first used, start the JVM with -javaagent, or weave it when it"
        + " is built";
  }

  private boolean needsWeaving(ClassLoader loader, String internalName) {
    try (InputStream in = loader.getResourceAsStream(internalName + ".class")) {
      if (in == null) {
        return false; // an array, a hidden class, or one that was generated
      }
      WeaveResult result = weave(loader, in.readAllBytes(), CallsBetween.any());
      return result.bytes() != null || result.failed();
    } catch (IOException e) {
      return false;
    }
  }

  private WeaveResult weave(ClassLoader loader, byte[] classFile, CallsBetween calls) {
    return new Weaver(ClassSource.of(loader), FrameMode.HIDDEN_CLASSES, options.weaving())
        .weave(classFile, calls);
  }

  private boolean isCandidate(ClassLoader loader, String internalName) {
    return loader != ClassLoader.getPlatformClassLoader()
        && !internalName.startsWith(OWN_PACKAGE)
        && options.includes(internalName);
  }

  private Map<String, Set<String>> wovenBy(ClassLoader loader) {
    return woven.computeIfAbsent(loader, key -> new ConcurrentHashMap<>());
  }
}
