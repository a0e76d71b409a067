package dev.weft.weaver.corpus;

import dev.weft.Async;
import dev.weft.weaver.ClassSource;
import dev.weft.weaver.jumps.FarJumps;
import dev.weft.weaver.prepare.SharedFailureGuard;
import dev.weft.weaver.verify.ClassHierarchy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.ClassNode;

/**
 * A second copy of async-api in which an await that was not woven blocks: what {@code
 * weft.await.unwoven=block} is for. A copy of its own, so that everywhere else an un-woven await
 * throws. EA Async has a stand-in here: the first un-woven await of its own attaches its agent to
 * the running JVM.
 */
final class BlockingWorld {
  private static final ClassHierarchy JDK = new ClassHierarchy(ClassSource.of(null));
  private static final String UNWOVEN = "weft.await.unwoven";
  private static final String EA_ASYNC = "com.ea.async.Async";
  private static final String EA_STAND_IN =
      """
      package com.ea.async;
      import java.util.concurrent.CompletionStage;
      public class Async {
        public static <T, F extends CompletionStage<T>> T await(F future) {
          return future.toCompletableFuture().join();
        }
      }
      """;

  private final ClassLoader loader;
  private final Method run;

  BlockingWorld() {
    try {
      loader =
          new ChildFirst(
              InMemoryCompiler.origin(Async.class), InMemoryCompiler.origin(Source.class));
      System.setProperty(UNWOVEN, "block");
      try {
        Class.forName("dev.weft.Unwoven", true, loader);
      } finally {
        System.clearProperty(UNWOVEN);
      }
      run =
          loader
              .loadClass(ShapeRun.class.getName())
              .getMethod("run", ClassLoader.class, String.class, String.class, int.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs the classes of a shape as the compiler made them. */
  Observation run(Shape shape, Map<String, byte[]> compiled, Readiness readiness, int failing) {
    try {
      Map<String, byte[]> guarded = new TreeMap<>(compiled);
      guarded.replaceAll((name, bytes) -> guarded(bytes));
      ClassLoader shapes = new ShapeLoader(loader, guarded);
      return Observation.of(
          (String[]) run.invoke(null, shapes, shape.className(), readiness.name(), failing));
    } catch (InvocationTargetException e) {
      throw new AssertionError("blocking run of " + shape + " with " + readiness, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** What the exceptions of futures that others may await have suppressed is not compared. */
  private static byte[] guarded(byte[] classFile) {
    ClassNode node = new ClassNode();
    new ClassReader(classFile).accept(node, ClassReader.EXPAND_FRAMES);
    node = BlockingGenerator.divide(node);
    node.methods.forEach(method -> SharedFailureGuard.in(method, JDK));
    FarJumps.widen(node);
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    node.accept(writer);
    return writer.toByteArray();
  }

  /** Loads {@code dev.weft} and the stand-in itself, and leaves the rest to the application. */
  private static final class ChildFirst extends URLClassLoader {
    ChildFirst(Path... origins) {
      super(urls(origins), ShapeRun.class.getClassLoader());
    }

    private static URL[] urls(Path... origins) {
      URL[] urls = new URL[origins.length];
      try {
        for (int i = 0; i < urls.length; i++) {
          urls[i] = origins[i].toUri().toURL();
        }
      } catch (MalformedURLException e) {
        throw new IllegalStateException(e);
      }
      return urls;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.weft.") && !name.equals(EA_ASYNC)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : findClass(name);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.equals(EA_ASYNC)) {
        byte[] bytes = InMemoryCompiler.newest().compile(name, EA_STAND_IN);
        return defineClass(name, bytes, 0, bytes.length);
      }
      return super.findClass(name);
    }
  }
}
