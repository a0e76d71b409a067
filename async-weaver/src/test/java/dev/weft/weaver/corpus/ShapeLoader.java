package dev.weft.weaver.corpus;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Defines the classes of one shape. They are verified like those of any application. Classes whose
 * names end in {@code $Adapter} are registered as FutureAdapters.
 */
final class ShapeLoader extends ClassLoader {
  private final Map<String, byte[]> classes;

  /**
   * @param classes class files by name, {@code shapes.Name$Inner}
   */
  ShapeLoader(ClassLoader parent, Map<String, byte[]> classes) {
    super(parent);
    this.classes = classes;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = classes.get(name);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  @Override
  protected Enumeration<URL> findResources(String resource) throws IOException {
    if (!resource.equals("META-INF/services/dev.weft.FutureAdapter")) {
      return super.findResources(resource);
    }
    String adapters =
        classes.keySet().stream()
            .filter(name -> name.endsWith("$Adapter"))
            .collect(Collectors.joining("\n"));
    return Collections.enumeration(List.of(url(resource, adapters)));
  }

  private static URL url(String path, String content) throws MalformedURLException {
    return new URL(
        null,
        "mem:///" + path,
        new URLStreamHandler() {
          @Override
          protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
              @Override
              public void connect() {}

              @Override
              public InputStream getInputStream() {
                return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
              }
            };
          }
        });
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String resource) {
    if (resource.endsWith(".class")) {
      String name = resource.substring(0, resource.length() - ".class".length()).replace('/', '.');
      byte[] bytes = classes.get(name);
      if (bytes != null) {
        return new ByteArrayInputStream(bytes);
      }
    }
    return super.getResourceAsStream(resource);
  }
}
