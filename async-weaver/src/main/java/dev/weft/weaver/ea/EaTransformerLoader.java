package dev.weft.weaver.ea;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * Defines EA Async's transformer over the ASM that the weaver itself uses. The one bundled with it
 * refuses class files newer than Java 13.
 *
 * <p>The transformer's class files are resources of the weaver. Their package and their ASM are
 * renamed here, at run time, so that it makes no difference whether the weaver's own ASM has been
 * relocated.
 */
final class EaTransformerLoader extends ClassLoader {
  private static final String EA_PACKAGE = "com/ea/async/instrumentation/";
  private static final String EA_ASM = "com/ea/async/shaded/org/objectweb/asm/";
  private static final String OUR_PACKAGE = packageOf(EaTransformerLoader.class) + "original/";
  private static final String OUR_ASM = packageOf(ClassReader.class);

  /** Why it could not be read, if that is why there is none. */
  private static @Nullable String fault;

  private static final @Nullable Class<?> TRANSFORMER = load();

  private EaTransformerLoader() {
    super(EaTransformerLoader.class.getClassLoader());
  }

  /**
   * EA Async's {@code Transformer}.
   *
   * @throws IllegalStateException if this weaver was built without it, or its jar cannot be read
   */
  static Class<?> transformer() {
    if (TRANSFORMER == null) {
      throw new IllegalStateException(
          fault == null
              ? "EA Async's transformer is missing from the weaver's jar: it was not built by its own"
                  + " pom"
              : "EA Async's transformer cannot be read from the weaver's jar: " + fault);
    }
    return TRANSFORMER;
  }

  private static @Nullable Class<?> load() {
    String name = OUR_PACKAGE.replace('/', '.') + "Transformer";
    EaTransformerLoader loader = new EaTransformerLoader();
    // EA's classes use some of this package, and are in no module.
    EaTransformerLoader.class
        .getModule()
        .addExports(EaTransformerLoader.class.getPackageName(), loader.getUnnamedModule());
    try {
      return loader.loadClass(name);
    } catch (ClassNotFoundException e) {
      fault = e.getCause() == null ? null : e.getCause().toString();
      return null; // said of each method that it is to split, and not as an error of this class
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    String resource = "/" + name.replace('.', '/') + ".bin";
    try (InputStream in = EaTransformerLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      ClassWriter writer = new ClassWriter(0);
      new ClassReader(in).accept(new ClassRemapper(writer, new Names()), 0);
      byte[] bytes = writer.toByteArray();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private static String packageOf(Class<?> type) {
    String name = Type.getInternalName(type);
    return name.substring(0, name.lastIndexOf('/') + 1);
  }

  private static final class Names extends Remapper {
    Names() {
      super(Opcodes.ASM9);
    }

    @Override
    public String map(String internalName) {
      if (internalName.equals(EA_ASM + "tree/analysis/BasicInterpreter")) {
        return Type.getInternalName(ArrayTypes.class);
      }
      if (internalName.equals(EA_ASM + "tree/ClassNode")) {
        return Type.getInternalName(WideClass.class);
      }
      if (internalName.startsWith(EA_ASM)) {
        return OUR_ASM + internalName.substring(EA_ASM.length());
      }
      if (internalName.startsWith(EA_PACKAGE)) {
        return OUR_PACKAGE + internalName.substring(EA_PACKAGE.length());
      }
      return internalName;
    }
  }
}
