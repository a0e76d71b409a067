package dev.weft.weaver.corpus;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Defines the classes of one shape. They are verified like those of any application. */
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
