package dev.weft.weaver.generated;

import dev.weft.weaver.corpus.BlockingGenerator;
import dev.weft.weaver.jumps.FarJumps;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.SimpleRemapper;
import org.objectweb.asm.tree.ClassNode;

/** Defines the classes of one program, with assertions enabled and bytecode verified. */
final class ProgramLoader extends ClassLoader {
  private static final String ASYNC = "dev.weft.Async";
  private static final byte[] BLOCKING = blocking();

  private final Map<String, byte[]> classes;

  private ProgramLoader(Map<String, byte[]> classes) {
    super(ProgramLoader.class.getClassLoader());
    this.classes = classes;
    setDefaultAssertionStatus(true);
  }

  /** For a program in which somebody has woven the awaits. */
  static ProgramLoader woven(Map<String, byte[]> classes) {
    return new ProgramLoader(classes);
  }

  /** For a program whose awaits are to block. */
  static ProgramLoader blocking(Map<String, byte[]> classes) {
    Map<String, byte[]> all = new HashMap<>(classes);
    all.replaceAll((name, bytes) -> divided(bytes));
    all.put(ASYNC, BLOCKING);
    return new ProgramLoader(all);
  }

  /** Has the JVM verify all the classes, used or not. Initializes none. */
  void linkAll() throws ClassNotFoundException {
    for (String name : classes.keySet()) {
      Class<?> type = Class.forName(name, false, this);
      Objects.requireNonNull(type.getDeclaredMethods()); // links the class
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
      return loaded != null ? loaded : defineClass(name, bytes, 0, bytes.length);
    }
  }

  /** A class whose generators block. */
  private static byte[] divided(byte[] classFile) {
    ClassNode node = new ClassNode();
    new ClassReader(classFile).accept(node, ClassReader.EXPAND_FRAMES);
    ClassNode divided = BlockingGenerator.divide(node);
    if (divided == node) {
      return classFile;
    }
    FarJumps.widen(divided);
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    divided.accept(writer);
    return writer.toByteArray();
  }

  private static byte[] blocking() {
    String own = BlockingAsync.class.getName().replace('.', '/');
    try (InputStream in = ProgramLoader.class.getResourceAsStream("BlockingAsync.class")) {
      ClassWriter writer = new ClassWriter(0);
      new ClassReader(Objects.requireNonNull(in).readAllBytes())
          .accept(new ClassRemapper(writer, new SimpleRemapper(own, ASYNC.replace('.', '/'))), 0);
      return writer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
