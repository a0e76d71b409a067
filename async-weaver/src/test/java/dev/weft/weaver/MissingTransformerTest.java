package dev.weft.weaver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.files.SmallProject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A weaver whose jar lacks EA Async's class files says so, and leaves no error of its own. */
class MissingTransformerTest {
  @TempDir Path root;

  /** Has the weaver's classes for itself, and nothing of EA Async's. */
  private static final class WithoutEa extends ClassLoader {
    WithoutEa() {
      super(WithoutEa.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.weft.weaver.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : findClass(name);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    @Override
    public @Nullable URL getResource(String name) {
      return name.endsWith(".bin") ? null : super.getResource(name);
    }
  }

  /** What such a weaver makes of a class with one async method. */
  private Object weave(Engine engine) throws Exception {
    SmallProject project = new SmallProject(root).compile("shop/Shop", SmallProject.SHOP);
    ClassLoader loader = new WithoutEa();
    Class<?> source = loader.loadClass(ClassSource.class.getName());
    Class<?> mode = loader.loadClass(FrameMode.class.getName());
    Class<?> engines = loader.loadClass(Engine.class.getName());
    Class<?> options = loader.loadClass(WeaverOptions.class.getName());
    Object wanted =
        options
            .getMethod("withEngine", engines)
            .invoke(
                options.getField("DEFAULT").get(null),
                engines.getMethod("named", String.class).invoke(null, engine.toString()));
    Class<?> weaver = loader.loadClass(Weaver.class.getName());
    return weaver
        .getMethod("weave", byte[].class)
        .invoke(
            weaver
                .getConstructor(source, mode, options)
                .newInstance(
                    source.getMethod("of", ClassLoader.class).invoke(null, loader),
                    mode.getField("CLASS_FILES").get(null),
                    wanted),
            (Object) Files.readAllBytes(project.classFile("shop/Shop")));
  }

  private static List<?> list(Object result, String component) throws Exception {
    return (List<?>) result.getClass().getMethod(component).invoke(result);
  }

  @Test
  void theOtherEngineTakesWhatItWouldHaveSplit() throws Exception {
    Object result = weave(Engine.AUTO);

    assertThat(list(result, "diagnostics")).isEmpty();
    assertThat(list(result, "methods"))
        .singleElement()
        .asString()
        .contains("engine=direct")
        .contains("EA Async's transformer is missing from the weaver's jar");
  }

  @Test
  void whereNoOtherMayTakeItThatIsTheError() throws Exception {
    Object result = weave(Engine.EA);

    assertThat(list(result, "diagnostics"))
        .singleElement()
        .asString()
        .contains("[WEFT030]")
        .contains("EA Async's transformer is missing from the weaver's jar");
  }
}
