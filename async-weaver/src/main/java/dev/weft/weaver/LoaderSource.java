package dev.weft.weaver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a class loader finds, as bytes.
 *
 * @param loader null for the bootstrap loader
 */
record LoaderSource(@Nullable ClassLoader loader) implements ClassSource {
  @Override
  public byte @Nullable [] read(String internalName) {
    String resource = internalName + ".class";
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(resource)
            : loader.getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<byte[]> resources(String path) {
    List<byte[]> found = new ArrayList<>();
    try {
      for (URL url :
          Collections.list(
              loader == null ? ClassLoader.getSystemResources(path) : loader.getResources(path))) {
        try (InputStream in = url.openStream()) {
          found.add(in.readAllBytes());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }
}
