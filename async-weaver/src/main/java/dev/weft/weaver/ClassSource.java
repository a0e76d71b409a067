package dev.weft.weaver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the weaver reads other classes, to learn whether a return type is a future. It never loads
 * them.
 *
 * <pre>{@code
 * ClassSource application = ClassSource.of(ClassLoader.getSystemClassLoader());
 * Map<String, byte[]> generated = new HashMap<>(); // what no class loader has yet
 * ClassSource both =
 *     new ClassSource() {
 *       @Override
 *       public byte[] read(String name) {
 *         byte[] own = generated.get(name);
 *         return own != null ? own : application.read(name);
 *       }
 *
 *       @Override
 *       public List<byte[]> resources(String path) {
 *         return application.resources(path); // where adapters are registered
 *       }
 *     };
 * }</pre>
 */
@FunctionalInterface
public interface ClassSource {
  /** The class file of an internal name, or null if it cannot be found. */
  byte @Nullable [] read(String internalName);

  /**
   * The files of a name, in all places where classes are looked for; none if this source has
   * classes only.
   */
  default List<byte[]> resources(String path) {
    return List.of();
  }

  /** Reads what a class loader finds; null stands for the bootstrap loader. */
  static ClassSource of(@Nullable ClassLoader loader) {
    return new LoaderSource(loader);
  }
}
