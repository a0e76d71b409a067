package dev.weft.weaver.lifetimes;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Loads the {@link Interpreter} and its kind, woven, apart from everything else. */
final class WovenInterpreter extends ClassLoader {
  private final Map<String, byte[]> classes = new HashMap<>();

  private WovenInterpreter(Weaving weaving) throws IOException {
    super(Interpreter.class.getClassLoader());
    Weaver weaver =
        new Weaver(
            ClassSource.of(getParent()),
            weaving.frames(),
            WeaverOptions.DEFAULT.withEngine(weaving.engine()));
    for (Class<?> original : List.of(Interpreter.class, FamilyInterpreter.class)) {
      for (String name : List.of(original.getName(), original.getName() + "$1")) {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
          if (in != null) {
            add(name, in.readAllBytes(), weaver);
          }
        }
      }
    }
  }

  private void add(String name, byte[] compiled, Weaver weaver) {
    WeaveResult result = weaver.weave(compiled);
    for (Diagnostic diagnostic : result.diagnostics()) {
      if (diagnostic.isError()) {
        throw new AssertionError(diagnostic.toString());
      }
    }
    byte[] woven = result.bytes();
    classes.put(name, woven == null ? compiled : woven);
    result.frames().forEach((frame, bytes) -> classes.put(frame.replace('/', '.'), bytes));
  }

  static Program by(Weaving weaving) {
    try {
      Class<?> woven =
          Class.forName(Interpreter.class.getName(), true, new WovenInterpreter(weaving));
      return (Program) woven.getConstructor().newInstance();
    } catch (ReflectiveOperationException | IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    byte[] bytes = classes.get(name);
    if (bytes == null) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return Objects.requireNonNullElseGet(loaded, () -> defineClass(name, bytes, 0, bytes.length));
    }
  }
}
