package dev.weft.weaver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Where the weaver reads other classes, to learn whether a return type is a future. It never loads
 * them.
 */
@FunctionalInterface
public interface ClassSource {
  /** The class file of an internal name, or null if it cannot be found. */
  byte @Nullable [] read(String internalName);

  /** Reads what a class loader finds; null stands for the bootstrap loader. */
  static ClassSource of(@Nullable ClassLoader loader) {
    return internalName -> {
      String resource = internalName + ".class";
      try (InputStream in =
          loader == null
              ? ClassLoader.getSystemResourceAsStream(resource)
              : loader.getResourceAsStream(resource)) {
        return in == null ? null : in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
